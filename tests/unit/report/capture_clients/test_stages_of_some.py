"""Stages that only some boots have: the ARP probe, a name, TLS, and the system that asks behind the file."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.machine_boot.boot_stage import BootStage
from tests.unit.report.capture_clients.captured import clients_of
from tests.unit.report.capture_clients.test_beside import arp
from tests.unit.report.capture_clients.test_encrypted import OPENED, RECORD
from tests.unit.report.captured import ADDRESS, BOOT_MAC
from tests.unit.report.machine_boot.diagnoses.frames import question
from tests.unit.report.machine_boot.frames import asked, fetched, leased, tcp
from tests.unit.samples import NODE

NOBODY: Final = IPv4Address(0)
PROBE: Final = arp(2.0, NODE.mac, NOBODY, ADDRESS)
CLASS: Final = DhcpOption(Code.VENDOR_CLASS_IDENTIFIER, b"MSFT 5.0")
NO_ARCHITECTURE: Final = DhcpOption(Code.CLIENT_SYSTEM_ARCHITECTURE, b"")


def told(*frames: Frame) -> dict[BootStage, str]:
    """What was seen of each stage of the node, which has a lease."""
    [story] = explained(clients_of((*leased(1.0), *frames)))
    return {each.stage: each.what for each in story.stages}


def claim(mac: MacAddress) -> Frame:
    """A machine says that it has the node's address."""
    return arp(2.1, mac, ADDRESS, ADDRESS, "is-at")


@pytest.mark.parametrize(
    "frames, stage, what",
    [
        ([PROBE], BootStage.PROBED, "asks by ARP for 192.168.99.100: nobody says that it has it"),
        ([PROBE, claim(BOOT_MAC)], BootStage.PROBED, f"asks by ARP for 192.168.99.100: {BOOT_MAC} has it"),
        (
            [question(2.0, "boot.example"), question(2.1, "boot.example", answer="192.168.99.40")],
            BootStage.NAME,
            "boot.example is 192.168.99.40, says 192.168.99.10",
        ),
        ([*OPENED, tcp(2.3, RECORD, 500, answer=True)], BootStage.TLS, "with port 80 of 192.168.99.40"),
        (
            [*fetched(2.0, b"MZ"), asked(MessageType.DHCPDISCOVER, 9.0, NO_ARCHITECTURE, CLASS)],
            BootStage.SYSTEM,
            "DHCPDISCOVER of Windows",
        ),
    ],
    ids=["probe", "conflict", "name", "TLS", "system"],
)
def test_stage_is_told_with_what_shows_it(frames: Iterable[Frame], stage: BootStage, what: str) -> None:
    """By its packets."""
    assert told(*frames)[stage] == what


@pytest.mark.parametrize(
    "frames, stage",
    [
        ([arp(0.5, NODE.mac, NOBODY, ADDRESS)], BootStage.PROBED),
        ([question(2.0, "boot.example"), question(2.1, "boot.example", code=3)], BootStage.NAME),
        (OPENED, BootStage.TLS),
        ([asked(MessageType.DHCPDISCOVER, 9.0, NO_ARCHITECTURE, CLASS)], BootStage.SYSTEM),
    ],
    ids=["probe before the lease", "name that is not known", "no answer to ClientHello", "no file before"],
)
def test_what_was_not_reached_is_no_stage(frames: Iterable[Frame], stage: BootStage) -> None:
    """The diagnoses tell of it, where it matters."""
    assert stage not in told(*frames)
