"""A BMC that does not do what it is asked: one line with machine, question, answer and mend."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from edgeboot.host.journal import Journal
from edgeboot.machines.protocol import MachineError
from edgeboot.machines.redfish.machine import RedfishMachine
from tests.bmc.bmc import MAC, PASSWORD, Bmc, emulator
from tests.bmc.defects import Defect
from tests.bmc.slow_proxy import slow_proxy

pytestmark = pytest.mark.bmc


def error_of(verb: Callable[[], object]) -> str:
    """What the verb raises, which is never the password."""
    with pytest.raises(MachineError) as raised:
        verb()
    text = str(raised.value)
    assert PASSWORD not in text
    return text


EVENT_LOG = "read the BMC's event log"
ORDERS: Final = {
    (Defect.STAYS_OFF, "power_on"): (
        "to power on; .* accepted reset On, and after 2 s says: power is off; " + EVENT_LOG
    ),
    (Defect.SAYS_ON, "power_off"): (
        "to power off; .* accepted reset ForceOff, and after 2 s says: power is on; " + EVENT_LOG
    ),
    (Defect.REFUSES_POWER, "power_on"): (
        "to power on; .* answers HTTP 500: .*Power supply 1 has failed; " + EVENT_LOG
    ),
    (Defect.IGNORES_BOOT, "boot_network_once"): (
        r"to boot from the network once; .* accepted boot override Pxe \(Once\), and after 2 s says: "
        r"boot override is Hdd \(Continuous\); update the BMC's firmware, or set the boot order"
    ),
}
"""What is wrong, what is asked, and what is told."""


@pytest.mark.parametrize("defect,verb", ORDERS)
def test_a_bmc_that_does_not_do_it_is_not_believed(
    tmp_path: Path, journal: Journal, defect: Defect, verb: str
) -> None:
    """Accepted is not done."""
    with emulator(tmp_path, DEFECT=defect.value) as bmc:
        machine = RedfishMachine(bmc.entry(), journal)
        text = error_of(getattr(machine, verb))
    assert re.search(f"machine node-7: was asked {ORDERS[defect, verb]}", text)


@pytest.mark.parametrize(
    "field,value,problem",
    [
        (
            "username",
            "root",
            r"refuses user root \(HTTP 401\); correct username, or the password in .*/password",
        ),
        ("ca_file", None, "has a certificate that is not trusted: .*; name the certificate of who signed it"),
        ("system", "/redfish/v1/Systems/2", r"has 1 systems .*, and none is .*/2; state its path as system"),
        (
            *("mac", "52:54:00:00:00:08"),
            f"is another machine's: its interfaces are {MAC}, none is 52:54:00:00:00:08; correct url, system",
        ),
    ],
)
def test_a_wrong_inventory_is_told_by_its_field(
    bmc: Bmc, journal: Journal, field: str, value: str | None, problem: str
) -> None:
    """Before anything is switched."""
    text = error_of(RedfishMachine(bmc.entry(**{field: value}), journal).power_on)
    assert re.search(rf"machine node-7: was asked what it is; its BMC {bmc.url} {problem}", text)


def test_a_wrong_password_is_tried_once(bmc: Bmc, journal: Journal) -> None:
    """BMCs lock an account after some attempts."""
    (bmc.directory / "password").write_text("swordfish\n", encoding="utf-8")
    text = error_of(RedfishMachine(bmc.entry(), journal).power_on)
    assert re.search(r"refuses user edgeboot \(HTTP 401\); correct username, or the password in ", text)
    log = (bmc.directory / "emulator.log").read_text(encoding="utf-8")
    assert log.count(" 401 ") == 1


def test_a_certificate_with_another_name_is_not_trusted(tmp_path: Path, journal: Journal) -> None:
    """Whoever answers there may be anybody."""
    with emulator(tmp_path, name="bmc-8.example") as bmc:
        text = error_of(RedfishMachine(bmc.entry(), journal).power_on)
    assert re.search("not trusted: .*mismatch.*; state url with the name that the certificate has", text)


def test_stated_insecurity_is_taken(tmp_path: Path, journal: Journal) -> None:
    """It says so in the inventory, where the operator reads it."""
    with emulator(tmp_path, name="bmc-8.example") as bmc:
        RedfishMachine(bmc.entry(ca_file=None, insecure=True), journal).power_on()


def test_a_bmc_that_answers_too_late_is_told_with_the_limit(bmc: Bmc, journal: Journal) -> None:
    """And how to allow more."""
    with slow_proxy(bmc.url, 5) as url:
        text = error_of(RedfishMachine(bmc.entry(url=url, answer_within="1s"), journal).power_on)
    assert re.search("has not answered within 1 s; allow more by answer_within, or restart the BMC", text)


def test_a_bmc_that_is_not_there_is_told_with_its_url(bmc: Bmc, journal: Journal) -> None:
    """Nobody listens on that port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
    text = error_of(RedfishMachine(bmc.entry(url=url), journal).power_on)
    assert re.search(f"its BMC {url} refuses the connection; check url", text)
