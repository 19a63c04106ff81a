"""Transfers as a capture shows them: whole, cut, refused, asked twice; by TFTP and by HTTP."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from edgeboot.host.wire.frame import Frame
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.fetching import fetched_in
from edgeboot.report.machine_boot.http_download import HttpDownload
from edgeboot.report.machine_boot.tftp_download import TftpDownload, TftpTransfer
from tests.unit.report.captured import transfer
from tests.unit.report.machine_boot.captured import watched
from tests.unit.report.machine_boot.frames import fetched, leased, tcp
from tests.unit.samples import BOOT_SERVER, NODE

CONTENT = bytes(range(256)) * 5
GET = b"GET /noext HTTP/1.1\r\nHost: boot\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def tftp_of(*frames: Frame) -> TftpDownload:
    """The only transfer."""
    (found,) = fetched_in(NODE.mac, frames)
    assert isinstance(found, TftpDownload)
    return found


def test_content_is_that_of_the_blocks() -> None:
    """Octet for octet, so that its SHA-256 can be compared with the served file's."""
    found = tftp_of(*leased(1.0), *fetched(2.0, CONTENT))
    assert (found.ending, found.sha256) == (Ending.WHOLE, hashlib.sha256(CONTENT).hexdigest())


def test_block_that_is_sent_again_counts_once() -> None:
    """A lost acknowledgement makes no longer file."""
    read, first, *rest = fetched(2.0, CONTENT)
    assert tftp_of(read, first, first, *rest).content.beginning == CONTENT


@pytest.mark.parametrize(
    "left_out, ending",
    [
        pytest.param(slice(2, None, 2), Ending.CUT, id="nothing is acknowledged"),
        pytest.param(slice(-1, None), Ending.CUT, id="the last is not acknowledged"),
        pytest.param(slice(1, None), Ending.SILENT, id="nothing after the request"),
    ],
)
def test_transfer_with_a_gap_is_not_whole(left_out: slice, ending: Ending) -> None:
    """What was not seen is not taken for granted."""
    frames = list(fetched(2.0, CONTENT))
    del frames[left_out]
    assert tftp_of(*frames).ending is ending


def test_block_that_the_machine_has_and_the_capture_lacks_leaves_the_digest_unknown() -> None:
    """It acknowledged the blocks behind it: the transfer went on."""
    read, _, *rest = fetched(2.0, CONTENT)
    found = tftp_of(read, *rest)
    assert (found.ending, len(found.content)) == (Ending.WHOLE, len(CONTENT))
    assert found.sha256 == "not known (512 octets were not captured)"


def test_transfer_whose_answers_pass_elsewhere_is_not_silent() -> None:
    """A mirror of one direction has its acknowledgements alone."""
    assert tftp_of(*fetched(2.0, CONTENT)[::2]).ending is Ending.UNSEEN


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
    found = http_of(tcp(1.0, GET, 100), tcp(1.1, answer, 500, answer=True), tcp(1.2, b"", 132, flags=0x14))
    assert (found.ending, found.left, found.url) == (Ending.CUT, True, "http://boot/noext")


@pytest.mark.parametrize(
    "answer, ending, content",
    [
        pytest.param(CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", Ending.WHOLE, b"abcde", id="chunked"),
        pytest.param(CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n", Ending.CUT, b"abcde", id="last chunk missing"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nabc", Ending.CUT, b"abc", id="without a length"),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 3\r\n\r\nabc",
            Ending.ELSEWHERE,
            b"abc",
            id="redirected",
        ),
        pytest.param(
            b"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nabc",
            Ending.NO_FILE,
            b"abc",
            id="a part",
        ),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\n\r\n", Ending.NO_FILE, b"", id="not modified"),
        pytest.param(
            b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nabc", Ending.REFUSED, b"abc", id="refused"
        ),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
            Ending.WHOLE,
            b"abc",
            id="continue",
        ),
        pytest.param(b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", Ending.WHOLE, b"abc", id="lines by LF"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", Ending.SILENT, b"", id="half a head"),
        pytest.param(b"\x16\x03\x01", Ending.SILENT, b"", id="no HTTP"),
    ],
)
def test_http_answer_is_a_file_only_where_it_is_whole(answer: bytes, ending: Ending, content: bytes) -> None:
    """By status, length or last chunk (RFC 9112 section 6.3)."""
    found = http_of(tcp(1.0, GET, 100), tcp(1.1, answer, 500, answer=True))
    assert (found.ending, found.content.beginning) == (ending, content)


