"""Captures that were cut, damaged or made to do harm: no traceback, and every client is told."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.stories import stories
from tests.unit.report.capture_clients.captured import captured, clients_of
from tests.unit.report.machine_boot.frames import asked, fetched, leased, tcp

BOOT = (*leased(1.0), *fetched(2.0, b"x" * 1200), tcp(3.0, b"GET / HTTP/1.1\r\nHost: b\r\n\r\n", 100))
NAMES = ("machines/started", "machines/http-good", "ipxe-bios-no-54")


def told(*frames: Frame) -> int:
    """How many clients have a story."""
    return sum(1 for _ in stories(clients_of(frames)))


@pytest.mark.parametrize("name", NAMES)
def test_capture_of_packets_cut_at_any_octet_is_told(name: str) -> None:
    """By a snap length."""
    frames = captured(name)
    for size in range(0, max(len(each.octets) for each in frames), 7):
        cut = [replace(each, octets=each.octets[:size]) for each in frames]
        assert told(*cut) == (1 if size >= 14 + 20 + 8 + 236 else 0)


@for_all(
    st.integers(0, len(BOOT) - 1), st.integers(12, 330), st.binary(min_size=1, max_size=4), st.booleans()
)
def test_damaged_packet_ends_no_story(number: int, at: int, octets: bytes, tagged: bool) -> None:
    """Any octets of any packet of a boot are overwritten."""
    frames = list(BOOT)
    whole = frames[number].octets
    frames[number] = replace(frames[number], octets=whole[:at] + octets + whole[at + len(octets) :])
    clients = clients_of(())
    for place, each in enumerate(frames, 1):
        clients.take(place, each.at, each.octets, (7,) if tagged else ())
    assert sum(1 for _ in stories(clients)) in {1, 2}


@for_all(st.lists(st.binary(max_size=120), max_size=20))
def test_packets_of_any_octets_are_read(payloads: list[bytes]) -> None:
    """Behind addresses and type of IPv4."""
    header = bytes(12) + b"\x08\x00"
    assert told(*(Frame(header + each, float(at)) for at, each in enumerate(payloads))) <= len(payloads)


def test_message_full_of_options_is_read() -> None:
    """Thirty thousand of them, in a datagram of 64 KiB."""
    bomb = asked(MessageType.DHCPDISCOVER, 1.0, *(DhcpOption(224, b"") for _ in range(30_000)))
    assert told(bomb) == 1


def test_segments_that_never_get_their_turn_are_given_up() -> None:
    """A server that sends the second half of everything: what waits for the first has a limit."""
    frames = [tcp(2.0, b"GET / HTTP/1.1\r\nHost: b\r\n\r\n", 100), tcp(2.1, b"H", 1, answer=True)]
    frames += [tcp(3.0 + at, b"x" * 1400, 100 + 2800 * at, answer=True) for at in range(2000)]
    clients = clients_of((*leased(1.0), *frames))
    (gathered,) = clients
    ((connection, _),) = gathered.fetching.connections
    assert sum(len(octets) for _, octets, _ in connection.received.waiting.values()) < 600_000


def test_fragments_that_never_become_a_datagram_are_forgotten() -> None:
    """Ten thousand beginnings, and no end of any."""
    (first, *_) = leased(1.0)
    begin = [
        replace(first, octets=first.octets[:18] + struct.pack("!HH", number, 0x2000) + first.octets[22:])
        for number in range(10_000)
    ]
    assert told(*begin, first) == 1
