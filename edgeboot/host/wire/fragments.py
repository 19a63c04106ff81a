"""Puts datagrams together that came in fragments (RFC 791 section 3.2).

EDK2's DHCPREQUEST allows an answer of 65,280 octets (option 57), longer than a frame, and its IP driver
takes fragments (NetworkPkg/Ip4Dxe, Ip4Reassemble). What is put together is a frame that never passed:
evidence has its fragments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from edgeboot.host.wire.frame import Frame

_ETHERNET: Final = 14
_IPV4: Final = b"\x08\x00"
_SHORTEST_HEADER: Final = 20
_MORE: Final = 0x2000
_OFFSET: Final = 0x1FFF
_UNIT: Final = 8
"""Octets that an offset counts."""
_LONGEST: Final = 65_535
_KEPT: Final = 64
"""Datagrams of which fragments are kept: whoever sends parts alone must not fill the memory."""


@dataclass(slots=True)
class _Parts:
    """The fragments of one datagram that have come, by their offsets in octets."""

    header: bytes = b""
    octets: dict[int, bytes] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    length: int | None = None
    """Of the whole; None until the last fragment has come."""

    def whole(self) -> bytes | None:
        """The datagram's payload; None where something of it lacks."""
        if self.length is None or not self.header:
            return None
        payload = bytearray()
        while len(payload) < self.length:
            part = self.octets.get(len(payload))
            if not part:
                return None
            payload += part
        return bytes(payload)


class Reassembly:
    """Of the fragments that come to one place; of many datagrams at once it forgets the oldest."""

    def __init__(self) -> None:
        self._datagrams: dict[bytes, _Parts] = {}

    def whole(self, frame: Frame) -> Frame | None:
        """The frame, if it is no fragment; with the last missing fragment, a frame with the whole datagram.

        None for a fragment that does not complete its datagram, and for what cannot be one.
        """
        packet = frame.packet
        if frame.untagged.octets[12:_ETHERNET] != _IPV4 or len(packet) < _SHORTEST_HEADER:
            return frame
        fragment = int.from_bytes(packet[6:8])
        if not fragment & (_MORE | _OFFSET):
            return frame
        header, offset = 4 * (packet[0] & 0xF), _UNIT * (fragment & _OFFSET)
        octets = packet[header : int.from_bytes(packet[2:4])]
        if header < _SHORTEST_HEADER or not octets or header + offset + len(octets) > _LONGEST:
            return None
        # Source and destination, protocol, and identification (RFC 791 section 3.2).
        key = packet[12:20] + packet[9:10] + packet[4:6]
        parts = self._datagrams.setdefault(key, _Parts())
        parts.octets[offset] = octets
        parts.frames[offset] = frame
        if not offset:
            parts.header = packet[:header]
        if not fragment & _MORE:
            parts.length = offset + len(octets)
        payload = parts.whole()
        if payload is None:
            if len(self._datagrams) > _KEPT:
                del self._datagrams[next(iter(self._datagrams))]
            return None
        del self._datagrams[key]
        return replace(_put_together(frame, parts.header, payload), fragments=tuple(parts.frames.values()))


def reassembled(frames: Iterable[Frame]) -> Iterator[Frame]:
    """The frames, with whole datagrams in place of the last fragments, and without the others."""
    reassembly = Reassembly()
    for frame in frames:
        whole = reassembly.whole(frame)
        if whole is not None:
            yield whole


def _put_together(last: Frame, header: bytes, payload: bytes) -> Frame:
    """The datagram as one frame, at the time of its last fragment."""
    length = (len(header) + len(payload)).to_bytes(2)
    # The checksum of the fragments' headers, which had other lengths, is taken over by its difference.
    whole = header[:2] + length + header[4:6] + b"\0\0" + header[8:]
    whole = whole[:10] + _with_difference(header, whole) + whole[12:]
    ethernet = last.octets[: len(last.octets) - len(last.packet)]
    return replace(last, octets=ethernet + whole + payload)


def _with_difference(old: bytes, new: bytes) -> bytes:
    """The header checksum after some of its words have changed (RFC 1624): a wrong one stays wrong."""
    total = ~int.from_bytes(old[10:12]) & 0xFFFF
    for at in (2, 6):
        total += (~int.from_bytes(old[at : at + 2]) & 0xFFFF) + int.from_bytes(new[at : at + 2])
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).to_bytes(2)
