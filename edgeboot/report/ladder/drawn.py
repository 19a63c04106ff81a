"""A chart of frames: who takes part, and an arrow for each message or run of messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.wire.fragments import reassembled
from edgeboot.host.wire.frame import Frame
from edgeboot.report.findings import Finding
from edgeboot.report.ladder.chart import Arrow, Kind, Ladder
from edgeboot.report.ladder.decoded import Decoded, decoded
from edgeboot.report.ladder.deviating import marked
from edgeboot.report.ladder.logged import lines_of
from edgeboot.report.ladder.machines import Machines, Participant, Role
from edgeboot.server.log import LogLine

MOST_ARROWS: Final = 60
MOST_MACHINES: Final = 6
AROUND: Final = 8.0
"""Seconds before the first message and after the last."""
_ROLES: Final = list(Role)


def ladder(
    frames: Iterable[Frame],
    log: Iterable[LogLine] = (),
    machines: Machines | None = None,
    findings: Sequence[Finding] = (),
) -> Ladder:
    """The chart of these frames, in the order of time.

    Args:
        frames: a capture.
        log: the server's lines.
        machines: what is known of the segment's machines.
        findings: deviations that are marked in the messages.
    """
    ordered = reassembled(sorted(frames, key=lambda each: each.at))
    every = [each for frame in ordered if (each := decoded(frame))]
    runs = _runs(every)
    shown, left_out = _fewer(runs)
    participants, numbers = _lifelines([run[0] for run in shown], machines or Machines(), every)
    messages = [(number, run[0]) for number, run in enumerate(shown) if run[0].message is not None]
    timed = [(each.frame.at, _message(each)) for _, each in messages]
    logged = lines_of(timed, _near(timed, log))
    log_by_arrow = {number: logged.get(position, ()) for position, (number, _) in enumerate(messages)}
    began = shown[0][0].frame.at if shown else 0.0
    arrows = tuple(
        _arrow(run, began, numbers, findings, log_by_arrow.get(number, ()))
        for number, run in enumerate(shown)
    )
    return Ladder(participants, arrows, began, left_out)


def _near(messages: Sequence[tuple[float, DhcpMessage]], log: Iterable[LogLine]) -> Iterator[LogLine]:
    """The lines of the time of the messages: a log is the whole run's."""
    times = [at for at, _ in messages]
    first, last = min(times, default=0.0) - AROUND, max(times, default=0.0) + AROUND
    return (line for line in log if first <= line.at <= last)


def _message(each: Decoded) -> DhcpMessage:
    assert each.message is not None  # noqa: S101 - they were selected by it
    return each.message


def _runs(every: Sequence[Decoded]) -> list[list[Decoded]]:
    """Neighbouring frames of one transfer, or that repeat each other, together."""
    runs: list[list[Decoded]] = []
    for each in every:
        if runs and each.run is not None and runs[-1][0].run == each.run:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _fewer(runs: list[list[Decoded]]) -> tuple[list[list[Decoded]], int]:
    """At most as many runs as a chart has room for: DHCP before the others, late before early."""
    if len(runs) <= MOST_ARROWS:
        return runs, 0
    weight = {Kind.REFUSAL: 0, Kind.DHCP: 0, Kind.TFTP: 1, Kind.TCP: 1, Kind.ARP: 2, Kind.OTHER: 2}
    order = sorted(range(len(runs)), key=lambda number: (weight[runs[number][0].kind], -number))
    kept = sorted(order[:MOST_ARROWS])
    left_out = sum(len(runs[number]) for number in order[MOST_ARROWS:])
    return [runs[number] for number in kept], left_out


def _lifelines(
    shown: Sequence[Decoded], machines: Machines, every: Sequence[Decoded]
) -> tuple[tuple[Participant, ...], dict[MacAddress, int]]:
    """The machines in the order of their roles, and the number of each one's lifeline.

    They are the senders, receivers that are named by their MAC address, and the server under test,
    which may be silent. Where there are more than a chart has room for, those of the most frequent
    roles share a lifeline.
    """
    macs = dict.fromkeys(mac for each in shown for mac in (each.source, each.destination) if mac is not None)
    if shown and machines.server_mac:
        macs.setdefault(MacAddress.parse(machines.server_mac))
    every_one = sorted((_participant(mac, machines, every) for mac in macs), key=_order)
    lifelines: list[Participant] = list(every_one)
    for role, _ in Counter(each.role for each in every_one).most_common():
        if len(lifelines) <= MOST_MACHINES:
            break
        same = [each for each in lifelines if each.role is role]
        shared = replace(same[0], addresses=(), others=len(same) - 1)
        lifelines = sorted([shared, *(each for each in lifelines if each.role is not role)], key=_order)
    places = {each.mac: number for number, each in enumerate(lifelines)}
    roles = {each.role: number for number, each in enumerate(lifelines)}
    return tuple(lifelines), {each.mac: places.get(each.mac, roles[each.role]) for each in every_one}


def _order(participant: Participant) -> int:
    return _ROLES.index(participant.role)


def _participant(mac: MacAddress, machines: Machines, every: Sequence[Decoded]) -> Participant:
    own = [each for each in every if each.source == mac]
    addresses = tuple(dict.fromkeys(each.address for each in own if each.address))
    seen = min((each.seen for each in own), key=_ROLES.index, default=Role.MACHINE)
    return Participant(mac, addresses, machines.role(mac, frozenset(addresses), seen))


def _arrow(
    run: Sequence[Decoded],
    began: float,
    numbers: dict[MacAddress, int],
    findings: Sequence[Finding],
    log: tuple[str, ...],
) -> Arrow:
    first, last = run[0], run[-1]
    label = first.label
    if len(run) > 1:
        label = f"{first.label} … {last.label}" if first.label != last.label else first.label
        label += f" ({len(run)} frames)"
    to = None if first.destination is None else numbers[first.destination]
    return Arrow(
        first.frame.at - began, numbers[first.source], to, label, first.kind, marked(first, findings), log
    )