@pytest.mark.parametrize(
    "flags, ending", [(0x11, Ending.WHOLE), (0x14, Ending.CUT)], ids=["closed", "broken off"]
)
def test_http_answer_without_a_length_is_whole_when_the_server_has_closed(flags: int, ending: Ending) -> None:
    """By its FIN, behind every octet; a reset says nothing of what was to come."""
    answer = b"HTTP/1.0 200 OK\r\n\r\nabc"
    closed = tcp(1.2, b"", 500 + len(answer), answer=True, flags=flags)
    assert http_of(tcp(1.0, GET, 100), tcp(1.1, answer, 500, answer=True), closed).ending is ending


def test_chunk_whose_size_has_no_end_is_cut() -> None:
    """A server that sends anything behind its head ends the watch of no machine."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = [(500 + len(head) + at, b"1" * 40_000) for at in (0, 40_000)]
    frames = (tcp(1.2, octets, at, answer=True) for at, octets in parts)
    found = http_of(tcp(1.0, GET, 100), tcp(1.1, head, 500, answer=True), *frames)
    assert (found.ending, found.content.beginning) == (Ending.CUT, b"")


def test_answers_of_one_connection_are_told_apart() -> None:
    """EDK2 asks for the size first, by HEAD, whose answer has a length and no content."""
    sizes = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
    head = GET.replace(b"GET", b"HEAD")
    frames = (tcp(1.0, head + GET, 100), tcp(1.1, sizes + sizes + b"abc", 500, answer=True))
    found = [(each.ending, each.content.beginning) for each in fetched_in(NODE.mac, frames)]
    assert found == [(Ending.SIZE_ONLY, b""), (Ending.WHOLE, b"abc")]


def test_answer_that_was_captured_before_its_request_is_of_it() -> None:
    """Two directions that were captured at two places may come in the other order."""
    answer = tcp(1.1, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 500, answer=True)
    begin = tcp(0.9, b"", 99, flags=0x02)
    assert http_of(begin, answer, tcp(1.0, GET, 100)).ending is Ending.WHOLE


def test_segment_that_the_machine_has_and_the_capture_lacks_leaves_the_digest_unknown() -> None:
    """It is acknowledged: the file came, and only the capture has a hole."""
    head = tcp(1.1, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 500, answer=True)
    last = tcp(1.3, b"ghi", 500 + 38 + 6, answer=True)
    frames = (tcp(1.0, GET, 100), head, last)
    assert http_of(*frames).ending is Ending.CUT
    found = http_of(*frames, tcp(1.4, b"", 132, has=500 + 38 + 9))
    assert (found.ending, found.content.lacking) == (Ending.WHOLE, 6)


def test_connection_from_the_same_port_is_another() -> None:
    """A machine that was started anew begins with the same ports."""
    every = [
        frame
        for at, number in ((1.0, 100), (9.0, 70_000))
        for frame in (tcp(at, b"", number - 1, flags=0x02), tcp(at + 0.1, GET, number))
    ]
    assert len(fetched_in(NODE.mac, every)) == 2


def test_answer_from_another_address_is_told_and_not_taken() -> None:
    """As address translation sends it: the machine waits for the server that it has asked."""
    read, first, *_ = fetched(2.0, CONTENT)
    moved = replace(first, octets=first.octets.replace(BOOT_SERVER.packed, bytes((10, 0, 0, 9)), 1))
    found = tftp_of(read, moved)
    assert (found.ending, str(found.answered_from)) == (Ending.SILENT, "10.0.0.9")


def test_transfer_of_more_blocks_than_numbers_is_whole() -> None:
    """The number after 65535 is 0 (RFC 1350 has no word of it; servers and firmware do so)."""
    transfer = TftpTransfer(1.0, BOOT_SERVER, tftp.ReadRequest("a"), blksize=8)
    for number in range(1, 65_601):
        content = b"12345678" if number < 65_600 else b"end"
        octets = tftp.Data(number % tftp.BLOCK_NUMBERS, content).encode()
        transfer.received(2.0, tftp.Opcode.DATA, octets, 0, NODE.mac.packed)
        transfer.sent(2.0, tftp.Opcode.ACK, tftp.Acknowledgement(number % tftp.BLOCK_NUMBERS).encode())
    found = transfer.download
    assert (found.ending, len(found.content)) == (Ending.WHOLE, 65_599 * 8 + 3)


def http_of(*frames: Frame) -> HttpDownload:
    """The only request."""
    (found,) = fetched_in(NODE.mac, frames)
    assert isinstance(found, HttpDownload)
    return found
