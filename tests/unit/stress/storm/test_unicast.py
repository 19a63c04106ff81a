"""The frames of a storm's nodes to single machines are those that other code reads."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from edgeboot.host.wire import arp
from edgeboot.host.wire.frame import Checksum, Frame, dissect
from edgeboot.node.boot.tftp_packets import Acknowledgement, decode
from edgeboot.stress.storm.numbering import mac_of
from edgeboot.stress.storm.unicast import acknowledgement, is_at, who_has

HOP = bytes.fromhex("525400000040")
ADDRESSES = st.integers(0, (1 << 32) - 1)
PORTS = st.integers(0, (1 << 16) - 1)


@given(st.integers(0, (1 << 24) - 1), ADDRESSES, ADDRESSES, PORTS, PORTS, PORTS)
def test_an_acknowledgement_is_a_datagram_without_checksum(
    number: int, own: int, server: int, port: int, transfer: int, block: int
) -> None:
    """Whose IP header is right, or the server's kernel would drop it."""
    datagram = dissect(Frame(acknowledgement(number, HOP, (own, port), (server, transfer), block), 0.0))
    assert datagram is not None
    assert (datagram.ip_checksum, datagram.udp_checksum) == (Checksum.VALID, Checksum.ABSENT)
    assert (datagram.source_mac, datagram.destination_mac.packed) == (mac_of(number), HOP)
    assert (datagram.source, datagram.source_port) == (IPv4Address(own), port)
    assert (datagram.destination, datagram.destination_port) == (IPv4Address(server), transfer)
    assert decode(datagram.payload) == Acknowledgement(block)


def test_arp_messages_are_those_that_the_suite_reads() -> None:
    """A question to all, and an answer to who has asked."""
    own, other = IPv4Address("192.168.99.100"), IPv4Address("192.168.99.40")
    question = arp.message(Frame(who_has(7, int(own), int(other)), 0.0))
    assert question is not None
    assert (question.op, question.psrc, question.pdst) == (arp.WHO_HAS, own, other)
    answer = Frame(is_at(7, int(own), HOP, int(other)), 0.0)
    assert arp.claim(answer) == (own, mac_of(7))
    assert answer.octets[:6] == HOP
