"""A server's log as events that can be awaited."""

from __future__ import annotations

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Condition
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import NotAnswered
from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.dhcp.vocabulary import MessageType

_NUMBERED: Final = re.compile(r"\bdnsmasq-dhcp(?:\[\d+\])?: (\d+) ")
"""The start of a line with log-dhcp: the xid in decimal."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line and its number, from 0 at the server's first start."""

    number: int
    text: str
    at: float = 0.0
    """When it arrived here, in seconds since the epoch; of a Pod's log when the API server passed it on."""

    @property
    def xid(self) -> int | None:
        """The transaction it is about, where log-dhcp states it."""
        numbered = _NUMBERED.search(self.text)
        return None if numbered is None else int(numbered[1])

    @property
    def dated(self) -> str:
        """The line behind its time of arrival, by ISO 8601 in UTC."""
        when = datetime.fromtimestamp(self.at, UTC).replace(tzinfo=None)
        return f"{when.isoformat(timespec='milliseconds')}Z {self.text}"

    def __str__(self) -> str:
        return f"{time_of_day(self.at)} {self.text}"


class NotLogged(NotAnswered):
    """The log lacks a line.

    Args:
        pattern: the regular expression that no line matched.
        last: the last lines, of which none did.
    """

    def __init__(self, pattern: str, last: str) -> None:
        self.pattern = pattern
        super().__init__(f"the server logged no line matching {pattern!r}; its last lines:\n{last}")


class ServerLog:
    """Lines in the order of arrival; a reader thread adds them, tests wait for them."""

    def __init__(self) -> None:
        self._lines: list[LogLine] = []
        self._by_xid: dict[int, list[LogLine]] = {}
        self._unnumbered: list[LogLine] = []
        self._indexed = 0
        self._arrived = Condition()
        self.reader_is_back: Callable[[], bool] = lambda: False
        """Waits for a reader that cannot read the log just now, and says whether it could not."""

    def add(self, text: str) -> None:
        """Append a line and wake every waiting thread."""
        with self._arrived:
            self._lines.append(LogLine(len(self._lines), text.rstrip("\n"), time.time()))
            self._arrived.notify_all()

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """All lines so far."""
        with self._arrived:
            return tuple(self._lines)

    @property
    def end(self) -> int:
        """The number the next line will have."""
        return len(self._lines)

    def find(self, pattern: str, since: int = 0) -> LogLine | None:
        """The first line, from number ``since``, that the regular expression matches; else None."""
        return next((line for line in self.lines[since:] if re.search(pattern, line.text)), None)

    def wait_for(self, pattern: str, *, since: int = 0, within: timedelta = Wait.LOG_LINE) -> LogLine:
        """The first matching line, waiting for it if it is not logged yet.

        Raises:
            NotLogged: no line matched in time; the message has the last lines of the log.
        """
        line = self._awaited(pattern, since, within)
        if line is None and self.reader_is_back():
            line = self._awaited(pattern, since, within)
        if line is None:
            last = "\n".join(f"  {each.text}" for each in self.lines[-5:]) or "  (nothing at all)"
            raise NotLogged(pattern, last)
        return line

    def _awaited(self, pattern: str, since: int, within: timedelta) -> LogLine | None:
        deadline = Deadline.after(within)
        with waiting(f"a line of the server's log like {pattern}", within), self._arrived:
            self._arrived.wait_for(lambda: self.find(pattern, since) is not None, deadline.remaining)
        return self.find(pattern, since)

    def wait_for_message(self, message: MessageType, mac: MacAddress, *, since: int = 0) -> LogLine:
        """dnsmasq's line about one message of or to a client; raises as ``wait_for`` does."""
        return self.wait_for(rf"\b{message.name}\(\S+\) .*{mac}", since=since)

    def about(self, mac: MacAddress, since: int = 0) -> list[LogLine]:
        """The lines with a client's MAC address, in either case, from number ``since``."""
        return [line for line in self.lines[since:] if str(mac) in line.text.lower()]

    def transaction(self, mac: MacAddress, xid: int, began: float, ended: float) -> list[LogLine]:
        """The lines about one message, and about no other of the same client.

        With log-dhcp those that state its xid, from its sending on. A line without an xid is its
        own if it has the MAC and arrived while an answer was awaited.

        Args:
            mac: the client's chaddr.
            xid: of the message.
            began: when it was sent, in seconds since the epoch.
            ended: until when an answer was awaited.
        """
        with self._arrived:
            self._index()
            numbered = [line for line in self._by_xid.get(xid, ()) if line.at >= began]
            first = bisect_left(self._unnumbered, began, key=_arrival)
            meanwhile = self._unnumbered[first : bisect_right(self._unnumbered, ended, key=_arrival)]
        own = [line for line in meanwhile if str(mac) in line.text.lower()]
        return sorted((*numbered, *own), key=lambda line: line.number)

    def _index(self) -> None:
        """Take in the lines since the last call: a log is looked through once, not for every message."""
        for line in self._lines[self._indexed :]:
            xid = line.xid
            (self._unnumbered if xid is None else self._by_xid.setdefault(xid, [])).append(line)
        self._indexed = len(self._lines)


def _arrival(line: LogLine) -> float:
    return line.at


def time_of_day(at: float) -> str:
    """Hours to milliseconds in UTC, of seconds since the epoch."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S.%f}"[:-3]
