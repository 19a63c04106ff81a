"""Capture files of tcpdump and Wireshark: written, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scapy.utils import RawPcapWriter

from edgeboot.host.wire.capture.opening import open_capture
from edgeboot.host.wire.frame import Frame


def read_pcap(path: Path) -> Iterator[Frame]:
    """The frames of a capture, in its order; of one that was cut off those that are whole.

    Raises:
        UsageError: it is no capture.
    """
    with open_capture(path) as capture:
        for packet in capture:
            yield packet.frame


def write_pcap(path: Path, frames: Iterable[Frame]) -> None:
    """Write frames ordered by time stamp, with microseconds (LINKTYPE_ETHERNET)."""
    ordered = sorted(frames, key=lambda frame: frame.at)
    with RawPcapWriter(str(path), linktype=1) as writer:
        writer.write_header(None)
        for frame in ordered:
            seconds = int(frame.at)
            writer.write_packet(frame.octets, sec=seconds, usec=int((frame.at - seconds) * 1e6))
