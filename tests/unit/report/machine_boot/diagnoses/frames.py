"""Frames that make one entry of the catalogue each, and the diagnoses of a machine that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import ICMP, IP
from scapy.layers.l2 import ARP
from scapy.utils import checksum

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.host.wire.frame import Frame, dissect, ethernet_header, udp_frame
from edgeboot.report.machine_boot.diagnoses.diagnose import diagnose
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.rounds import rounds
from edgeboot.report.machine_boot.traffic import MachineTraffic
from tests.unit.report.captured import ADDRESS, BEGAN
from tests.unit.samples import NODE, SERVER, SERVER_MAC

STRANGER: Final = MacAddress.parse("52:54:00:00:00:77")
LATER: Final = 60.0
"""Seconds, by which every client has given up."""


def diagnosed(
    frames: Sequence[Frame], ends: float = LATER, client: str | None = "edk2-pxe-x86-64"
) -> tuple[Diagnosis, ...]:
    """Of the machine of these frames, whose capture ends so many seconds after it began."""
    numbered = [replace(frame, number=number) for number, frame in enumerate(frames, 1)]
    every = rounds(MachineTraffic(NODE.mac, numbered, "the place of this capture"))
    profile = None if client is None else CLIENTS[client]
    return diagnose(every, [profile] * len(every), BEGAN + ends)


def kinds(frames: Sequence[Frame], ends: float = LATER, client: str | None = "edk2-pxe-x86-64") -> list[str]:
    """The names of these."""
    return [each.kind.value for each in diagnosed(frames, ends, client)]


def in_vlan(frame: Frame, identifier: int) -> Frame:
    """The frame with a tag (IEEE 802.1Q)."""
    return replace(frame, octets=frame.octets[:12] + b"\x81\x00" + identifier.to_bytes(2) + frame.octets[12:])


def damaged(frame: Frame) -> Frame:
    """The frame with one bit of its payload turned."""
    return replace(frame, octets=frame.octets[:-1] + bytes((frame.octets[-1] ^ 1,)))


def left_to_the_card(frame: Frame) -> Frame:
    """The frame as it is captured where it was sent, with checksum offload."""
    ends, length = frame.octets[26:34], frame.octets[38:40]
    left = 0xFFFF ^ int(checksum(ends + b"\0\x11" + length))
    return replace(frame, octets=frame.octets[:40] + left.to_bytes(2) + frame.octets[42:])


def question(at: float, name: str, *, answer: str | None = None, code: int | None = None) -> Frame:
    """A question to the server's port 53, or the answer to it."""
    asked = DNS(id=7, rd=1, qd=DNSQR(qname=name))
    node, server = (ADDRESS, 2053), (SERVER, 53)
    if answer is None and code is None:
        return Frame(udp_frame(NODE.mac, SERVER_MAC, node, server, bytes(asked)), BEGAN + at)
    records = [] if answer is None else [DNSRR(rrname=name, rdata=answer)]
    said = DNS(id=7, qr=1, rcode=code or 0, qd=DNSQR(qname=name), an=records)
    return Frame(udp_frame(SERVER_MAC, NODE.mac, server, node, bytes(said)), BEGAN + at)


def from_elsewhere(frame: Frame, source: IPv4Address) -> Frame:
    """A datagram as another machine sends it."""
    sent = dissect(frame)
    assert sent is not None
    ends = (source, sent.source_port), (sent.destination, sent.destination_port)
    return replace(frame, octets=udp_frame(STRANGER, sent.destination_mac, *ends, sent.payload))


def asks_for(at: float, address: IPv4Address) -> Frame:
    """The machine asks by ARP who has an address."""
    request = ARP(op="who-has", hwsrc=str(NODE.mac), psrc=str(ADDRESS), pdst=str(address))
    return Frame(bytes(ethernet_header(NODE.mac, BROADCAST) / request), BEGAN + at)


def port_is_closed(at: float, refused: Frame) -> Frame:
    """The ICMP message by which a host says that nobody listens on the port of a datagram."""
    sent = dissect(refused)
    assert sent is not None
    ends = {"src": str(sent.destination), "dst": str(sent.source)}
    said = IP(**ends) / ICMP(type=3, code=3) / refused.octets[14:42]
    return Frame(bytes(ethernet_header(SERVER_MAC, NODE.mac) / said), BEGAN + at)
