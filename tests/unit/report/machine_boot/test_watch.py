"""A watch from a machine's start to the end of its test: what the report has, whatever the test failed by."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any

import pytest

from edgeboot.base.deadline import Deadline
from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.machines.console import Console
from edgeboot.machines.protocol import MachineError, PowerState
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.check import MachineCheck
from edgeboot.report.machine_boot.heard_beside import HeardBeside
from edgeboot.report.machine_boot.text import text
from edgeboot.report.machine_boot.unseen import unseen_at_a_site
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.server.log import ServerLog
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.unit.node.test_pe_image import image
from tests.unit.report.machine_boot.frames import fetched, leased
from tests.unit.samples import NODE


@dataclass
class Given:
    """A source of frames that gives these once."""

    frames: list[Frame] = field(default_factory=list)

    def pending(self) -> list[Frame]:
        """What is left."""
        given, self.frames = self.frames, []
        return given

    def collect(self, _: Deadline) -> list[Frame]:
        """The same, without waiting."""
        return self.pending()


@dataclass
class Stub:
    """A machine that does what it is told, or refuses it."""

    refuses: bool = False
    name: str = "node-7"
    mac: MacAddress = NODE.mac
    firmware: str = "firmware"
    console: Console = field(default_factory=Console)

    def power_on(self) -> None:
        """Nothing, or an error."""
        if self.refuses:
            raise MachineError(self.name, "was asked to power on; its BMC says: no", "see its BMC")

    reset = power_off = boot_network_once = power_on

    def power_state(self) -> PowerState:
        """Off."""
        return PowerState.OFF

    def screenshot(self) -> bytes:
        """A picture."""
        return b"PNG"


class Checks(MachineCheck):
    """By the contract of a profile."""

    contract = load_contract(contract_path("poc-fixed"))


def watch_of(machine: Stub, source: Given, **more: Any) -> MachineWatch:
    """One of that machine."""
    log = ServerLog()
    return MachineWatch(machine, source, log, log, **more)


def test_machine_that_is_not_switched_on_is_told_at_power_on() -> None:
    """By the words of what switches it."""
    watch = watch_of(Stub(refuses=True), Given())
    with pytest.raises(MachineError):
        watch.power_on()
    watch.keep_failed()
    [record] = watch.records
    assert (record.missing, record.screenshot) == (BootStage.POWER, "screen-node-7.png")
    assert "(firmware) did not start: no power on; was asked to power on; its BMC says: no" in text(record)


def test_test_that_failed_by_something_else_has_a_record_all_the_same() -> None:
    """What was seen until then, with a picture of the screen; one record, however often it is asked for."""
    source = Given()
    watch = watch_of(Stub(), source)
    watch.keep_failed()
    assert watch.records == []
    watch.power_on()
    source.frames = list(leased(1.0))
    watch.keep_failed()
    assert [(each.missing, each.reached, each.screenshot) for each in watch.records] == [
        (None, BootStage.ACK, "screen-node-7.png")
    ]


@pytest.mark.parametrize("error", [OSError(9, "Bad file descriptor"), LabError("lab", "is gone", "see it")])
def test_port_that_is_gone_leaves_what_was_seen_before(error: Exception) -> None:
    """A test may have failed by that: its record must not end the run."""

    class Gone(Given):
        def pending(self) -> list[Frame]:
            raise error

    source = Given()
    watch = watch_of(Stub(), source)
    watch.power_on()
    source.frames = list(leased(1.0))
    assert watch.watched.frames
    watch.port = Gone()
    watch.keep_failed()
    assert [each.reached for each in watch.records] == [BootStage.ACK]


def test_stages_that_cannot_be_seen_are_not_expected() -> None:
    """Those of a site's machine, whose boot server is another host, end with the DHCPACK."""
    source, contract = Given(), Checks.contract
    watch = watch_of(Stub(), source, unseen=unseen_at_a_site(contract, has_console=False))
    watch.power_on()
    source.frames = list(leased(1.0))
    boot = Checks().reaches(watch, BootStage.STARTED)
    assert boot.expected == (BootStage.POWER, BootStage.DISCOVER, BootStage.OFFER, BootStage.ACK)
    assert "boot file started" in text(boot)


def test_unsigned_file_is_refused_where_secure_boot_is_on() -> None:
    """Where the file was seen, that is known before anybody looks at the screen."""
    source, check = Given(), Checks()
    watch = watch_of(Stub(), source)
    watch.power_on()
    source.frames = [*leased(1.0), *fetched(2.0, image())]
    check.can_start(watch, secure_boot=False)
    with pytest.raises(
        AssertionError, match=r"node-7 starts signed files only, and will refuse this unsigned"
    ):
        check.can_start(watch, secure_boot=True)


def test_what_is_sent_to_everybody_is_heard_once() -> None:
    """At the listener; what is for one machine alone at the server's port."""
    discover, offer, *_ = leased(1.0)
    alone = Frame(NODE.mac.packed + offer.octets[6:], offer.at)
    heard = HeardBeside(Given([discover]), lambda: (discover, alone))  # type: ignore[arg-type]
    assert heard.pending() == [discover, alone]


def test_server_whose_offer_was_taken_is_known_by_the_request() -> None:
    """Option 54 names it."""
    source = Given()
    watch = watch_of(Stub(), source)
    watch.power_on()
    source.frames = list(leased(1.0))
    assert watch.watched.traffic.chosen_server == IPv4Address("192.168.99.10")
