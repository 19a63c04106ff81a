"""ARP and UDP with a host on the segment, without the kernel's network stack on our side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address
from typing import Final

from scapy.layers.inet import ICMP, IP, UDP

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.host.wire import arp
from edgeboot.host.wire.frame import Datagram, Frame, dissect, layers, udp_frame
from edgeboot.host.wire.port import Port

_PORT_UNREACHABLE: Final = (3, 3)


class UdpPort(Enum):
    """The state of a host's UDP port, found by sending a datagram."""

    CLOSED = "closed"
    """The host sent ICMP port unreachable: no program listens."""
    ANSWERED = "answered"
    SILENT = "silent"
    """The host sent nothing: a program may listen, or a firewall drops the datagram."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A host on the segment, and the port and address that datagrams to it are sent from."""

    port: Port
    own_address: IPv4Address
    address: IPv4Address
    mac: MacAddress

    @classmethod
    def find(cls, port: Port, own_address: IPv4Address, address: IPv4Address) -> Neighbour | None:
        """Resolve ``address`` by ARP (RFC 826); None if no host replies in time."""
        arp.ask(port, own_address, address)
        frames = port.collect(
            Deadline.after(Wait.NEIGHBOUR), lambda frame: _owner(frame, address) is not None
        )
        mac = _owner(frames[-1], address) if frames else None
        return None if mac is None else cls(port, own_address, address, mac)

    @classmethod
    def owners(cls, port: Port, own_address: IPv4Address, address: IPv4Address) -> tuple[MacAddress, ...]:
        """The MAC of every host that claims ``address`` within ``Wait.OTHER_SERVERS`` (RFC 5227)."""
        arp.ask(port, own_address, address)
        claims = (_owner(frame, address) for frame in port.collect(Deadline.after(Wait.OTHER_SERVERS)))
        return tuple(dict.fromkeys(mac for mac in claims if mac is not None))

    @property
    def sender(self) -> str:
        """IP and MAC address of the host, for messages."""
        return f"{self.address} ({self.mac})"

    def ask_udp(self, destination_port: int, payload: bytes, *, source_port: int = 49152) -> UdpAnswer:
        """Send one datagram and find out whether the port is closed, answers or is silent.

        The answer may come from another port of the host, as in TFTP.
        """
        self.send_udp(destination_port, payload, source_port=source_port)
        deadline = Deadline.after(Wait.NEIGHBOUR)
        while True:
            answer = self.receive_udp(source_port, deadline)
            if answer.reply is None or answer.reply.source == self.address:
                return answer

    def send_udp(self, destination_port: int, payload: bytes, *, source_port: int) -> None:
        """Send one datagram to a port of the host."""
        self.port.send(
            udp_frame(
                self.port.mac,
                self.mac,
                (self.own_address, source_port),
                (self.address, destination_port),
                payload,
            )
        )

    def receive_udp(self, own_port: int, deadline: Deadline) -> UdpAnswer:
        """The next datagram to ``own_port`` from any sender, or the host's ICMP port unreachable.

        ARP requests for the own address are answered while it waits.
        """
        while (frame := self.port.receive(deadline)) is not None:
            datagram = dissect(frame)
            if datagram is not None:
                if (datagram.destination, datagram.destination_port) == (self.own_address, own_port):
                    return UdpAnswer(UdpPort.ANSWERED, datagram)
                continue
            closed = _closed_port(frame, self.address, own_port)
            if closed is not None:
                return UdpAnswer(UdpPort.CLOSED, closed=closed)
            arp.answer(self.port, frame, self.own_address)
        return UdpAnswer(UdpPort.SILENT)


@dataclass(frozen=True, slots=True)
class UdpAnswer:
    """The outcome of one datagram, and the reply if there was one."""

    outcome: UdpPort
    reply: Datagram | None = None
    closed: int | None = None
    """The closed port of the host; None if it is not closed."""


def _owner(frame: Frame, address: IPv4Address) -> MacAddress | None:
    claim = arp.claim(frame)
    return claim[1] if claim is not None and claim[0] == address else None


def _closed_port(frame: Frame, address: IPv4Address, own_port: int) -> int | None:
    """The port of an ICMP port unreachable from ``address`` for a datagram of ours (RFC 792)."""
    packet = layers(frame)
    icmp = packet.getlayer(ICMP)
    if icmp is None or (icmp.type, icmp.code) != _PORT_UNREACHABLE or packet[IP].src != str(address):
        return None
    rejected = packet.getlayer("UDP in ICMP") or packet.getlayer(UDP)
    return int(rejected.dport) if rejected is not None and rejected.sport == own_port else None
