"""tshark and our readers agree on a capture: packets, tags, DHCP messages and options, and TFTP files."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.wire.capture.opening import open_capture
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.node.matching import dhcp_message
from edgeboot.report.machine_boot.traffic import MachineTraffic
from tests.unit.host.capture.files import pcap

pytestmark = pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark is not on PATH to compare with"
)
CAPTURES: Final = sorted((PROJECT / "tests" / "captures").rglob("*.pcap"))
BOOT: Final = PROJECT / "tests" / "captures" / "machines" / "started.pcap"
FIELDS: Final = ("frame.number", "frame.time_epoch", "frame.len", "dhcp.option.dhcp", "dhcp.option.type")
END_OF_OPTIONS: Final = "0"
"""As tshark shows option 255."""


class Shown(NamedTuple):
    """What is compared of one packet."""

    number: int
    at: float
    wire_length: int
    kind: int | None
    options: tuple[int, ...]


def command(*arguments: str | Path) -> str:
    """What a command of Wireshark prints."""
    run = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=True)
    return run.stdout


def of_tshark(capture: Path) -> list[Shown]:
    """Its packets, as tshark reads them."""
    fields = [word for field in FIELDS for word in ("-e", field)]
    return [_shown(line) for line in command("tshark", "-r", capture, "-T", "fields", *fields).splitlines()]


def _shown(line: str) -> Shown:
    number, at, length, kind, options = line.split("\t")
    codes = tuple(int(each) for each in options.split(",") if each and each != END_OF_OPTIONS)
    return Shown(int(number), round(float(at), 5), int(length), int(kind) if kind else None, codes)


def of_ours(capture: Path, header: int = 0) -> list[Shown]:
    """Its packets, as we read them; ``header`` is by how much its link layer is longer than Ethernet's."""
    with open_capture(capture) as packets:
        return [_read(packet, header) for packet in packets]


def _read(packet: CapturedPacket, header: int) -> Shown:
    found = dhcp_message(packet.frame.untagged)
    message: DhcpMessage | None = found[0] if found is not None else None
    kind = message.message_type if message is not None else None
    codes = tuple(option.code for option in message.options) if message is not None else ()
    length = packet.wire_length + header + 4 * len(packet.vlans)
    return Shown(packet.number, round(packet.at, 5), length, kind, codes)


def test_messages_of_real_clients_are_read_alike(tmp_path: Path) -> None:
    """All captures of this project, in one file of many interfaces."""
    joined = tmp_path / "joined.pcapng"
    command("mergecap", "-a", "-w", joined, *CAPTURES)
    ours = of_ours(joined)
    assert ours == of_tshark(joined)
    assert len({shown.kind for shown in ours}) > 4


@pytest.mark.parametrize("form", ["pcapng", "nsecpcap"])
def test_file_that_wireshark_has_written_is_read_alike(tmp_path: Path, form: str) -> None:
    """In its own format, and with nanoseconds."""
    file = tmp_path / "boot"
    command("editcap", "-F", form, BOOT, file)
    assert of_ours(file) == of_tshark(file)


def test_packet_that_was_cut_has_its_length_on_the_wire(tmp_path: Path) -> None:
    """By a short snap length, of which much is lost."""
    file = tmp_path / "boot"
    command("editcap", "-F", "pcapng", "-s", "60", BOOT, file)
    ours = of_ours(file)
    assert [shown[:3] for shown in ours] == [shown[:3] for shown in of_tshark(file)]
    assert {shown.kind for shown in ours} == {None}


def cooked(frame: bytes) -> bytes:
    """As Linux cooked, to this machine."""
    return struct.pack("!HHH6sxx", 0, 1, 6, frame[6:12]) + frame[12:]


def cooked_2(frame: bytes) -> bytes:
    """As Linux cooked of version 2."""
    return frame[12:14] + struct.pack("!xxIHBB6sxx", 2, 1, 0, 6, frame[6:12]) + frame[14:]


def tagged(frame: bytes) -> bytes:
    """With two VLAN tags."""
    return frame[:12] + b"\x88\xa8\x00\x64\x81\x00\x00\x05" + frame[12:]


LINK_TYPES: Final[dict[str, tuple[int, int, Callable[[bytes], bytes]]]] = {
    "QinQ": (1, 0, tagged),
    "cooked": (113, 2, cooked),
    "cooked 2": (276, 6, cooked_2),
    "raw IP": (101, -14, lambda frame: frame[14:]),
    "IPv4": (228, -14, lambda frame: frame[14:]),
    "null": (0, -10, lambda frame: struct.pack("<I", 2) + frame[14:]),
    "loop": (108, -10, lambda frame: struct.pack(">I", 2) + frame[14:]),
}


@pytest.mark.parametrize("link_type,header,made", LINK_TYPES.values(), ids=list(LINK_TYPES))
def test_link_type_is_read_alike(
    tmp_path: Path, link_type: int, header: int, made: Callable[[bytes], bytes]
) -> None:
    """A boot that was captured otherwise is the same boot."""
    frames = [frame.octets for frame in read_pcap(BOOT) if frame.octets[12:14] == b"\x08\x00"]
    file = tmp_path / "boot.pcap"
    file.write_bytes(pcap(map(made, frames), link_type=link_type))
    ours = of_ours(file, header)
    assert ours == of_tshark(file)
    assert {shown.kind for shown in ours} > {1, 2, 3, 5}


@pytest.mark.parametrize("name", ["started", "arm", "text", "truncated"])
def test_file_by_tftp_has_the_same_octets(tmp_path: Path, name: str) -> None:
    """As tshark puts its blocks together."""
    capture = BOOT.with_stem(name)
    command("tshark", "-q", "-r", capture, "--export-objects", f"tftp,{tmp_path}")
    frames = list(read_pcap(capture))
    downloads = MachineTraffic(MacAddress(frames[0].octets[6:12]), frames).downloads
    exported = {hashlib.sha256(file.read_bytes()).hexdigest() for file in tmp_path.iterdir()}
    assert exported
    assert exported <= {download.sha256 for download in downloads}
