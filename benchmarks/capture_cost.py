"""What reading a capture costs for each packet, beside scapy's readers of raw packets, in one run.

usage: python -m benchmarks.capture_cost [PACKETS]

scapy's give the octets as they stand in the file; ours have the link layer replaced and the VLAN tags
peeled. Time is that of the processor, so that a busy machine changes the ratio little. It ends with 1 if
ours reads less than ``LEAST`` packets a second.
"""

from __future__ import annotations

import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from scapy.utils import RawPcapNgReader, RawPcapReader

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.wire.capture.opening import open_capture
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.ring_file import RingFile
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.host.wire.pcap import write_pcap

LEAST: Final = 250_000
"""Packets a second: a fifth of the time that a whole reading at 50,000 a second has."""
_MAC: Final = MacAddress.parse("02:eb:00:00:00:01")
_ENDS: Final = (IPv4Address("10.0.0.1"), 67), (IPv4Address("10.0.0.2"), 68)
_LENGTHS: Final = (300, 590, 1468, 1468, 1468, 4)
"""Payloads of a DHCP message, an offer, blocks of TFTP, and an acknowledgement."""


def frames(count: int, tag: bytes = b"") -> list[Frame]:
    """Frames as of boots, each with a tag, if any."""
    made = [udp_frame(_MAC, BROADCAST, *_ENDS, bytes(length)) for length in _LENGTHS]
    tagged = [octets[:12] + tag + octets[12:] for octets in made]
    return [Frame(tagged[number % len(tagged)], 1e9 + number / 1e4) for number in range(count)]


def rate(read: Callable[[], Iterable[object]], count: int) -> float:
    """Packets a second of processor time."""
    began = time.process_time()
    assert sum(1 for _ in read()) == count
    return count / (time.process_time() - began)


def compared(title: str, file: Path, scapys: type[RawPcapReader], count: int) -> bool:
    """Print one line; whether ours is fast enough."""
    ours, theirs = rate(lambda: open_capture(file), count), rate(lambda: scapys(str(file)), count)
    print(f"{title:24}{ours:14,.0f}{theirs:14,.0f}{ours / theirs:10.1f}")
    return ours >= LEAST


def main(count: int) -> int:
    """Measure each format and print one table; 1 if one is too slow."""
    print(f"{'packets a second':24}{'ours':>14}{'scapy':>14}{'ratio':>10}")
    enough = True
    with tempfile.TemporaryDirectory() as directory:
        for title, tag in (("pcap", b""), ("pcap, VLAN tags", struct.pack("!HH", 0x8100, 5))):
            file = Path(directory) / "boot.pcap"
            write_pcap(file, frames(count, tag))
            enough &= compared(title, file, RawPcapReader, count)
        file = Path(directory) / "boot.pcapng"
        with RingFile(file, "virbr1", count << 11) as ring:
            ring.write(
                CapturedPacket(number, frame.at, frame.octets, len(frame.octets))
                for number, frame in enumerate(frames(count), 1)
            )
        enough &= compared("pcapng", file, RawPcapNgReader, count)
    return int(not enough)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
