"""Time limits: one deadline object, named waits, and observed (never slept) readiness."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Self, TypeVar

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_exponential

from edgeboot.base.errors import LabError

T = TypeVar("T")


class Wait(Enum):
    """How long each thing may take before its absence is a finding."""

    limit: timedelta

    def __new__(cls, limit: timedelta) -> Self:
        """A member of its own, also where two waits are equally long."""
        wait = object.__new__(cls)
        wait._value_ = len(cls.__members__)
        wait.limit = limit
        return wait

    OFFER = timedelta(seconds=8)
    """The first reply to a new client: dnsmasq pings the address for 3 s before its OFFER."""
    GRACE = timedelta(milliseconds=20)
    """After the first reply: a second server on an idle segment answers within this."""
    OTHER_SERVERS = timedelta(seconds=1)
    """After the first reply, where the test is about who else answers."""
    LOOK = timedelta(seconds=5)
    """Of a segment that is not ours: longer than a ping check, and than firmware's first repetition."""
    NEIGHBOUR = timedelta(seconds=1)
    """An ARP reply, or an answer from a host that has one."""
    TFTP_ANSWER = timedelta(seconds=1)
    """From a TFTP packet to the server's next, before ours is sent again."""
    TFTP_STALL = timedelta(seconds=6)
    """From one new block to the next, before the server has given up or never began."""
    HTTP_ANSWER = timedelta(seconds=5)
    """Of an HTTP server: the connection, and each part of its answer."""
    SERVER_START = timedelta(seconds=10)
    """From the server's exec to its being ready to answer."""
    SERVER_STOP = timedelta(seconds=5)
    """From a signal to the server's end."""
    LOG_LINE = timedelta(seconds=2)
    """From a packet on the wire to the server's line about it."""
    SUITE_START = timedelta(seconds=60)
    """From starting a run of the suite to its labs' being up, on a busy machine."""
    CLUSTER = timedelta(seconds=120)
    """Anything a cluster does: a node's boot, a Pod's start or end."""
    RETRANSMISSION = timedelta(milliseconds=250)
    """Between two sendings of a DHCPDISCOVER, where a server is expected back any moment."""
    SERVER_BACK = timedelta(seconds=15)
    """From a server's sudden end to its next OFFER, with nobody's help: restart and ping check."""
    LIBVIRT = timedelta(seconds=5)
    """A connection to libvirt, by ssh to another host, too."""
    LINK = timedelta(seconds=5)
    """From link up to a port that forwards."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock by which something should have happened."""

    at: float

    @classmethod
    def after(cls, limit: Wait | timedelta) -> Deadline:
        """The deadline ``limit`` from now."""
        length = limit.limit if isinstance(limit, Wait) else limit
        return cls(time.monotonic() + length.total_seconds())

    @property
    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining == 0.0


def eventually(what: str, observe: Callable[[], T | None], within: Wait, hint: str) -> T:
    """The first value other than None that ``observe`` returns.

    Args:
        what: the thing waited for, as the error names it.
        observe: looks once, without waiting; an exception it raises ends the wait.
        within: the named wait.
        hint: what the reader may do when it never comes.

    Raises:
        LabError: nothing was observed in time.
    """
    retrying = Retrying(
        retry=retry_if_result(lambda value: value is None),
        stop=stop_after_delay(within.limit),
        wait=wait_exponential(multiplier=0.002, max=0.1),
        retry_error_callback=lambda _: None,
    )
    seen = retrying(observe)
    if seen is None:
        raise LabError(what, f"not seen within {within.limit.total_seconds():g} s", hint)
    return seen
