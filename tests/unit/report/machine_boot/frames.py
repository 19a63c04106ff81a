"""Frames of one machine's boot, made up where no capture of a real one is at hand."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address
from typing import Final

from scapy.layers.l2 import ARP

from edgeboot.dhcp.message import BOOTREQUEST, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, ethernet_header
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.traffic import MachineTraffic
from tests.unit.report.captured import ADDRESS, BEGAN, BOOT_MAC, from_node, from_server, transfer
from tests.unit.samples import NODE, OFFER, SERVER, XID, message

FROM: Final = option(Code.SERVER_IDENTIFIER, SERVER)
FILE: Final = DhcpOption(Code.BOOTFILE_NAME, b"ipxe.efi\0")
ACK: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
IPXE: Final = DhcpOption(Code.USER_CLASS, b"iPXE")
X64: Final = DhcpOption(Code.CLIENT_SYSTEM_ARCHITECTURE, b"\0\x07")


def asked(kind: MessageType, at: float, *options: DhcpOption, xid: int = XID) -> Frame:
    """A message of the machine."""
    mine = () if any(each.code == X64.code for each in options) else (X64,)
    every = Options((option(Code.DHCP_MESSAGE_TYPE, kind), *mine, *options))
    return from_node(DhcpMessage(BOOTREQUEST, xid, NODE.mac, every), at)


def offered(at: float, *options: DhcpOption) -> Frame:
    """A DHCPOFFER."""
    return from_server(message(OFFER, *options), at)


def given(at: float, *options: DhcpOption) -> Frame:
    """A DHCPACK."""
    return from_server(message(ACK, FROM, *options), at)


def leased(at: float, *options: DhcpOption) -> tuple[Frame, ...]:
    """The four messages of a lease, and with the options those of the machine."""
    return (
        asked(MessageType.DHCPDISCOVER, at, *options),
        offered(at + 0.1, FROM, FILE),
        asked(MessageType.DHCPREQUEST, at + 0.2, FROM, *options),
        given(at + 0.3, FILE),
    )


def fetched(at: float, content: bytes, name: str = "ipxe.efi") -> tuple[Frame, ...]:
    """A whole transfer in blocks of 512 octets."""
    blocks = [content[start : start + 512] for start in range(0, len(content) + 1, 512)]
    packets = [
        frame
        for number, block in enumerate(blocks, 1)
        for frame in (
            transfer(at + number / 100, tftp.Data(number, block), answer=True),
            transfer(at + number / 100 + 0.001, tftp.Acknowledgement(number), answer=False),
        )
    ]
    return (transfer(at, tftp.ReadRequest(name), answer=False), *packets)


def claimed(at: float, address: IPv4Address = ADDRESS) -> Frame:
    """Another machine says by ARP that the address is its own."""
    reply = ethernet_header(BOOT_MAC, NODE.mac) / ARP(
        op="is-at", hwsrc=str(BOOT_MAC), psrc=str(address), hwdst=str(NODE.mac), pdst=str(address)
    )
    return Frame(bytes(reply), from_node(message(), at).at)


def traffic(*frames: Frame) -> MachineTraffic:
    """The machine's."""
    return MachineTraffic(NODE.mac, frames)


def tcp(
    at: float, payload: bytes, sequence: int, *, answer: bool = False, flags: int = 0x18, has: int = 0
) -> Frame:
    """A segment between the machine and port 80 of the boot server; each stream begins at its first octet.

    Args:
        at: seconds from the beginning.
        payload: what it brings.
        sequence: the number of its first octet.
        answer: whether the server sends it.
        flags: ACK and PSH.
        has: the acknowledgement number.
    """
    ends = (NODE.mac, BOOT_MAC) if not answer else (BOOT_MAC, NODE.mac)
    ports = (2000, 80) if not answer else (80, 2000)
    addresses = (IPv4Address("192.168.99.100"), IPv4Address("192.168.99.40"))
    source, destination = addresses if not answer else addresses[::-1]
    header = struct.pack("!HHIIBBHHH", *ports, sequence, has, 0x50, flags, 1024, 0, 0)
    total = 20 + len(header) + len(payload)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, total, 1, 0, 64, 6, 0) + source.packed + destination.packed
    octets = ends[1].packed + ends[0].packed + b"\x08\x00" + ip + header + payload
    return Frame(octets, BEGAN + at)
