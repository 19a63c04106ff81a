"""Capture files, octet by octet, as the formats' descriptions have them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from edgeboot.base.mac import BROADCAST
from edgeboot.host.wire.capture.opening import Capture
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.frame import udp_frame
from tests.unit.samples import EVERYBODY, SERVER, SERVER_MAC

AT: Final = 1_700_000_000
FRAME: Final = udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, 68), bytes(range(250)))
ETHERNET: Final = 1


def pcap(
    frames: Iterable[bytes] = (FRAME,),
    *,
    link_type: int = ETHERNET,
    order: str = "<",
    nanoseconds: bool = False,
) -> bytes:
    """A classic capture file, with a packet a second from ``AT`` on, half a second past each."""
    magic, parts = (0xA1B23C4D, 10**9) if nanoseconds else (0xA1B2C3D4, 10**6)
    header = struct.pack(f"{order}IHHIIII", magic, 2, 4, 0, 0, 262_144, link_type)
    records = (record(frame, AT + number, parts // 2, order=order) for number, frame in enumerate(frames))
    return header + b"".join(records)


def record(frame: bytes, at: int = AT, fraction: int = 0, *, wire_length: int = 0, order: str = "<") -> bytes:
    """A packet of a classic capture file."""
    return struct.pack(f"{order}IIII", at, fraction, len(frame), wire_length or len(frame)) + frame


def section(order: str = "<") -> bytes:
    """A section header block of pcapng."""
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(
    link_type: int = ETHERNET, options: bytes = b"", *, snap_length: int = 0, order: str = "<"
) -> bytes:
    """An interface description block."""
    return block(1, struct.pack(f"{order}HHI", link_type, 0, snap_length) + options, order)


def enhanced(
    frame: bytes = FRAME, *, ticks: int = AT * 10**6, number: int = 0, options: bytes = b"", order: str = "<"
) -> bytes:
    """An enhanced packet block."""
    fields = number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)
    return block(6, struct.pack(f"{order}IIIII", *fields) + padded(frame) + options, order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """An option of a block."""
    return struct.pack(f"{order}HH", code, len(value)) + padded(value)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng, whose length stands at both of its ends."""
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def padded(octets: bytes) -> bytes:
    """To a multiple of four."""
    return octets + bytes(-len(octets) % 4)


def opened(octets: bytes) -> Capture:
    """A capture of these octets, as of a file with a name."""
    return Capture("boot.pcap", BytesIO(octets))


def packets(octets: bytes) -> list[CapturedPacket]:
    """The packets of a capture that is whole."""
    capture = opened(octets)
    found = list(capture)
    assert not capture.damage
    return found
