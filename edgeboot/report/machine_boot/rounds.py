"""The rounds of a boot: each client that asks for an address anew, firmware first, then what it started.

A DHCPDISCOVER that is sent again belongs to the round of the first one. Firmware that goes on to its next
boot option, such as from PXE to HTTP Boot, begins a round by another architecture (option 93); so does iPXE.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from edgeboot.dhcp.message import BOOTREQUEST
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.host.wire.frame import Frame
from edgeboot.report.machine_boot.download import Download, Ending
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

Kind = tuple[bool, bytes | None]
"""Whether it is iPXE, and option 93."""


@dataclass(frozen=True)
class Round:
    """One client's way from its first DHCPDISCOVER to the next client's."""

    traffic: MachineTraffic
    """From its first DHCPDISCOVER on."""
    is_ipxe: bool
    architecture: int | None
    """Option 93; None without one."""

    @property
    def began(self) -> float:
        """When its first DHCPDISCOVER passed, in seconds since the epoch; without one, its first message."""
        messages = self.traffic.sent(MessageType.DHCPDISCOVER) or self.traffic.messages
        return messages[0].at if messages else 0.0

    @cached_property
    def fetched(self) -> tuple[Download, ...]:
        """The files that came whole."""
        return tuple(each for each in self.traffic.downloads if each.ending is Ending.WHOLE)

    @property
    def depth(self) -> int:
        """How far it came: 0 for a DHCPDISCOVER alone, 4 for a whole file."""
        traffic = self.traffic
        steps = (
            bool(traffic.sent(MessageType.DHCPREQUEST)),
            bool(traffic.received(MessageType.DHCPACK)),
            bool(traffic.boot_answers or traffic.downloads),
            bool(self.fetched),
        )
        return max((number for number, done in enumerate(steps, 1) if done), default=0)


def rounds(traffic: MachineTraffic) -> tuple[Round, ...]:
    """The rounds in the order of their beginning; none without a DHCPDISCOVER.

    A reply belongs to the round that has sent its xid, however late it comes; what has none to its time.
    """
    firsts = tuple(_firsts(traffic))
    begins = [first.at for first in firsts]
    parts = [_Part() for _ in firsts]
    asked: dict[int, int] = {}
    places: dict[int, int] = {}
    for each in traffic.messages:
        number = bisect_right(begins, each.at) - 1
        if each.message.op == BOOTREQUEST and number >= 0:
            asked[each.message.xid] = number
        elif each.message.op != BOOTREQUEST:
            number = asked.get(each.message.xid, number)
        places |= dict.fromkeys(map(id, (each.frame, *each.frame.fragments)), number)
        if number >= 0:
            parts[number].messages.append(each)
    for frame in traffic.frames:
        if (number := places.get(id(frame), bisect_right(begins, frame.at) - 1)) >= 0:
            parts[number].frames.append(frame)
    for download in traffic.downloads:
        if (number := bisect_right(begins, download.at) - 1) >= 0:
            parts[number].downloads.append(download)
    return tuple(
        Round(part.of(traffic), first.message.is_of_ipxe, first.message.architecture)
        for first, part in zip(firsts, parts, strict=True)
    )


@dataclass(slots=True)
class _Part:
    """What of a machine's traffic is of one round."""

    frames: list[Frame] = field(default_factory=list)
    messages: list[PassedMessage] = field(default_factory=list)
    downloads: list[Download] = field(default_factory=list)

    def of(self, traffic: MachineTraffic) -> MachineTraffic:
        """As traffic of its own; the whole, of which much may have been read, where this is all of it."""
        fetched, read = tuple(self.downloads), tuple(self.messages)
        parts, whole = (self.frames, read, fetched), (traffic.frames, traffic.messages, traffic.downloads)
        if all(len(part) == len(all_of_it) for part, all_of_it in zip(parts, whole, strict=True)):
            return traffic
        return replace(traffic, frames=self.frames, fetched=fetched, read=read)


def furthest(every: tuple[Round, ...], architecture: int | None = None) -> Round | None:
    """The round that tells why a machine came no further: the last one of iPXE, else the deepest.

    Args:
        every: of a machine, in their order.
        architecture: option 93 of the client that should boot; rounds of others count only without it.
    """
    own = tuple(each for each in every if each.is_ipxe or architecture in {None, each.architecture}) or every
    ipxe = tuple(each for each in own if each.is_ipxe)
    return ipxe[-1] if ipxe else max(own, key=lambda each: each.depth, default=None)


def _firsts(traffic: MachineTraffic) -> Iterator[PassedMessage]:
    """The DHCPDISCOVERs that begin a round: of another kind than the last, or after an address was given."""
    last: PassedMessage | None = None
    for each in traffic.sent(MessageType.DHCPDISCOVER):
        given = last is not None and any(
            last.at <= ack.at < each.at for ack in traffic.received(MessageType.DHCPACK)
        )
        # A clock that was set back, or packets without a time, begin no round: it would hold no packet.
        is_later = last is None or each.at > last.at
        if is_later and (last is None or given or _kind(each) != _kind(last)):
            last = each
            yield each


def _kind(each: PassedMessage) -> Kind:
    return each.message.is_of_ipxe, each.message.options.get(OptionCode.CLIENT_SYSTEM_ARCHITECTURE)
