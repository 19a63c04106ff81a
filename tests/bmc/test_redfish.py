"""A BMC that does what it is asked: power, the network boot, and everything as it was found."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path

import pytest

from edgeboot.host.journal import Journal
from edgeboot.labs.clean import clean
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.machine import RedfishMachine
from edgeboot.machines.redfish.orders import look_at
from edgeboot.machines.starting import told_of
from tests.bmc.bmc import PASSWORD, USER, Bmc, emulator
from tests.bmc.slow_proxy import slow_proxy

pytestmark = pytest.mark.bmc


def test_a_bmc_switches_its_machine(bmc: Bmc, journal: Journal) -> None:
    """Off, on, restarted; what the BMC says is what was asked."""
    machine = RedfishMachine(bmc.entry(), journal)
    assert machine.power_state() is PowerState.OFF
    machine.power_on()
    machine.power_on()
    assert machine.power_state() is PowerState.ON
    machine.reset()
    assert machine.power_state() is PowerState.ON
    machine.power_off()
    assert machine.power_state() is PowerState.OFF
    assert machine.firmware == "Sushy Emulator firmware unknown"


def test_another_process_puts_a_machine_back(bmc: Bmc, tmp_path: Path) -> None:
    """``edgeboot clean`` after a killed run: boot override and power as found, the password by its file."""
    entry = bmc.entry()
    found = look_at(entry)
    journal = Journal("killed", tmp_path / "journals")
    machine = RedfishMachine(entry, journal)
    machine.boot_network_once()
    machine.power_on()
    assert look_at(entry).boot.target == "Pxe"
    journal._file.close()  # noqa: SLF001 - as the kernel does when its process is killed
    removed = clean(tmp_path / "journals")
    assert (
        str(removed[0]) == "change of machine node-7, found with boot override Hdd (Continuous) and power off"
    )
    assert (look_at(entry).boot, look_at(entry).power) == (found.boot, PowerState.OFF)


def test_a_machine_that_was_on_is_restarted_with_its_own_boot_order(bmc: Bmc, journal: Journal) -> None:
    """It would stay in the network's boot program otherwise."""
    entry = bmc.entry()
    RedfishMachine(entry, journal).power_on()
    with Journal("second", journal.path.parent / "second") as second:
        machine = RedfishMachine(entry, second)
        machine.boot_network_once()
        machine.reset()
    assert (look_at(entry).power, look_at(entry).boot.target) == (PowerState.ON, "Hdd")


@pytest.mark.parametrize(
    "found,power",
    [
        ({"boot_device": "None"}, PowerState.OFF),
        ({"power_state": "PoweringOff"}, PowerState.OFF),
        ({"power_state": "PoweringOn"}, PowerState.ON),
    ],
)
def test_a_machine_that_was_on_its_way_or_had_no_override_is_put_back(
    tmp_path: Path, found: dict[str, str], power: PowerState
) -> None:
    """No boot override is one to be put back, and a machine is going to be on or off."""
    with emulator(tmp_path, found=found) as bmc:
        before = look_at(bmc.entry()).boot
        with Journal("test", tmp_path / "journal") as journal:
            machine = RedfishMachine(bmc.entry(), journal)
            machine.boot_network_once()
            machine.reset()
            assert look_at(bmc.entry()).boot.target == "Pxe"
        after = look_at(bmc.entry())
    assert (after.power, after.boot.is_none) == (power, before.is_none)


def test_nothing_that_is_written_has_the_password(
    bmc: Bmc, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the journal nor what any library logs at its most talkative."""
    caplog.set_level(logging.DEBUG)
    machine = RedfishMachine(bmc.entry(), journal)
    machine.boot_network_once()
    machine.power_on()
    entries = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    assert [entry["kind"] for entry in entries] == ["Redfish machine", "Redfish machine"]
    assert caplog.records
    written = caplog.text + json.dumps(entries) + repr(machine)
    assert PASSWORD not in written
    assert base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode() not in written


def test_a_slow_bmc_is_waited_for(bmc: Bmc, journal: Journal) -> None:
    """As long as ``answer_within`` allows."""
    with slow_proxy(bmc.url, 0.5) as url:
        machine = RedfishMachine(bmc.entry(url=url, power_within="30s"), journal)
        machine.power_on()
        assert machine.power_state() is PowerState.ON


def test_a_bmc_says_how_far_a_boot_has_come(tmp_path: Path, journal: Journal) -> None:
    """Where it does, a machine that did not ask for an address is told with it."""
    progress = {"LastState": "MemoryInitializationStarted", "LastStateTime": "2026-01-02T03:04:05Z"}
    with emulator(tmp_path, BOOT_PROGRESS=progress) as bmc:
        machine = RedfishMachine(bmc.entry(), journal)
        told = "it says that its power is off, and its boot: MemoryInitializationStarted since 03:04:05"
        assert told_of(machine) == told


def test_a_bmc_that_does_not_say_how_far_a_boot_has_come_says_its_power(bmc: Bmc, journal: Journal) -> None:
    """And one that has gone says nothing."""
    machine = RedfishMachine(bmc.entry(), journal)
    assert machine.boot_progress() is None
    assert told_of(machine) == "it says that its power is off"
    assert told_of(RedfishMachine(bmc.entry(username="root"), journal)).startswith(
        "it does not answer: was asked"
    )
