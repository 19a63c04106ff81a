"""Transfers as a capture shows them: whole, cut, refused, asked twice; by TFTP and by HTTP."""

from __future__ import annotations

import hashlib
import struct
from ipaddress import IPv4Address

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.http_download import http_downloads
from edgeboot.report.machine_boot.tftp_download import Ending, TftpDownload, tftp_downloads
from tests.unit.report.captured import BOOT_MAC, transfer
from tests.unit.report.machine_boot.captured import watched
from tests.unit.report.machine_boot.frames import fetched, leased
from tests.unit.samples import NODE

CONTENT = bytes(range(256)) * 5


def tftp_of(*frames: Frame) -> TftpDownload:
    """The only transfer."""
    (found,) = tftp_downloads(NODE.mac, frames)
    return found


def test_content_is_that_of_the_blocks() -> None:
    """Octet for octet, so that its SHA-256 can be compared with the served file's."""
    found = tftp_of(*leased(1.0), *fetched(2.0, CONTENT))
    assert (found.ending, found.sha256) == (Ending.WHOLE, hashlib.sha256(CONTENT).hexdigest())


def test_block_that_is_sent_again_counts_once() -> None:
    """A lost acknowledgement makes no longer file."""
    read, first, *rest = fetched(2.0, CONTENT)
    assert tftp_of(read, first, first, *rest).content == CONTENT


@pytest.mark.parametrize(
    "left_out, ending",
    [
        pytest.param(slice(1, 2), Ending.CUT, id="a block is missing"),
        pytest.param(slice(-1, None), Ending.CUT, id="the last is not acknowledged"),
        pytest.param(slice(1, None), Ending.SILENT, id="nothing after the request"),
    ],
)
def test_transfer_with_a_gap_is_not_whole(left_out: slice, ending: Ending) -> None:
    """What was not seen is not taken for granted."""
    frames = list(fetched(2.0, CONTENT))
    del frames[left_out]
    assert tftp_of(*frames).ending is ending


def test_size_probe_of_edk2_is_no_failure() -> None:
    """It asks for the size, and ends that with error 8."""
    read = tftp.ReadRequest("ipxe.efi", tftp.TftpOptions(tsize=0))
    granted = tftp.OptionAcknowledgement(tftp.TftpOptions(tsize=5))
    frames = (
        transfer(2.0, read, answer=False),
        transfer(2.1, granted, answer=True),
        transfer(2.2, tftp.Error(8, "User aborted the transfer"), answer=False),
    )
    assert tftp_of(*frames).ending is Ending.SIZE_ONLY


def test_request_that_is_sent_again_is_one() -> None:
    """A silent server is asked several times from one port."""
    frames = [transfer(at, tftp.ReadRequest("ipxe.efi"), answer=False) for at in (2.0, 5.0, 9.0)]
    assert tftp_of(*frames).ending is Ending.SILENT


def test_captured_http_boot_has_its_file_whole() -> None:
    """EDK2 asks for the size by HEAD, then by GET."""
    downloads = watched("http-good").traffic.downloads
    assert [each.ending for each in downloads] == [Ending.SIZE_ONLY, Ending.WHOLE]
    assert len(downloads[-1].content) == 2560
    assert downloads[-1].url == "http://192.168.99.40/u.efi"


def test_http_answer_that_the_machine_leaves_is_cut() -> None:
    """It closes the connection before the stated length has come."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\nabc"
    frames = (
        tcp(1.0, b"GET /noext HTTP/1.1\r\nHost: boot\r\n\r\n", 100),
        tcp(1.1, answer, 500, answer=True),
        tcp(1.2, b"", 132, flags=0x14),
    )
    (found,) = http_downloads(NODE.mac, frames)
    assert (found.ending, found.left, found.url) == (Ending.CUT, True, "http://boot/noext")


def tcp(at: float, payload: bytes, sequence: int, *, answer: bool = False, flags: int = 0x18) -> Frame:
    """A segment between the machine and port 80 of the boot server; each stream begins at its first octet."""
    ends = (NODE.mac, BOOT_MAC) if not answer else (BOOT_MAC, NODE.mac)
    ports = (2000, 80) if not answer else (80, 2000)
    addresses = (IPv4Address("192.168.99.100"), IPv4Address("192.168.99.40"))
    source, destination = addresses if not answer else addresses[::-1]
    header = struct.pack("!HHIIBBHHH", *ports, sequence, 0, 0x50, flags, 1024, 0, 0)
    total = 20 + len(header) + len(payload)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, total, 1, 0, 64, 6, 0) + source.packed + destination.packed
    octets = ethernet(*ends) + ip + header + payload
    return Frame(octets, at)


def ethernet(source: MacAddress, destination: MacAddress) -> bytes:
    """A header of IPv4."""
    return destination.packed + source.packed + b"\x08\x00"
