"""Packets of every link type that is read come as Ethernet frames without VLAN tags."""

from __future__ import annotations

import struct
from typing import Final

import pytest

from edgeboot.base.mac import BROADCAST
from edgeboot.host.wire.frame import Frame
from tests.unit.host.capture.files import FRAME, packets, pcap, record
from tests.unit.samples import SERVER_MAC

PACKET: Final = FRAME[14:]
NOBODY: Final = bytes(6)
SOURCE: Final = SERVER_MAC.packed
COOKED: Final = struct.pack("!HHH6sxxH", 1, 1, 6, SOURCE, 0x0800) + PACKET
COOKED_2: Final = struct.pack("!HxxIHBB6sxx", 0x0800, 3, 1, 1, 6, SOURCE) + PACKET
TAG_5: Final = b"\x81\x00\xe0\x05"
TAG_100: Final = b"\x88\xa8\x00\x64"


@pytest.mark.parametrize(
    "link_type,captured,source,destination",
    [
        (113, COOKED, SOURCE, BROADCAST.packed),
        (276, COOKED_2, SOURCE, BROADCAST.packed),
        (113, struct.pack("!HHH", 4, 1, 6) + COOKED[6:], SOURCE, NOBODY),
        (113, struct.pack("!HHH", 0, 772, 0) + COOKED[6:], NOBODY, NOBODY),
        (12, PACKET, NOBODY, NOBODY),
        (14, PACKET, NOBODY, NOBODY),
        (101, PACKET, NOBODY, NOBODY),
        (228, PACKET, NOBODY, NOBODY),
        (0, struct.pack("<I", 2) + PACKET, NOBODY, NOBODY),
        (108, struct.pack(">I", 2) + PACKET, NOBODY, NOBODY),
    ],
)
def test_packet_is_an_ethernet_frame(
    link_type: int, captured: bytes, source: bytes, destination: bytes
) -> None:
    """Zeros stand for the addresses that the link type lacks."""
    [packet] = packets(pcap([captured], link_type=link_type))
    assert packet.octets == destination + source + b"\x08\x00" + PACKET
    assert packet.wire_length == len(FRAME)


@pytest.mark.parametrize("link_type", [101, 229])
def test_packet_of_ipv6_is_told_by_its_version(link_type: int) -> None:
    """Raw IP has no protocol field."""
    [packet] = packets(pcap([b"\x60" + bytes(39)], link_type=link_type))
    assert packet.octets[12:14] == b"\x86\xdd"


@pytest.mark.parametrize("link_type", [0, 1, 12, 101, 108, 113, 228, 276])
@pytest.mark.parametrize("length", range(21))
def test_packet_cut_within_its_header_is_read(link_type: int, length: int) -> None:
    """As a frame that has nothing to say."""
    [packet] = packets(pcap([], link_type=link_type) + record(bytes(length), wire_length=60))
    assert len(packet.octets) <= length + 14
    assert packet.cut


@pytest.mark.parametrize(
    "tags,vlans",
    [
        (TAG_5, (5,)),
        (TAG_100 + TAG_5, (100, 5)),
        (b"\x91\x00\x00\x07" + TAG_5, (7, 5)),
        (TAG_5 * 3, (5, 5, 5)),
    ],
)
def test_vlan_tags_are_peeled_and_kept(tags: bytes, vlans: tuple[int, ...]) -> None:
    """IEEE 802.1Q, QinQ, and the outer tag of older switches."""
    [packet] = packets(pcap([FRAME[:12] + tags + FRAME[12:]]))
    assert (packet.octets, packet.vlans, packet.wire_length) == (FRAME, vlans, len(FRAME))


def test_frame_of_a_tagged_packet_has_its_tag() -> None:
    """A client without VLANs drops it."""
    [packet] = packets(pcap([FRAME[:12] + TAG_5 + FRAME[12:]]))
    assert packet.frame == Frame(FRAME[:12] + b"\x81\x00\x00\x05" + FRAME[12:], packet.at, number=1)
    assert packet.frame.vlan == 5


def test_tag_in_a_cooked_capture_is_peeled() -> None:
    """libpcap puts it where the protocol stood."""
    [packet] = packets(pcap([COOKED[:14] + TAG_5 + COOKED[14:]], link_type=113))
    assert (packet.octets, packet.vlans) == (FRAME, (5,))


def test_tag_that_was_cut_stays() -> None:
    """What it belongs to is not in the capture."""
    [packet] = packets(pcap([]) + record(FRAME[:12] + TAG_5, wire_length=len(FRAME) + 4))
    assert (packet.octets[12:], packet.vlans) == (TAG_5, ())
