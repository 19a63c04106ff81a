"""Frames as a person reads them: a label, what kind it is, and the fields of the message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT, MessageType, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire import arp
from edgeboot.host.wire.arp import ArpMessage
from edgeboot.host.wire.frame import Datagram, Frame, dissect
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.node.matching import dhcp_message
from edgeboot.report.ladder.chart import Kind, Row
from edgeboot.report.ladder.machines import Role
from edgeboot.report.ladder.tcp_told import tcp_told
from edgeboot.report.tables import option_text

_DHCP_PORTS: Final = frozenset({SERVER_PORT, CLIENT_PORT, BOOT_SERVER_PORT})
_MULTICAST: Final = 0x01
_IPV4: Final = b"\x08\x00"
_ICMP: Final = 1
_ICMP_NAMES: Final = {0: "ICMP echo reply", 3: "ICMP destination unreachable", 8: "ICMP echo request"}
_HEADER: Final = ("secs", "flags", "ciaddr", "yiaddr", "siaddr", "giaddr", "chaddr")


@dataclass(frozen=True, slots=True)
class Decoded:
    """One frame."""

    frame: Frame
    source: MacAddress
    destination: MacAddress | None
    """None for everybody."""
    address: str
    """The sender's IPv4 address; empty where it has none."""
    label: str
    kind: Kind
    rows: tuple[Row, ...] = ()
    message: DhcpMessage | None = None
    datagram: Datagram | None = None
    seen: Role = Role.MACHINE
    """What the sender shows itself to be by this frame."""
    run: tuple[str, ...] | None = None
    """What frames have in common that are drawn as one, such as the blocks of a transfer."""


def decoded(frame: Frame) -> Decoded | None:
    """The frame; None for one of a protocol that says nothing about a boot."""
    frame = frame.untagged
    if len(frame.octets) < 14:
        return None
    source, destination = MacAddress(frame.octets[6:12]), MacAddress(frame.octets[:6])
    to = None if destination.packed[0] & _MULTICAST or destination == BROADCAST else destination
    datagram = dissect(frame)
    if datagram is not None:
        return _datagram(frame, datagram, to)
    message = arp.message(frame) if frame.octets[12:14] == b"\x08\x06" else None
    if message is not None:
        return _arp(frame, message, source, to)
    told = tcp_told(frame)
    if told is not None:
        label, kind, rows, ends = told
        seen = Role.BOOT_SERVER if ends.answers else Role.MACHINE
        return Decoded(frame, source, to, ends.address, label, kind, rows, seen=seen, run=ends.run)
    if frame.octets[12:14] == _IPV4 and len(frame.octets) > 34 and frame.octets[23] == _ICMP:
        sender, target = (".".join(map(str, frame.octets[at : at + 4])) for at in (26, 30))
        name = _ICMP_NAMES.get(frame.octets[34], f"ICMP type {frame.octets[34]}")
        return Decoded(
            frame, source, to, sender, f"{name} to {target}", Kind.OTHER, run=("icmp", name, target)
        )
    return None


def _datagram(frame: Frame, datagram: Datagram, to: MacAddress | None) -> Decoded:
    ports, source = {datagram.source_port, datagram.destination_port}, datagram.source_mac
    address = "" if datagram.source == UNSPECIFIED else str(datagram.source)
    if ports & _DHCP_PORTS:
        read = dhcp_message(frame)
        if read is not None:
            message = read[0]
            label, kind = _dhcp_label(message, datagram), Kind.DHCP
            if message.message_type is MessageType.DHCPNAK:
                kind = Kind.REFUSAL
            rows = tuple(_rows(message, datagram))
            return Decoded(
                frame, source, to, address, label, kind, rows, message, datagram, _seen_by(message)
            )
    packet = _tftp(datagram)
    if packet is not None:
        return _transfer(frame, datagram, packet, to, address)
    label = f"UDP {datagram.source_port} to {datagram.destination_port}, {len(datagram.payload)} octets"
    run = ("udp", str(datagram.source_port), str(datagram.destination_port), str(source))
    return Decoded(frame, source, to, address, label, Kind.OTHER, run=run)


def _dhcp_label(message: DhcpMessage, datagram: Datagram) -> str:
    label = message.name
    requested = message.options.get(Code.REQUESTED_IP_ADDRESS)
    if message.op == BOOTREPLY and message.yiaddr != UNSPECIFIED:
        label += f" {message.yiaddr}"
    elif message.message_type is MessageType.DHCPREQUEST and requested and len(requested) == 4:
        label += f" {'.'.join(map(str, requested))}"
    elif message.ciaddr != UNSPECIFIED:
        label += f" {message.ciaddr}"
    if BOOT_SERVER_PORT in {datagram.source_port, datagram.destination_port}:
        label += f", port {BOOT_SERVER_PORT}"
    return label


