"""Building and dissecting frames, and the verdict on their checksums."""

from __future__ import annotations

import re
import subprocess
import sys
from ipaddress import IPv4Address
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.utils import checksum

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.host.wire.frame import Checksum, Datagram, Frame, dissect, ethernet_header, udp_frame
from tests.unit.samples import ADDRESSES, EVERYBODY, MACS, SERVER, SERVER_MAC

IP_AT: Final = 14
UDP_AT: Final = 34
CLIENT: Final = IPv4Address("192.168.99.123")
GOOD: Final = udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, 68), b"hello")
PORTS: Final = st.integers(0, 2**16 - 1)


def dissected(octets: bytes, *, checksum_pending: bool = False) -> Datagram:
    """The datagram of a frame that must contain one."""
    datagram = dissect(Frame(octets, 0.0, checksum_pending=checksum_pending))
    assert datagram is not None
    return datagram


def altered(at: int, *octets: int) -> bytes:
    """The good frame with other octets at one place."""
    return GOOD[:at] + bytes(octets) + GOOD[at + len(octets) :]


@given(MACS, MACS, st.tuples(ADDRESSES, PORTS), st.tuples(ADDRESSES, PORTS), st.binary(max_size=1400))
def test_what_is_built_is_dissected_again(
    source_mac: MacAddress,
    destination_mac: MacAddress,
    source: tuple[IPv4Address, int],
    destination: tuple[IPv4Address, int],
    payload: bytes,
) -> None:
    """Addresses, ports and payload are the same, and both checksums are valid."""
    datagram = dissected(udp_frame(source_mac, destination_mac, source, destination, payload))
    assert (datagram.source_mac, datagram.destination_mac, datagram.payload) == (
        source_mac,
        destination_mac,
        payload,
    )
    assert (datagram.source, datagram.source_port) == source
    assert (datagram.destination, datagram.destination_port) == destination
    assert (datagram.ip_checksum, datagram.udp_checksum) == (Checksum.VALID, Checksum.VALID)


@given(MACS, MACS, st.tuples(ADDRESSES, PORTS), st.tuples(ADDRESSES, PORTS), st.binary(max_size=1400))
def test_what_is_built_is_what_scapy_builds(
    source_mac: MacAddress,
    destination_mac: MacAddress,
    source: tuple[IPv4Address, int],
    destination: tuple[IPv4Address, int],
    payload: bytes,
) -> None:
    """Byte for byte: packing without scapy is only faster."""
    theirs = (
        Ether(src=str(source_mac), dst=str(destination_mac))
        / IP(src=str(source[0]), dst=str(destination[0]))
        / UDP(sport=source[1], dport=destination[1])
        / payload
    )
    assert udp_frame(source_mac, destination_mac, source, destination, payload) == bytes(theirs)


@given(st.binary(max_size=80), st.integers(IP_AT, len(GOOD)))
def test_damaged_frame_is_a_datagram_or_none(octets: bytes, at: int) -> None:
    """Dissecting a frame with any damage after its Ethernet header raises no exception."""
    datagram = dissect(Frame(GOOD[:at] + octets, 0.0))
    assert datagram is None or datagram.source_mac == SERVER_MAC


@pytest.mark.parametrize("at", [UDP_AT + 6, UDP_AT + 8, IP_AT + 12], ids=["checksum", "payload", "address"])
def test_udp_checksum_covers_payload_and_addresses(at: int) -> None:
    """Firmware drops a datagram with one changed byte."""
    assert dissected(altered(at, GOOD[at] ^ 1)).udp_checksum is Checksum.WRONG


def test_ip_checksum_covers_the_header() -> None:
    """A changed time to live makes the checksum wrong."""
    datagram = dissected(altered(IP_AT + 8, 63))
    assert (datagram.ttl, datagram.ip_checksum) == (63, Checksum.WRONG)
    assert datagram.udp_checksum is Checksum.VALID


