"""ARP (RFC 826) for addresses that are used without the kernel's network stack."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final, NamedTuple

from scapy.layers.l2 import ARP

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.wire.frame import Frame, ethernet_header
from edgeboot.host.wire.port import Port

WHO_HAS: Final = 1
IS_AT: Final = 2
_ETHERNET: Final = 14
_BEGINNING: Final = bytes.fromhex("0806 0001 0800 06 04")
"""The frame's type; hardware and protocol, and the lengths of their addresses."""
_LENGTH: Final = 28


class ArpMessage(NamedTuple):
    """The fields of a message, by scapy's names."""

    op: int
    hwsrc: MacAddress
    psrc: IPv4Address
    pdst: IPv4Address


def message(frame: Frame) -> ArpMessage | None:
    """The frame's ARP message for IPv4 over Ethernet; None if it has none."""
    octets = frame.untagged.octets
    if octets[12:20] != _BEGINNING or len(octets) < _ETHERNET + _LENGTH:
        return None
    operation, hwsrc, psrc, pdst = octets[20:22], octets[22:28], octets[28:32], octets[38:42]
    return ArpMessage(int.from_bytes(operation), MacAddress(hwsrc), IPv4Address(psrc), IPv4Address(pdst))


def claim(frame: Frame) -> tuple[IPv4Address, MacAddress] | None:
    """The IP and MAC address of the sender of an ARP reply; None for any other frame."""
    reply = message(frame)
    if reply is None or reply.op != IS_AT:
        return None
    return reply.psrc, reply.hwsrc


def announced(frame: Frame) -> tuple[IPv4Address, MacAddress] | None:
    """Who announces which address (RFC 5227 section 2.3); None for any other frame."""
    said = message(frame)
    if said is None or said.psrc != said.pdst or said.psrc.is_unspecified:
        return None
    return said.psrc, said.hwsrc


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
    if request is None or request.op != WHO_HAS or request.pdst != own_address:
        return
    ends = {"psrc": str(own_address), "hwdst": str(request.hwsrc), "pdst": str(request.psrc)}
    reply = ethernet_header(port.mac, request.hwsrc) / ARP(op="is-at", hwsrc=str(port.mac), **ends)
    port.send(bytes(reply))
