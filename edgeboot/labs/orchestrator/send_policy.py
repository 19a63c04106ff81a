"""Outbound policy for shared segments, enforced at the port for every test.

A ``RateLimitedPort`` sends a frame only from the suite's MAC prefix and within the rate limit; a DHCP
message only with a chaddr of that prefix, a DHCPREQUEST only within the lease budget, and no
DHCPDISCOVER that a server may answer with a lease at once (option 80).
Each lease is journalled before it is requested.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Address
from threading import Event, Lock
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage, MalformedMessage
from edgeboot.dhcp.vocabulary import SERVER_PORT, MessageType, OptionCode
from edgeboot.host.journal import Journal
from edgeboot.host.wire.frame import Frame, dissect
from edgeboot.host.wire.port import EDGE_NODE_TRAFFIC, Port
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, RecordedLease
from edgeboot.node.matching import dhcp_message

_GIVES_BACK: Final = {MessageType.DHCPRELEASE, MessageType.DHCPDECLINE}
Lease = tuple[LeaseHolder, IPv4Address]
_BURST: Final = 10
"""Frames that may be sent without a pause; an ARP sweep has more."""


class PolicyViolation(LabError):
    """A frame that must not be sent on a shared segment, and was not sent."""


class SendPolicy:
    """The rules of one run, shared by all its ports.

    Args:
        budget: how many leases may be held or requested at a time.
        rate: frames per second, over all ports.
        disruptive: any frame may be sent; leases are still journalled and the rate limit holds.
        journal: records each lease before it is requested.
        entry: the journal's entry for a lease.
        may_send: raises LabError where the run has nothing to do on the segment any more.
    """

    def __init__(
        self,
        *,
        budget: int,
        rate: int,
        disruptive: bool,
        journal: Journal,
        entry: Callable[[LeaseHolder, IPv4Address], RecordedLease],
        may_send: Callable[[], None] = lambda: None,
    ) -> None:
        self.budget = budget
        self.most = 0
        """The largest number of leases held at a time."""
        self._disruptive = disruptive
        self._rate_limiter = _RateLimiter(rate)
        self._journal = journal
        self._entry = entry
        self._may_send = may_send
        self._held: dict[Lease, RecordedLease] = {}
        self._requested: dict[int, Lease] = {}
        """Requested leases neither granted nor refused yet, by xid."""
        self._lock = Lock()

    def before(self, octets: bytes) -> None:
        """Wait until a frame may be sent.

        Raises:
            PolicyViolation: the frame is not allowed.
            LabError: no frame is allowed any more.
        """
        self._may_send()
        source = MacAddress(octets[6:12])
        if not is_ours(source):
            self._object(f"a frame from {source}, which is none of our MAC addresses")
        self._check_message(octets)
        self._rate_limiter.wait()

    def heard(self, frame: Frame) -> None:
        """Note a lease granted or refused by a server."""
        parsed = dhcp_message(frame)
        if parsed is None or parsed[1].source_port != SERVER_PORT:
            return
        message = parsed[0]
        if message.op != BOOTREPLY or message.xid not in self._requested:
            return
        if message.message_type is MessageType.DHCPACK:
            del self._requested[message.xid]
        elif message.message_type is MessageType.DHCPNAK:
            self._forget(self._requested.pop(message.xid))

    def _check_message(self, octets: bytes) -> None:
        datagram = dissect(Frame(octets, 0.0))
        if datagram is None or datagram.destination_port != SERVER_PORT:
            return
        try:
            message = DhcpMessage.decode(datagram.payload)
        except MalformedMessage as error:
            self._object(f"no DHCP message ({error})")
            return
        if not is_ours(message.chaddr):
            self._object(f"a {message.name} in the name of {message.chaddr}")
            return  # A lease of another client must not be released by this run.
        lease = (LeaseHolder.of(message), _address(message))
        if message.message_type in _GIVES_BACK:
            if lease not in self._held:
                self._object(f"a {message.name} of {lease[1]}, which {lease[0]} does not hold")
            self._forget(lease)
        elif message.message_type is MessageType.DHCPDISCOVER and OptionCode.RAPID_COMMIT in message.options:
            self._object("a DHCPDISCOVER with option 80, by which a server may lease what no journal has")
        elif message.message_type is MessageType.DHCPREQUEST:
            self._count(lease, message.xid)

    def _count(self, lease: Lease, xid: int) -> None:
        with self._lock:
            if lease in self._held:
                return
            if len(self._held) >= self.budget and not self._disruptive:
                problem = f"{self.budget} leases are held, and {lease[0]} asks for one more"
                raise PolicyViolation("send_policy", problem, "allow more by --max-leases and --lease-share")
            record = self._entry(*lease)
            self._journal.about_to_make(record)
            self._held[lease] = record
            self._requested[xid] = lease
            self.most = max(self.most, len(self._held))

    def _forget(self, lease: Lease) -> None:
        with self._lock:
            record = self._held.pop(lease, None)
            if record is not None:
                self._journal.keep(record)

    def _object(self, what: str) -> None:
        if not self._disruptive:
            hint = "this needs a segment of its own: say --disruptive where it is one"
            raise PolicyViolation("send_policy", f"would send {what}", hint)


class RateLimitedPort(Port):
    """A port that sends within the run's policy."""

    def __init__(
        self, interface: str, mac: MacAddress, send_policy: SendPolicy, bpf: str = EDGE_NODE_TRAFFIC
    ) -> None:
        self._send_policy = send_policy
        super().__init__(interface, mac, bpf=bpf)

    def send(self, octets: bytes) -> Frame:
        """Send a frame unchanged, as soon as the rate limit allows.

        Raises:
            PolicyViolation: the frame is not allowed.
        """
        self._send_policy.before(octets)
        return super().send(octets)

    def receive(self, deadline: Deadline) -> Frame | None:
        """The next frame, or None when the deadline passes first."""
        frame = super().receive(deadline)
        if frame is not None:
            self._send_policy.heard(frame)
        return frame


class _RateLimiter:
    """Token bucket: ``rate`` frames per second, and bursts of ``_BURST``."""

    def __init__(self, rate: int) -> None:
        self._interval = 1 / rate
        self._free_at = time.monotonic()
        self._lock = Lock()

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now - _BURST * self._interval) + self._interval
            pause = self._free_at - now
        if pause > 0:
            Event().wait(pause)


def _address(message: DhcpMessage) -> IPv4Address:
    """The address a client requests or releases: option 50, else ``ciaddr`` (RFC 2131 table 4)."""
    data = message.options.get(OptionCode.REQUESTED_IP_ADDRESS)
    return IPv4Address(data) if data is not None and len(data) == 4 else message.ciaddr
