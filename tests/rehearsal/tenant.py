"""A second tenant: a client of the site's own DHCP that pings all the time and records disturbances."""

from __future__ import annotations

import os
import socket
import struct
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from threading import Event, Thread
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import in_namespace
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.matching import dhcp_message

MAC: Final = MacAddress.parse("52:54:00:aa:00:01")
_INTERVAL: Final = 0.2
_ECHO: Final = struct.Struct("!BBHHH")
_REQUEST, _REPLY = 8, 0
_GRACE: Final = 5
"""Consecutive pings that may go unanswered: one second, while a bridge learns addresses."""


@dataclass
class Tenant:
    """The tenant's address, its pings, and the disturbances it has recorded."""

    address: IPv4Address
    pings: dict[IPv4Address, _Pings]
    _watch: Port
    _foreign_messages: list[str] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """Messages to or about the tenant and gaps in its pings; empty if nothing disturbed it."""
        for frame in self._watch.pending():
            message = _foreign_message(frame, self.address)
            if message is not None:
                self._foreign_messages.append(message)
        lost = [
            f"{pings.longest_gap} pings in a row to {target} unanswered"
            for target, pings in self.pings.items()
            if pings.longest_gap > _GRACE
        ]
        return [*self._foreign_messages, *lost]

    @property
    def summary(self) -> str:
        """The tenant's address, pings and complaints, in one line."""
        sent = sum(pings.sent for pings in self.pings.values())
        lost = [f"{target} number {number}" for target, pings in self.pings.items() for number in pings.lost]
        unanswered = f"unanswered {', '.join(lost)}" if lost else "all answered"
        complaints = "; ".join(self.complaints) or "noticed nothing"
        return f"tenant {MAC} at {self.address}: {sent} pings, {unanswered}; {complaints}"


@dataclass
class _Pings:
    sent: int = 0
    answered: set[int] = field(default_factory=set)

    @property
    def _due(self) -> range:
        """The pings that count: from the first answered one (a bridge must learn) to the last but one."""
        return range(min(self.answered, default=0), max(0, self.sent - 1))

    @property
    def lost(self) -> list[int]:
        return [number for number in self._due if number not in self.answered]

    @property
    def longest_gap(self) -> int:
        longest_gap = current = 0
        for number in self._due:
            current = 0 if number in self.answered else current + 1
            longest_gap = max(longest_gap, current)
        return longest_gap


@contextmanager
def tenant(
    plug_in: Callable[[LinkEnd, MacAddress], Callable[[], None]],
    namespace: str,
    bridge: LinkEnd,
    targets: list[IPv4Address],
) -> Iterator[Tenant]:
    """Boots the tenant, which pings all targets while the context lasts.

    Args:
        plug_in: connects an end to the segment, and returns what removes it.
        namespace: the tenant's own.
        bridge: the segment's, at which the tenant's messages are watched.
        targets: addresses that always answer.

    Raises:
        NotAnswered: the site's DHCP server gives no lease.
    """
    end = LinkEnd(namespace, "tenant")
    unplug = plug_in(end, MAC)
    identity = EdgeNodeIdentity(MAC, uuid.UUID(int=1)).as_client(CLIENTS["systemd-networkd"])
    node = EdgeNode(identity, Port(end.interface, MAC, namespace=end.namespace))
    lease = node.boot()
    links.add_address(end, IPv4Interface(f"{lease.address}/{lease.netmask}"))
    node.port.close()
    ended, pings = Event(), {target: _Pings() for target in targets}
    watch = Port(
        bridge.interface,
        MAC,
        namespace=bridge.namespace,
        bpf="udp port 67 or udp port 68",
        promiscuous=True,
    )
    threads = [
        Thread(target=_ping, args=(namespace, target, each, ended), daemon=True)
        for target, each in pings.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield Tenant(lease.address, pings, watch)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        watch.close()
        unplug()


def _ping(namespace: str, target: IPv4Address, pings: _Pings, ended: Event) -> None:
    with in_namespace(namespace, _icmp_socket) as icmp:
        icmp.setblocking(False)
        identifier = os.getpid() & 0xFFFF
        while not ended.wait(_INTERVAL):
            with suppress(OSError):  # No host at that address: counted as unanswered.
                icmp.sendto(_echo(identifier, pings.sent), (str(target), 0))
            pings.sent += 1
            _collect(icmp, identifier, target, pings)


def _collect(icmp: socket.socket, identifier: int, target: IPv4Address, pings: _Pings) -> None:
    while True:
        try:
            packet, (sender, _) = icmp.recvfrom(2048)
        except BlockingIOError:
            return
        kind, _, _, whose, number = _ECHO.unpack_from(packet, 4 * (packet[0] & 0xF))
        if (kind, whose, sender) == (_REPLY, identifier, str(target)):
            pings.answered.add(number)


def _icmp_socket() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


def _echo(identifier: int, number: int) -> bytes:
    number &= 0xFFFF
    total = (_REQUEST << 8) + identifier + number
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return _ECHO.pack(_REQUEST, 0, checksum, identifier, number)


def _foreign_message(frame: Frame, address: IPv4Address) -> str | None:
    """A DHCP message about the tenant, which sends none after its boot; None for other frames."""
    decoded = dhcp_message(frame)
    if decoded is None:
        return None
    message, datagram = decoded
    requested = message.options.get(OptionCode.REQUESTED_IP_ADDRESS)
    addresses = {
        message.ciaddr,
        message.yiaddr,
        IPv4Address(requested) if requested and len(requested) == 4 else None,
    }
    if message.chaddr != MAC and address not in addresses:
        return None
    return f"a {message.name} from {datagram.sender} for {message.chaddr} about {address}"
