"""Time limits: named waits, one deadline object, and readiness that is observed, never slept for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from edgeboot.base.errors import LabError

T = TypeVar("T")


class Wait:
    """How long each thing may take before its absence is a finding; each limit has a name."""

    OFFER: Final = timedelta(seconds=8)
    """The first reply to a new client: dnsmasq pings the address for 3 s before its OFFER."""
    GRACE: Final = timedelta(milliseconds=20)
    """After the first reply: a second server on an idle segment answers within this."""
    OTHER_SERVERS: Final = timedelta(seconds=1)
    """After the first reply, where the test is about who else answers."""
    LOOK: Final = timedelta(seconds=5)
    """Of a segment that is not ours: longer than a ping check, and than firmware's first repetition."""
    NEIGHBOUR: Final = timedelta(seconds=1)
    """An ARP reply, or an answer from a host that has one."""
    TFTP_ANSWER: Final = timedelta(seconds=1)
    """From a TFTP packet to the server's next, before ours is sent again."""
    TFTP_STALL: Final = timedelta(seconds=6)
    """From one new block to the next, before the server has given up or never began."""
    HTTP_ANSWER: Final = timedelta(seconds=5)
    """Of an HTTP server: the connection, and each part of its answer."""
    SERVER_START: Final = timedelta(seconds=10)
    """From the server's exec to its being ready to answer."""
    SERVER_STOP: Final = timedelta(seconds=5)
    """From a signal to the server's end."""
    LOG_LINE: Final = timedelta(seconds=2)
    """From a packet on the wire to the server's line about it."""
    SUITE_START: Final = timedelta(seconds=60)
    """From starting a run of the suite to its labs' being up, on a busy machine."""
    CLUSTER: Final = timedelta(seconds=120)
    """Anything a cluster does: a node's boot, a Pod's start or end."""
    RETRANSMISSION: Final = timedelta(milliseconds=250)
    """Between two sendings of a DHCPDISCOVER, where a server is expected back any moment."""
    SERVER_BACK: Final = timedelta(seconds=15)
    """From a server's sudden end to its next OFFER, with nobody's help: restart and ping check."""
    LIBVIRT: Final = timedelta(seconds=5)
    """A connection to libvirt, by ssh to another host, too."""
    LINK: Final = timedelta(seconds=5)
    """From link up to a port that forwards."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, in seconds, by which something should have happened."""

    at: float

    @classmethod
    def after(cls, limit: timedelta) -> Deadline:
        """The deadline ``limit`` from now."""
        return cls(time.monotonic() + limit.total_seconds())

    @property
    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining == 0.0


def eventually(what: str, observe: Callable[[], T | None], within: timedelta, hint: str) -> T:
    """The first value other than None that ``observe`` returns.

    Args:
        what: the thing waited for, as the error names it.
        observe: looks once, without waiting; an exception it raises ends the wait.
        within: one of the named waits.
        hint: what the reader may do when it never comes.

    Raises:
        LabError: nothing was observed in time.
    """
    retrying = Retrying(
        retry=retry_if_result(lambda value: value is None),
        wait=wait_exponential(multiplier=0.002, max=0.1),
        stop=stop_after_delay(within),
    )
    try:
        value: T = retrying(observe)  # type: ignore[assignment]  # None is retried, never returned.
    except RetryError:
        raise LabError(what, f"not seen within {within.total_seconds():g} s", hint) from None
    return value
