"""Which lines of the server's log belong to which message."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.server.log import LogLine, time_of_day

_TYPE: Final = re.compile(r"\b(DHCP[A-Z]+|BOOTP)\(")
_NOISE: Final = re.compile(r"requested options:|sent size:")
"""Lines of log-dhcp that repeat, option by option, what the decoded message shows."""
_PROGRAM: Final = re.compile(r"^dnsmasq-dhcp(\[\d+\])?: (\d+ )?")
_SECOND: Final = len("2026-03-01T02:00:00")
_AHEAD: Final = re.compile(
    r"available DHCP|vendor class:|user class:|client provides name:|\bsubnet/netmask:"
)
_LATE: Final = 2.0
"""Seconds between a message and a line about it that names no xid."""


def read_log(text: str, first: float = 0.0, last: float = math.inf) -> list[LogLine]:
    """The lines of an evidence's ``server.log``, which stand behind their times in UTC.

    Args:
        text: the file.
        first: the earliest time that is wanted, in seconds since the epoch.
        last: the latest.
    """
    lines: list[LogLine] = []
    bounds = (_dated(first), _dated(last) if last < math.inf else "9")
    for number, line in enumerate(text.splitlines()):
        if not bounds[0] <= line[:_SECOND] <= bounds[1]:  # Also the rest of a line with a break in it.
            continue
        dated, _, words = line.partition(" ")
        try:
            at = datetime.fromisoformat(dated).timestamp()
        except ValueError:
            continue
        lines.append(LogLine(number, words, at))
    return lines


def _dated(at: float) -> str:
    """A time as the lines begin with it: such texts are in the order of their times."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def lines_of(
    messages: Sequence[tuple[float, DhcpMessage]], log: Iterable[LogLine]
) -> dict[int, tuple[str, ...]]:
    """The lines about each message, by its number.

    A line that names a message type belongs to the first such message of its transaction, or of its
    client, that has none yet; one that does not goes with the line before it, or after it where
    dnsmasq says of a message what it carries before it names its type.

    Args:
        messages: each with its time in seconds since the epoch, in their order.
        log: the server's lines, in theirs.
    """
    known = _Known(messages)
    found: dict[int, list[str]] = {}
    ahead: dict[int | None, list[str]] = {}
    for line in log:
        if _NOISE.search(line.text):
            continue
        if _AHEAD.search(line.text):
            ahead.setdefault(line.xid, []).append(_shown(line))
            continue
        number = known.place(line)
        if number is not None:
            found.setdefault(number, []).extend((*ahead.pop(line.xid, ()), _shown(line)))
    return {number: tuple(lines) for number, lines in found.items()}


class _Known:
    """The messages, found by their transactions, and by their clients where a line names no xid."""

    def __init__(self, messages: Sequence[tuple[float, DhcpMessage]]) -> None:
        self._latest: dict[int, int] = {}
        """Of each transaction the message that the last line with a type was about."""
        self._by_xid: dict[tuple[int, str], list[int]] = {}
        self._by_type: dict[str, list[tuple[int, float, str]]] = {}
        for number, (at, message) in enumerate(messages):
            name = message.name
            self._latest.setdefault(message.xid, number)
            self._by_xid.setdefault((message.xid, name), []).append(number)
            self._by_type.setdefault(name, []).append((number, at, str(message.chaddr)))
        self._taken: set[int] = set()

    def place(self, line: LogLine) -> int | None:
        """The number of the message that a line is about; None for one about none of them."""
        kind, xid = _TYPE.search(line.text), line.xid
        if kind is None:
            return None if xid is None else self._latest.get(xid)
        number = next(self._candidates(kind[1], xid, line), None)
        if number is not None:
            self._taken.add(number)
            if xid is not None:
                self._latest[xid] = number
        return number

    def _candidates(self, kind: str, xid: int | None, line: LogLine) -> Iterator[int]:
        if xid is not None:
            named = self._by_xid.get((xid, kind), ())
            return (number for number in named if number not in self._taken)
        return (
            number
            for number, at, mac in self._by_type.get(kind, ())
            if number not in self._taken and abs(line.at - at) <= _LATE and mac in line.text
        )


def _shown(line: LogLine) -> str:
    """Its time and words; the program and the xid stand beside it already."""
    return f"{time_of_day(line.at)} {_PROGRAM.sub('', line.text)}"
