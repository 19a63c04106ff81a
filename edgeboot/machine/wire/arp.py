"""ARP (RFC 826) for who has an address on the segment and no kernel's stack there."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from scapy.layers.l2 import ARP

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.machine.wire.frame import Frame, ethernet_header, layers
from edgeboot.machine.wire.port import Port

WHO_HAS: Final = 1
IS_AT: Final = 2


def message(frame: Frame) -> ARP | None:
    """The frame's ARP message about IPv4 on Ethernet; None when it carries none."""
    arp = layers(frame).getlayer(ARP)
    return arp if arp is not None and (arp.hwlen, arp.plen) == (6, 4) else None


def claim(frame: Frame) -> tuple[IPv4Address, MacAddress] | None:
    """Which address a frame says is whose; None where it is no ARP reply."""
    told = message(frame)
    if told is None or told.op != IS_AT:
        return None
    return IPv4Address(told.psrc), MacAddress.parse(told.hwsrc)


def ask(port: Port, own_address: IPv4Address, address: IPv4Address) -> None:
    """Ask everybody who has ``address``; from 0.0.0.0 it is a probe (RFC 5227 section 2.1.1)."""
    asked = ethernet_header(port.mac, BROADCAST) / ARP(
        op="who-has", hwsrc=str(port.mac), psrc=str(own_address), pdst=str(address)
    )
    port.send(bytes(asked))


def announce(port: Port, own_address: IPv4Address) -> None:
    """Tell everybody, unasked, where ``own_address`` is now (RFC 5227 section 2.3)."""
    told = ethernet_header(port.mac, BROADCAST) / ARP(
        op="who-has", hwsrc=str(port.mac), psrc=str(own_address), pdst=str(own_address)
    )
    port.send(bytes(told))


def answer(port: Port, frame: Frame, own_address: IPv4Address) -> None:
    """Say where ``own_address`` is, if that is what the frame asks."""
    asked = message(frame)
    if asked is None or asked.op != WHO_HAS or asked.pdst != str(own_address):
        return
    reply = ethernet_header(port.mac, MacAddress.parse(asked.hwsrc)) / ARP(
        op="is-at", hwsrc=str(port.mac), psrc=asked.pdst, hwdst=asked.hwsrc, pdst=asked.psrc
    )
    port.send(bytes(reply))
