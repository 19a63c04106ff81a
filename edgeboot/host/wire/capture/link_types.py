"""Link types of captures (tcpdump.org/linktypes.html): what each puts before a packet, read as Ethernet.

Where a link type has no Ethernet addresses, zeros stand in their place: raw IP and loopback have none, and
Linux cooked has the sender's, and of the destination only whether it is the broadcast address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from edgeboot.host.wire.capture.packet import CapturedPacket

ETHERNET: Final = 1
_TAGS: Final = frozenset({b"\x81\x00", b"\x88\xa8", b"\x91\x00", b"\x92\x00"})
"""IEEE 802.1Q, 802.1ad, and what switches used for outer tags before it."""
_TAG: Final = 4
_ADDRESSES: Final = 12
_NO_ADDRESS: Final = bytes(6)
_BROADCAST: Final = b"\xff" * 6
_TO_ALL: Final = 1
"""The packet type of Linux cooked captures for a frame to the broadcast address."""
_IP_TYPES: Final = {4: b"\x08\x00", 6: b"\x86\xdd"}
_NOTHING: Final = b"\0\0"

ToEthernet = Callable[[bytes], bytes]


def _ethernet(octets: bytes) -> bytes:
    return octets


def _cooked(octets: bytes) -> bytes:
    """LINKTYPE_LINUX_SLL: packet type, device type, address length, address, protocol (16 octets)."""
    if len(octets) < 16:
        return b""
    source = octets[6:12] if octets[4:6] == b"\0\x06" else _NO_ADDRESS
    return _addressed(int.from_bytes(octets[:2]), source) + octets[14:]


def _cooked_2(octets: bytes) -> bytes:
    """LINKTYPE_LINUX_SLL2: protocol, interface, device and packet type, address (20 octets)."""
    if len(octets) < 20:
        return b""
    source = octets[12:18] if octets[11] == len(_NO_ADDRESS) else _NO_ADDRESS
    return _addressed(octets[10], source) + octets[:2] + octets[20:]


def _addressed(packet_type: int, source: bytes) -> bytes:
    return (_BROADCAST if packet_type == _TO_ALL else _NO_ADDRESS) + source


def _ip(octets: bytes) -> bytes:
    """LINKTYPE_RAW: the packet alone."""
    kind = _IP_TYPES.get(octets[0] >> 4, _NOTHING) if octets else _NOTHING
    return bytes(_ADDRESSES) + kind + octets


def _loopback(octets: bytes) -> bytes:
    """LINKTYPE_NULL and LINKTYPE_LOOP: an address family, whose numbers differ by system, and the packet."""
    return _ip(octets[4:])


LINK_TYPES: Final[Mapping[int, ToEthernet]] = {
    0: _loopback,
    ETHERNET: _ethernet,
    # Raw IP, whose number was another on each system; then that of files.
    12: _ip,
    14: _ip,
    101: _ip,
    108: _loopback,
    113: _cooked,
    228: _ip,
    229: _ip,
    276: _cooked_2,
}
_OTHERS: Final = {
    9: "PPP",
    105: "IEEE 802.11 (Wi-Fi)",
    119: "IEEE 802.11 (Wi-Fi) with Prism's header",
    127: "IEEE 802.11 (Wi-Fi) with radiotap's header",
    189: "USB",
    192: "PPI",
    220: "USB",
    239: "netfilter's log",
    249: "USB",
    253: "netlink",
    258: "Apple's PKTAP",
}
UNREAD_HINT: Final = "capture Ethernet: at a bridge, a switch's mirror port, or the machine's own interface"


def named(link_type: int) -> str:
    """What a link type that cannot be read is, as an error names it."""
    name = _OTHERS.get(link_type)
    return f"{name}, link type {link_type}" if name else f"link type {link_type}"


def packet(
    number: int,
    at: float,
    captured: bytes,
    wire_length: int,
    to_ethernet: ToEthernet,
    interface: int = 0,
    *,
    outer: tuple[int, ...] = (),
    checksum_pending: bool = False,
) -> CapturedPacket:
    """A packet from the octets that a capture has of it, its link layer replaced and its tags peeled.

    ``outer`` are tags that were taken off before it was captured.
    """
    octets, vlans = captured, outer
    if to_ethernet is not _ethernet:
        octets = to_ethernet(captured)
        wire_length += len(octets) - len(captured)
    if octets[_ADDRESSES : _ADDRESSES + 2] in _TAGS:
        octets, inner = _peeled(octets)
        vlans = (*outer, *inner)
        wire_length -= _TAG * len(inner)
    return _new(CapturedPacket, (number, at, octets, wire_length, vlans, interface, checksum_pending))


# The constructor that NamedTuple makes takes twice as long.
_new: Final = tuple.__new__


def _peeled(octets: bytes) -> tuple[bytes, tuple[int, ...]]:
    """The frame without its VLAN tags, and their identifiers; a tag that was cut stays."""
    at, vlans = _ADDRESSES, []
    while octets[at : at + 2] in _TAGS and len(octets) >= at + _TAG + 2:
        vlans.append(int.from_bytes(octets[at + 2 : at + _TAG]) & 0xFFF)
        at += _TAG
    return octets[:_ADDRESSES] + octets[at:], tuple(vlans)
