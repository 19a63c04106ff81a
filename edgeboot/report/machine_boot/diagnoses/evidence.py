"""The packets that a diagnosis rests on, and who has sent them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from edgeboot.report.machine_boot.diagnoses.diagnosis import Evidence
from edgeboot.report.machine_boot.download import Download
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

_FIRST: Final = 3
"""Of what came again and again, so many are told from the beginning, and the last."""
_MOST: Final = 8
"""That are told in full: the longest way of a client from its DHCPDISCOVER to a file is shorter."""


def shown_by(*passed: PassedMessage) -> tuple[Evidence, ...]:
    """These messages; of very many the first, the last, and how many there are."""
    return few([Evidence(each.frame.number, each.at, _what(each)) for each in passed])


def few(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The same; of very many the first, the last, and how many there are."""
    if len(evidence) <= _MOST:
        return tuple(evidence)
    last = replace(evidence[-1], what=f"{evidence[-1].what}, the last of {len(evidence)} such packets")
    return (*evidence[:_FIRST], last)


def shown_by_download(traffic: MachineTraffic, each: Download) -> tuple[Evidence, ...]:
    """The packet that asked for it, and the last of what followed."""
    asked = Evidence(_number(traffic, each.at), each.at, f"request for {each.url}")
    last = Evidence(_number(traffic, each.ended), each.ended, "the last packet of it")
    # Of a long transfer not every packet is kept.
    unknown = bool(asked.number) and not last.number
    return (asked,) if unknown or each.ended == each.at else (asked, last)


def times(passed: Sequence[PassedMessage], began: float) -> str:
    """When they passed, in seconds after a moment, such as "0.0, 4.0, 12.0"; of very many not each."""
    return listed([each.at - began for each in passed])


def listed(seconds: Sequence[float]) -> str:
    """Such as "0.0, 4.0, 12.0"; of very many the first ones and the last."""
    told = [f"{each:.1f}" for each in seconds]
    return ", ".join(told if len(told) <= _MOST else (*told[:_FIRST], "...", told[-1]))


def _what(each: PassedMessage) -> str:
    return f"{each.message.name} from {each.datagram.sender}, xid {each.message.shown_xid}"


def _number(traffic: MachineTraffic, at: float) -> int:
    return next((frame.number for frame in traffic.frames if frame.at == at), 0)
