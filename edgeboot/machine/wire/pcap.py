"""Writes capture files for tcpdump and Wireshark."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scapy.utils import RawPcapWriter

from edgeboot.machine.wire.frame import Frame


def write_pcap(path: Path, frames: Iterable[Frame]) -> None:
    """Write frames ordered by time stamp, with microseconds (LINKTYPE_ETHERNET)."""
    ordered = sorted(frames, key=lambda frame: frame.at)
    with RawPcapWriter(str(path), linktype=1) as writer:
        writer.write_header(None)
        for frame in ordered:
            seconds = int(frame.at)
            writer.write_packet(frame.octets, sec=seconds, usec=int((frame.at - seconds) * 1e6))
