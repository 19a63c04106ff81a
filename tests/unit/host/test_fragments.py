"""Datagrams that come in fragments are put together, and only from all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, fragment
from scapy.layers.l2 import Ether

from edgeboot.base.mac import BROADCAST
from edgeboot.host.wire.fragments import Reassembly, reassembled
from edgeboot.host.wire.frame import Checksum, Frame, dissect, udp_frame
from tests.unit.samples import EVERYBODY, SERVER, SERVER_MAC

PAYLOAD: Final = bytes(range(256)) * 12
WHOLE: Final = udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, 68), PAYLOAD)


def fragments(identification: int = 1, whole: bytes = WHOLE) -> list[Frame]:
    """What a host sends of a frame that is longer than its MTU."""
    packet = Ether(whole)
    packet[IP].id = identification
    del packet[IP].chksum
    parts = fragment(packet, fragsize=1480)
    return [Frame(bytes(part), float(number)) for number, part in enumerate(parts)]


@given(st.permutations(range(3)))
def test_datagram_is_whole_when_its_last_fragment_has_come(order: list[int]) -> None:
    """In whatever order they come (RFC 791)."""
    parts = fragments()
    (frame,) = reassembled(parts[number] for number in order)
    datagram = dissect(frame)
    assert datagram is not None
    assert datagram.payload == PAYLOAD
    assert (datagram.ip_checksum, datagram.udp_checksum) == (Checksum.VALID, Checksum.VALID)


def test_whole_frame_passes_unchanged() -> None:
    """Nearly every frame is none of several."""
    frame = Frame(WHOLE[:1400], 0.0)
    assert Reassembly().whole(frame) is frame


@pytest.mark.parametrize("lost", range(3))
def test_datagram_without_one_of_its_fragments_is_none(lost: int) -> None:
    """A firmware would wait for it in vain."""
    parts = fragments()
    assert not list(reassembled(part for number, part in enumerate(parts) if number != lost))


def test_fragments_of_two_datagrams_are_told_apart() -> None:
    """By their identification, though they come by turns."""
    mixed = [part for pair in zip(fragments(1), fragments(2), strict=True) for part in pair]
    assert len(list(reassembled(mixed))) == 2


def test_frame_that_was_put_together_has_what_came() -> None:
    """Evidence shows the frames that passed."""
    parts = fragments()
    (frame,) = reassembled(parts)
    assert frame.fragments == tuple(parts)


def test_first_fragments_alone_do_not_fill_the_memory() -> None:
    """A sender may leave out the others for ever."""
    reassembly = Reassembly()
    for number in range(1000):
        assert reassembly.whole(fragments(number)[0]) is None
    assert len(reassembly._datagrams) <= 65


@given(st.binary(min_size=20, max_size=60))
def test_no_fragment_can_be_too_odd(packet: bytes) -> None:
    """Whatever its fields say, there is an answer."""
    octets = WHOLE[:14] + packet[:6] + b"\x20\x00" + packet[8:]
    frame = Frame(octets, 0.0)
    reassembly = Reassembly()
    assert reassembly.whole(frame) is None or reassembly.whole(replace(frame, at=1.0)) is not None
