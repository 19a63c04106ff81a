"""A capture of days: a machine that starts again every morning is judged by its last boot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame
from edgeboot.report.machine_boot.boots import last_boot
from edgeboot.report.machine_boot.rounds import rounds
from tests.unit.node.test_pe_image import image
from tests.unit.report.machine_boot.diagnoses.frames import kinds
from tests.unit.report.machine_boot.frames import FILE, FROM, IPXE, asked, fetched, leased, offered, traffic
from tests.unit.samples import XID

HTTP: Final = DhcpOption(Code.CLIENT_SYSTEM_ARCHITECTURE, b"\0\x10")
DAY: Final = 86_400.0
BOOT: Final = (
    *leased(1.0),
    *fetched(2.0, image()),
    *leased(9.0, IPXE),
    *fetched(13.0, b"#!ipxe", "boot.ipxe"),
)


def after(frames: Iterable[Frame], seconds: float) -> list[Frame]:
    """The same so much later."""
    return [replace(frame, at=frame.at + seconds) for frame in frames]


def test_machine_that_boots_every_day_has_no_loop() -> None:
    """The same script comes each time."""
    assert kinds((*BOOT, *after(BOOT, DAY)), ends=2 * DAY) == []


def test_boot_of_yesterday_does_not_hide_that_of_today() -> None:
    """Nobody answers any more."""
    today = [asked(MessageType.DHCPDISCOVER, DAY + at) for at in (1.0, 5.0)]
    assert kinds((*BOOT, *today), ends=2 * DAY) == ["no-answer"]


def test_machine_that_is_started_anew_an_hour_later_has_not_refused_its_file() -> None:
    """Its program has run for so long."""
    program = (*leased(1.0), *fetched(2.0, image()))
    assert kinds((*program, *after(program, 3600)), ends=DAY) == []


def test_firmware_that_goes_on_at_once_has_refused_its_file() -> None:
    """Or its program has ended."""
    program = (*leased(1.0), *fetched(2.0, image()))
    assert kinds((*program, asked(MessageType.DHCPDISCOVER, 4.0, HTTP))) == ["file-gave-back"]


def test_ipxe_that_starts_slowly_is_of_the_same_boot() -> None:
    """A file of its own, from a slow disk or by a slow processor."""
    slow = (*leased(1.0), *fetched(2.0, image()), *leased(90.0, IPXE))
    assert len(last_boot(rounds(traffic(*slow)))) == 2


def test_client_that_is_started_again_at_once_has_left_no_offer() -> None:
    """It asks by another xid, long before its own wait is over: that it waits shows nothing of the offer."""
    begun = (asked(MessageType.DHCPDISCOVER, 1.0), offered(1.01, FROM, FILE))
    assert kinds((*begun, asked(MessageType.DHCPDISCOVER, 1.1, xid=XID + 1)), ends=1.2) == []
    assert kinds((*begun, asked(MessageType.DHCPDISCOVER, 4.5, xid=XID + 1)), ends=5.0) == ["offer-lost"]
