"""Time limits: named waits, a deadline, and polling for a condition instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from edgeboot.base.errors import LabError
from edgeboot.base.waiting import waiting

T = TypeVar("T")


class Wait:
    """Named time limits; what has not happened within its limit is reported as missing."""

    PING_CHECK: Final = timedelta(seconds=3)
    """Before its OFFER of a new address dnsmasq pings that for so long."""
    OFFER: Final = timedelta(seconds=8)
    """For the first reply to a new client, a ping check included."""
    LATE_OFFER: Final = timedelta(seconds=12)
    """For the first reply to the first node of a run: how late it is tells more than that it was late."""
    GRACE: Final = timedelta(milliseconds=20)
    """After the first reply: a second server on an idle segment answers within this."""
    OTHER_SERVERS: Final = timedelta(seconds=1)
    """After the first reply, where a test looks for further servers."""
    FIRMWARE: Final = timedelta(seconds=5)
    """After the first reply, as firmware collects offers: EDK2 for 3.2 to 4.7 s. A second server may ping."""
    BOOT_SERVER: Final = timedelta(seconds=5)
    """For a boot server's reply: iPXE waits 3 s and more, EDK2 10 s with four requests; they ping nobody."""
    LOOK: Final = timedelta(seconds=5)
    """The survey of a shared segment: longer than a ping check and than firmware's first retransmission."""
    NEIGHBOUR: Final = timedelta(seconds=1)
    """For an ARP reply, or for an answer from a host that replied to ARP."""
    TFTP_ANSWER: Final = timedelta(seconds=1)
    """From a TFTP packet to the server's next one, before the packet is retransmitted."""
    TFTP_STALL: Final = timedelta(seconds=6)
    """From one new block to the next, before the transfer counts as stalled."""
    HTTP_ANSWER: Final = timedelta(seconds=5)
    """For the connection to an HTTP server, and for each part of its answer."""
    SERVER_START: Final = timedelta(seconds=10)
    """From the server's exec until it is ready to answer."""
    PORT_KEPT: Final = timedelta(milliseconds=500)
    """How long a server that does not say when it is ready must hold the DHCP port without a break."""
    INIT_CONTAINER: Final = timedelta(seconds=60)
    """From the start of an init container to its end; the server waits for it."""
    SERVER_STOP: Final = timedelta(seconds=5)
    """From a signal to the server's end."""
    LOG_LINE: Final = timedelta(seconds=2)
    """From a packet on the wire to the server's line about it."""
    SUITE_START: Final = timedelta(seconds=60)
    """From the start of a run until its labs are up, on a busy machine."""
    CLUSTER: Final = timedelta(seconds=120)
    """Anything a cluster does: a node's boot, a Pod's start or end."""
    RETRANSMISSION: Final = timedelta(milliseconds=250)
    """Between two retransmissions of a DHCPDISCOVER, while a restarted server is awaited."""
    SERVER_BACK: Final = timedelta(seconds=15)
    """From a server's crash to its next OFFER without intervention: restart and ping check."""
    API_SERVER_BACK: Final = timedelta(seconds=40)
    """From an API server's end to its next answer, in the middle of a run."""
    LIBVIRT: Final = timedelta(seconds=5)
    """For a connection to libvirt, also over ssh to another host."""
    LINK: Final = timedelta(seconds=5)
    """From link up until the bridge port forwards."""
    VIRTUAL_MACHINE: Final = timedelta(seconds=20)
    """From the start of QEMU until its monitor answers, and for each answer."""
    FIRMWARE_START: Final = timedelta(seconds=90)
    """From a virtual machine's power-on, without KVM on a busy machine, until its firmware starts a boot
    file: its own start takes 6 to 17 s, EDK2's four DHCPDISCOVERs 60 s."""


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
        what: the condition waited for, as the error names it.
        observe: checks once, without waiting; an exception it raises ends the wait.
        within: one of the named waits.
        hint: what the user can do when the time limit passes.

    Raises:
        LabError: ``observe`` returned only None within the limit.
    """
    retrying = Retrying(
        retry=retry_if_result(lambda value: value is None),
        wait=wait_exponential(multiplier=0.002, max=0.1),
        stop=stop_after_delay(within),
    )
    try:
        with waiting(what, within):
            value: T = retrying(observe)  # type: ignore[assignment]  # None is retried, never returned.
    except RetryError:
        raise LabError(what, f"not seen within {within.total_seconds():g} s", hint) from None
    return value