def _seen_by(message: DhcpMessage) -> Role:
    if message.op != BOOTREPLY:
        return Role.MACHINE
    is_proxy = message.message_type is MessageType.DHCPOFFER and message.yiaddr == UNSPECIFIED
    return Role.PROXY if is_proxy else Role.OTHER_SERVER


def _rows(message: DhcpMessage, datagram: Datagram) -> Iterator[Row]:
    """Addresses, the header's fields, every option in its order, and what is malformed."""
    yield Row("from", f"{datagram.source}:{datagram.source_port} ({datagram.source_mac})")
    yield Row("to", f"{datagram.destination}:{datagram.destination_port} ({datagram.destination_mac})")
    yield Row("xid", message.shown_xid)
    for name in _HEADER:
        value = getattr(message, name)
        yield Row(name, f"{value:#06x}" if name == "flags" else str(value))
    for name in ("sname", "file"):
        octets: bytes = getattr(message, name)
        yield Row(name, octets.rstrip(b"\0").decode("ascii", "backslashreplace"))
    for each in message.options:
        yield Row(option_name(each.code), option_text(each.code, each.data))
    for fault in message.options.faults:
        yield Row("malformed", fault)


def _tftp(datagram: Datagram) -> tftp.Packet | None:
    """The TFTP packet; None for a datagram of another protocol, as far as can be told by its octets."""
    if tftp.SERVER_PORT not in {datagram.source_port, datagram.destination_port} and (
        len(datagram.payload) < 4 or datagram.payload[0] or datagram.payload[1] not in range(3, 7)
    ):
        return None
    try:
        return tftp.decode(datagram.payload)
    except (tftp.MalformedPacket, ValueError):
        return None


def _transfer(
    frame: Frame, datagram: Datagram, packet: tftp.Packet, to: MacAddress | None, address: str
) -> Decoded:
    ends = sorted(
        (f"{datagram.source}:{datagram.source_port}", f"{datagram.destination}:{datagram.destination_port}")
    )
    seen, kind = Role.MACHINE, Kind.TFTP
    run: tuple[str, ...] | None = None
    match packet:
        case tftp.ReadRequest(filename=name):
            label = f"TFTP read {name}"
        case tftp.WriteRequest(filename=name):
            label = f"TFTP write {name}"
        case tftp.Data(block=block):
            label, run, seen = f"TFTP data, block {block}", ("tftp", *ends), Role.BOOT_SERVER
        case tftp.Acknowledgement(block=block):
            label, run = f"TFTP ACK {block}", ("tftp", *ends)
        case tftp.OptionAcknowledgement(options=options):
            granted = ", ".join(f"{name} {value}" for name, value in options.present.items())
            label, seen = f"TFTP OACK {granted}", Role.BOOT_SERVER
        case tftp.Error():
            label, kind = f"TFTP {packet}", Kind.REFUSAL
    rows = (
        Row("from", f"{datagram.source}:{datagram.source_port} ({datagram.source_mac})"),
        Row("to", f"{datagram.destination}:{datagram.destination_port} ({datagram.destination_mac})"),
        *(Row(name, str(value)) for name, value in _asked(packet)),
    )
    return Decoded(frame, datagram.source_mac, to, address, label, kind, rows, None, datagram, seen, run)


def _asked(packet: tftp.Packet) -> Sequence[tuple[str, int]]:
    match packet:
        case tftp.ReadRequest() | tftp.WriteRequest() | tftp.OptionAcknowledgement():
            return tuple(packet.options.present.items())
    return ()


def _arp(frame: Frame, message: ArpMessage, source: MacAddress, to: MacAddress | None) -> Decoded:
    address = "" if message.psrc == UNSPECIFIED else str(message.psrc)
    labels: dict[int, Callable[[], str]] = {
        arp.WHO_HAS: lambda: f"ARP who has {message.pdst}",
        arp.IS_AT: lambda: f"ARP {message.psrc} is at {message.hwsrc}",
    }
    label = labels.get(message.op, lambda: f"ARP operation {message.op}")()
    return Decoded(frame, source, to, address, label, Kind.ARP, run=("arp", label, str(source)))
