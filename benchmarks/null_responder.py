"""Answers every DHCPDISCOVER and DHCPREQUEST at once, and remembers nothing: what a storm itself costs.

usage: python -m benchmarks.null_responder INTERFACE

Each Ethernet address has an IP address of its own. It prints "ready", and ends by SIGTERM.
"""

from __future__ import annotations

import select
import signal
import struct
import sys
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import BOOTREPLY, LIMITED_BROADCAST, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import udp_frame
from edgeboot.host.wire.packet_ring import PacketRing

SERVER: Final = IPv4Address("10.55.0.1")
CLIENT: Final = IPv4Address("10.55.0.2")
"""A client with the kernel's stack: perfdhcp, which asks as a relay with its own address."""
_MAC: Final = MacAddress.parse("02:eb:57:ff:ff:02")
_MESSAGE: Final = 42
_XID, _GIADDR, _CHADDR, _YIADDR, _TYPE = 4, 24, 28, 16, 242
_UDP_CHECKSUM: Final = slice(40, 42)


def reply(message_type: MessageType, *, relayed: bool) -> bytearray:
    """A reply without client; its UDP checksum is left out, since only its fields change."""
    options = Options(
        (
            option(Code.DHCP_MESSAGE_TYPE, message_type),
            option(Code.SERVER_IDENTIFIER, SERVER),
            option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4),
            option(Code.SUBNET_MASK, IPv4Address("255.0.0.0")),
        )
    )
    giaddr = CLIENT if relayed else IPv4Address(0)
    message = DhcpMessage(BOOTREPLY, 0, MacAddress(bytes(6)), options, giaddr=giaddr)
    to = (CLIENT, SERVER_PORT) if relayed else (LIMITED_BROADCAST, CLIENT_PORT)
    frame = bytearray(udp_frame(_MAC, BROADCAST, (SERVER, SERVER_PORT), to, message.encode()))
    frame[_UDP_CHECKSUM] = b"\0\0"
    return frame


def main(interface: str) -> None:
    """Answer until SIGTERM."""
    ring = PacketRing(interface, namespace=None, bpf="udp dst port 67")
    offers, acks = (
        [reply(each, relayed=relayed) for relayed in (False, True)]
        for each in (MessageType.DHCPOFFER, MessageType.DHCPACK)
    )
    octets = struct.Struct("!6x6s30x4x4s16x4s6s").unpack_from

    def answer(memory: memoryview, start: int, end: int, at: float) -> None:
        del end, at
        source, xid, giaddr, chaddr = octets(memory, start)
        replies = offers if memory[start + _MESSAGE + _TYPE] == MessageType.DHCPDISCOVER.value else acks
        relayed = giaddr != b"\0\0\0\0"
        frame = replies[relayed]
        if relayed:
            frame[:6] = source
        frame[_MESSAGE + _XID : _MESSAGE + _XID + 4] = xid
        frame[_MESSAGE + _YIADDR : _MESSAGE + _YIADDR + 4] = b"\x0a" + chaddr[3:]
        frame[_MESSAGE + _CHADDR : _MESSAGE + _CHADDR + 6] = chaddr
        ring.send(frame)

    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    print("ready", flush=True)
    while not ended:
        if not ring.drain(answer):
            select.select([ring], [], [], 0.5)


if __name__ == "__main__":
    main(sys.argv[1])
