"""Why a machine came no further: what the capture shows of the stage that is missing, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.firmware_words import message_in
from edgeboot.report.machine_boot.loop import loop_in
from edgeboot.report.machine_boot.on_the_wire import (
    WireFact,
    about_a_decline,
    about_a_signature,
    about_boot_servers,
    about_downloads,
    about_offers,
    about_the_file,
    about_the_lease,
)
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.watched import Watched


def why(watched: Watched, missing: BootStage, at_fault: Round | None) -> tuple[WireFact, ...]:
    """Facts about the missing stage; none where the capture does not show a reason.

    Args:
        watched: what was seen of the machine.
        missing: the first expected stage that it did not reach.
        at_fault: the round that should have reached it; None without a DHCPDISCOVER.
    """
    if missing <= BootStage.DISCOVER:
        return tuple(_before_dhcp(watched))
    if at_fault is None:
        return ()
    return tuple(_ABOUT[missing](watched, at_fault))


def _before_dhcp(watched: Watched) -> Iterator[WireFact]:
    count = len(watched.traffic.own)
    seen = f"{count} frames" if count else "no frame"
    told = f"{seen} of {watched.mac} passed {watched.place}{', no DHCPDISCOVER' if count else ''}"
    yield WireFact("machine", None, f"{told}; {watched.says}" if watched.says else told)


def _offer(_: Watched, each: Round) -> Iterator[WireFact]:
    return about_offers(each)


def _ack(_: Watched, each: Round) -> Iterator[WireFact]:
    return about_the_lease(each.traffic)


def _file(_: Watched, each: Round) -> Iterator[WireFact]:
    traffic = each.traffic
    yield from about_a_decline(traffic)
    yield from about_boot_servers(traffic)
    yield from about_downloads(traffic)
    if not (traffic.boot_requests or traffic.downloads or traffic.asked_by_arp - {traffic.address}):
        yield WireFact("bootfile", None, "after the DHCPACK it asked no boot server, and for no file")


def _started(watched: Watched, each: Round) -> Iterator[WireFact]:
    faults = tuple(about_the_file(each))
    said = (message_in(line.text) for line in watched.console)
    if any(message is not None and message.refuses_signature for message in said):
        yield from about_a_signature(each, faults)
    else:
        yield from faults


def _second_round(_: Watched, each: Round) -> Iterator[WireFact]:
    if not each.is_ipxe:
        yield WireFact("machine", None, "no DHCPDISCOVER of iPXE followed the start of the boot file")


def _script(watched: Watched, each: Round) -> Iterator[WireFact]:
    found = loop_in(watched.rounds)
    if found is not None:
        yield WireFact("bootfile", found.url, str(found))
        return
    if not each.traffic.sent(MessageType.DHCPREQUEST):
        yield from about_offers(each)
    yield from about_the_lease(each.traffic)
    yield from about_downloads(each.traffic)


def _kernel(_: Watched, each: Round) -> Iterator[WireFact]:
    return about_downloads(each.traffic)


_ABOUT: Final[dict[BootStage, Callable[[Watched, Round], Iterator[WireFact]]]] = {
    BootStage.OFFER: _offer,
    BootStage.ACK: _ack,
    BootStage.BOOT_SERVER_4011: _file,
    BootStage.FILE: _file,
    BootStage.STARTED: _started,
    BootStage.SECOND_ROUND: _second_round,
    BootStage.SCRIPT: _script,
    BootStage.KERNEL: _kernel,
}
