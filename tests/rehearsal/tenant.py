"""A second tenant: a client of the site's own DHCP that pings throughout, and notices everything."""

from __future__ import annotations

import os
import socket
import struct
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from threading import Event, Thread
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.labs.kind.attachment import Cables
from edgeboot.machine import links
from edgeboot.machine.links import LinkEnd
from edgeboot.machine.namespace import in_namespace
from edgeboot.machine.wire.frame import Frame
from edgeboot.machine.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.matching import dhcp_message

MAC: Final = MacAddress.parse("52:54:00:aa:00:01")
_INTERVAL: Final = 0.2
_ECHO: Final = struct.Struct("!BBHHH")
_REQUEST, _REPLY = 8, 0
_GRACE: Final = 5
"""Pings in a row that may stay unanswered: one second, in which a bridge learns."""


@dataclass
class Tenant:
    """Its lease, and what it has noticed."""

    address: IPv4Address
    pings: dict[IPv4Address, _Pings]
    _watch: Port
    _told: list[str] = field(default_factory=list)

    @property
    def noticed(self) -> list[str]:
        """What a tenant would complain of; nothing, if all went well."""
        for frame in self._watch.pending():
            told = _about(frame, self.address)
            if told is not None:
                self._told.append(told)
        lost = [
            f"{pings.longest} pings in a row to {target} unanswered"
            for target, pings in self.pings.items()
            if pings.longest > _GRACE
        ]
        return [*self._told, *lost]

    @property
    def account(self) -> str:
        """In one line."""
        sent = sum(pings.sent for pings in self.pings.values())
        lost = [f"{target} number {number}" for target, pings in self.pings.items() for number in pings.lost]
        unanswered = f"unanswered {', '.join(lost)}" if lost else "all answered"
        found = "; ".join(self.noticed) or "noticed nothing"
        return f"tenant {MAC} at {self.address}: {sent} pings, {unanswered}; {found}"


@dataclass
class _Pings:
    sent: int = 0
    answered: set[int] = field(default_factory=set)

    @property
    def _due(self) -> range:
        """From the first that was answered, for a bridge has to learn, to the last but one."""
        return range(min(self.answered, default=0), max(0, self.sent - 1))

    @property
    def lost(self) -> list[int]:
        return [number for number in self._due if number not in self.answered]

    @property
    def longest(self) -> int:
        longest = current = 0
        for number in self._due:
            current = 0 if number in self.answered else current + 1
            longest = max(longest, current)
        return longest


@contextmanager
def tenant(cables: Cables, bridge: str, targets: list[IPv4Address]) -> Iterator[Tenant]:
    """The tenant, with a lease, pinging as long as the context lasts.

    Raises:
        NotAnswered: the site's DHCP gives it no lease.
    """
    end = LinkEnd(cables.nodes_namespace, "tenant")
    unplug = cables.plug_in(end, MAC)
    identity = EdgeNodeIdentity(MAC, uuid.UUID(int=1)).as_client(CLIENTS["systemd-networkd"])
    node = EdgeNode(identity, Port(end.interface, MAC, namespace=end.namespace))
    lease = node.boot()
    links.add_address(end, IPv4Interface(f"{lease.address}/{lease.netmask}"))
    node.port.close()
    ended, pings = Event(), {target: _Pings() for target in targets}
    watch = Port(bridge, MAC, bpf="udp port 67 or udp port 68", promiscuous=True)
    threads = [
        Thread(target=_ping, args=(cables.nodes_namespace, target, each, ended), daemon=True)
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
            with suppress(OSError):  # Nobody at that address: counted as unanswered.
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


def _about(frame: Frame, address: IPv4Address) -> str | None:
    """What somebody said to or in the name of the tenant, who is silent all the time."""
    found = dhcp_message(frame)
    if found is None:
        return None
    message, datagram = found
    asked = message.options.get(OptionCode.REQUESTED_IP_ADDRESS)
    named = {message.ciaddr, message.yiaddr, IPv4Address(asked) if asked and len(asked) == 4 else None}
    if message.chaddr != MAC and address not in named:
        return None
    return f"a {message.name} from {datagram.sender} for {message.chaddr} about {address}"