def test_zero_checksum_is_absent() -> None:
    """UDP over IPv4 may leave the checksum out (RFC 768)."""
    assert dissected(altered(UDP_AT + 6, 0, 0)).udp_checksum is Checksum.ABSENT


@pytest.mark.parametrize(
    "octets,worth", [(GOOD, Checksum.VALID), (altered(UDP_AT + 6, 1, 1), Checksum.PENDING)]
)
def test_checksum_left_to_the_card_is_pending_unless_it_is_right(octets: bytes, worth: Checksum) -> None:
    """A checksum the kernel leaves to the network card is not reported as wrong."""
    assert dissected(octets, checksum_pending=True).udp_checksum is worth


def test_checksum_that_linux_left_to_the_card_is_pending_in_a_capture() -> None:
    """The sum over the pseudo header: one who captures at the sender sees it before it is filled in."""
    pseudo = GOOD[IP_AT + 12 : IP_AT + 20] + b"\0\x11" + GOOD[UDP_AT + 4 : UDP_AT + 6]
    left = 0xFFFF ^ int(checksum(pseudo))
    assert dissected(altered(UDP_AT + 6, *left.to_bytes(2))).udp_checksum is Checksum.PENDING


def test_checksum_of_what_was_cut_is_not_known() -> None:
    """By a snap length: what lacks is part of the sum."""
    datagram = dissected(GOOD[:-1])
    assert (datagram.ip_checksum, datagram.udp_checksum) == (Checksum.VALID, Checksum.UNKNOWN)


def test_ethernet_padding_is_no_payload() -> None:
    """A short frame is padded to 60 bytes on the wire."""
    datagram = dissected(GOOD.ljust(60, b"\0"))
    assert (datagram.payload, datagram.udp_checksum) == (b"hello", Checksum.VALID)


@pytest.mark.parametrize(
    "octets",
    [
        altered(IP_AT + 6, 0x20, 0x00),
        altered(IP_AT + 6, 0x00, 0x01),
        altered(IP_AT + 9, 6),
        altered(12, 0x08, 0x06),
        altered(12, 0x88, 0xB5),
        GOOD[: UDP_AT + 4],
        GOOD[:IP_AT],
        GOOD[: IP_AT - 1],
        GOOD[:1],
        b"",
    ],
    ids=[
        *("first fragment", "later fragment", "TCP", "ARP", "other type", "cut header", "no packet"),
        *("cut Ethernet header", "one octet", "nothing"),
    ],
)
def test_what_is_no_whole_udp_datagram_is_none(octets: bytes) -> None:
    """Fragments, other protocols and truncated frames have no whole datagram."""
    assert dissect(Frame(octets, 0.0)) is None


def test_sender_is_address_and_mac() -> None:
    """The MAC distinguishes two servers with the same address."""
    assert dissected(GOOD).sender == "192.168.99.10 (52:54:00:12:34:56)"


def test_header_is_made_in_one_place_that_asks_for_the_destination() -> None:
    """For a header without one scapy would send an ARP request on this machine's own network."""
    makers = [
        path.relative_to(PROJECT).as_posix()
        for path in sorted((PROJECT / "edgeboot").rglob("*.py"))
        if re.search(r"\bEther\(", path.read_text(encoding="utf-8"))
    ]
    assert makers == ["edgeboot/host/wire/frame.py"]
    with pytest.raises(TypeError, match="destination"):
        ethernet_header(SERVER_MAC)  # type: ignore[call-arg]


def test_importing_the_library_changes_nothing_of_scapy_for_the_process() -> None:
    """Other code of the same process may use IPv6, and may have scapy resolve by ARP."""
    program = (
        "import scapy.layers.l2; from scapy.config import conf\n"
        "before = (conf.ipv6_enabled, conf.neighbor.resolve)\n"
        "import edgeboot.host.wire.frame, edgeboot.host.wire.neighbour, edgeboot.labs.settings\n"
        "assert (conf.ipv6_enabled, conf.neighbor.resolve) == before, conf.neighbor.resolve"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
