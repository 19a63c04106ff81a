"""Capture files of tcpdump and Wireshark: written, and read again."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from scapy.utils import RawPcapWriter

from edgeboot.host.wire.frame import Frame

_GLOBAL_HEADER: Final = 24
_ORDERS: Final = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}
"""The byte order by the magic number, of files with microseconds."""


def read_pcap(path: Path) -> Iterator[Frame]:
    """The frames of a file, in its order; of one that was cut off those that are whole.

    Raises:
        ValueError: it is no such file.
    """
    octets = path.read_bytes()
    order = _ORDERS.get(octets[:4])
    if order is None or len(octets) < _GLOBAL_HEADER:
        raise ValueError(f"{path} is no capture file with microseconds")
    record = struct.Struct(f"{order}IIII")
    at = _GLOBAL_HEADER
    while at + record.size <= len(octets):
        seconds, microseconds, length, _ = record.unpack_from(octets, at)
        at += record.size
        if at + length > len(octets):
            return
        yield Frame(octets[at : at + length], seconds + microseconds / 1e6)
        at += length


def write_pcap(path: Path, frames: Iterable[Frame]) -> None:
    """Write frames ordered by time stamp, with microseconds (LINKTYPE_ETHERNET)."""
    ordered = sorted(frames, key=lambda frame: frame.at)
    with RawPcapWriter(str(path), linktype=1) as writer:
        writer.write_header(None)
        for frame in ordered:
            seconds = int(frame.at)
            writer.write_packet(frame.octets, sec=seconds, usec=int((frame.at - seconds) * 1e6))
