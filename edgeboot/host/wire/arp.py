"""ARP (RFC 826) for addresses that are used without the kernel's network stack."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from scapy.layers.l2 import ARP

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.wire.frame import Frame, ethernet_header, layers
from edgeboot.host.wire.port import Port

WHO_HAS: Final = 1
IS_AT: Final = 2
_OF_IPV4_OVER_ETHERNET: Final = bytes.fromhex("0001 0800 06 04")
"""Hardware and protocol, and the lengths of their addresses."""
_LENGTH: Final = 28


def message(frame: Frame) -> ARP | None:
    """The frame's ARP message for IPv4 over Ethernet; None if it has none."""
    packet = frame.packet
    if not packet.startswith(_OF_IPV4_OVER_ETHERNET) or len(packet) < _LENGTH:
        return None
    return layers(frame).getlayer(ARP)


def claim(frame: Frame) -> tuple[IPv4Address, MacAddress] | None:
    """The IP and MAC address of the sender of an ARP reply; None for any other frame."""
    reply = message(frame)
    if reply is None or reply.op != IS_AT:
        return None
    return IPv4Address(reply.psrc), MacAddress.parse(reply.hwsrc)


def announced(frame: Frame) -> tuple[IPv4Address, MacAddress] | None:
    """Who announces which address (RFC 5227 section 2.3); None for any other frame."""
    said = message(frame)
    if said is None or said.psrc != said.pdst or not int(IPv4Address(said.psrc)):
        return None
    return IPv4Address(said.psrc), MacAddress.parse(said.hwsrc)


def ask(port: Port, own_address: IPv4Address, address: IPv4Address) -> None:
    """Broadcast an ARP request for ``address``; from 0.0.0.0 it is a probe (RFC 5227 section 2.1.1)."""
    request = ethernet_header(port.mac, BROADCAST) / ARP(
        op="who-has", hwsrc=str(port.mac), psrc=str(own_address), pdst=str(address)
    )
    port.send(bytes(request))


def announce(port: Port, own_address: IPv4Address) -> None:
    """Broadcast an ARP announcement of ``own_address`` (RFC 5227 section 2.3)."""
    announcement = ethernet_header(port.mac, BROADCAST) / ARP(
        op="who-has", hwsrc=str(port.mac), psrc=str(own_address), pdst=str(own_address)
    )
    port.send(bytes(announcement))


def answer(port: Port, frame: Frame, own_address: IPv4Address) -> None:
    """Send an ARP reply if the frame is an ARP request for ``own_address``."""
    request = message(frame)
    if request is None or request.op != WHO_HAS or request.pdst != str(own_address):
        return
    reply = ethernet_header(port.mac, MacAddress.parse(request.hwsrc)) / ARP(
        op="is-at", hwsrc=str(port.mac), psrc=request.pdst, hwdst=request.hwsrc, pdst=request.psrc
    )
    port.send(bytes(reply))
