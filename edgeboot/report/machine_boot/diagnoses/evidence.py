"""The packets that a diagnosis rests on, and who has sent them."""

from __future__ import annotations

from collections.abc import Iterable

from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Evidence
from edgeboot.report.machine_boot.download import Download
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


def shown_by(*passed: PassedMessage) -> tuple[Evidence, ...]:
    """These messages."""
    return tuple(Evidence(each.frame.number, each.at, _what(each)) for each in passed)


def shown_by_download(traffic: MachineTraffic, each: Download) -> tuple[Evidence, ...]:
    """The packet that asked for it, and the last of what followed."""
    asked = Evidence(_number(traffic, each.at), each.at, f"request for {each.url}")
    last = Evidence(_number(traffic, each.ended), each.ended, "the last packet of it")
    # Of a long transfer not every packet is kept.
    unknown = bool(asked.number) and not last.number
    return (asked,) if unknown or each.ended == each.at else (asked, last)


def sender_of(passed: PassedMessage) -> Sender:
    """The source of its datagram and of its frame."""
    return Sender(passed.datagram.source, passed.datagram.source_mac)


def times(passed: Iterable[PassedMessage], began: float) -> str:
    """When they passed, in seconds after a moment."""
    return ", ".join(f"{each.at - began:.1f}" for each in passed)


def _what(each: PassedMessage) -> str:
    return f"{each.message.name} from {each.datagram.sender}, xid {each.message.shown_xid}"


def _number(traffic: MachineTraffic, at: float) -> int:
    return next((frame.number for frame in traffic.frames if frame.at == at), 0)
