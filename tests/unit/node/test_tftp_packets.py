"""TFTP packets: encoding, decoding, and the errors of malformed packets."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.node.boot.tftp_packets import (
    Acknowledgement,
    Data,
    Error,
    ErrorCode,
    MalformedPacket,
    OptionAcknowledgement,
    Packet,
    ReadRequest,
    TftpOptions,
    WriteRequest,
    decode,
)

NUMBERS: Final = st.integers(0, 2**16 - 1)
NAMES: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
OPTIONS: Final = st.builds(
    TftpOptions,
    blksize=st.none() | st.integers(8, 65464),
    timeout=st.none() | st.integers(1, 255),
    tsize=st.none() | st.integers(0, 2**40),
    windowsize=st.none() | st.integers(1, 65535),
)
OPCODES: Final = st.sampled_from([b"", *(bytes((0, opcode)) for opcode in range(9))])
OCTETS: Final = st.tuples(OPCODES, st.binary(max_size=80)).map(b"".join)
"""Any octets, some of them behind a valid opcode."""
PACKETS: Final = st.one_of(
    st.builds(ReadRequest, NAMES, OPTIONS),
    st.builds(WriteRequest, NAMES, OPTIONS),
    st.builds(Data, NUMBERS, st.binary(max_size=600)),
    st.builds(Acknowledgement, NUMBERS),
    st.builds(Error, NUMBERS, NAMES),
    st.builds(OptionAcknowledgement, OPTIONS.filter(lambda options: bool(options.present))),
)


@given(PACKETS)
def test_what_is_encoded_is_decoded_again(packet: Packet) -> None:
    """It holds for every packet type with any options."""
    assert decode(packet.encode()) == packet


@given(OCTETS)
def test_no_octets_raise_another_exception(octets: bytes) -> None:
    """Any octets are decoded or raise MalformedPacket."""
    with suppress(MalformedPacket):
        decode(octets)


@pytest.mark.parametrize(
    "packet,octets",
    [
        (ReadRequest("a.efi"), b"\0\1a.efi\0octet\0"),
        (
            ReadRequest("a.efi", TftpOptions(blksize=1468, tsize=0, windowsize=4)),
            b"\0\1a.efi\0octet\0blksize\x001468\0tsize\x000\0windowsize\x004\0",
        ),
        (WriteRequest("a.efi"), b"\0\2a.efi\0octet\0"),
        (Data(258, b"MZ"), b"\0\3\1\2MZ"),
        (Acknowledgement(65535), b"\0\4\xff\xff"),
        (Error(ErrorCode.FILE_NOT_FOUND, "no"), b"\0\5\0\1no\0"),
        (OptionAcknowledgement(TftpOptions(timeout=3)), b"\0\6timeout\x003\0"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_packet_has_the_format_of_its_rfc(packet: Packet, octets: bytes) -> None:
    """It equals the RFC's format octet for octet (RFC 1350 section 5, RFC 2347)."""
    assert packet.encode() == octets


def test_option_names_are_case_insensitive_and_unknown_ones_ignored() -> None:
    """RFC 2347 defines both."""
    packet = decode(b"\0\6BlkSize\x001428\0multicast\x001.2.3.4,1,1\0")
    assert packet == OptionAcknowledgement(TftpOptions(blksize=1428))


def test_error_without_its_last_octet_is_still_an_error() -> None:
    """Servers omit the NUL of the message; only the code matters."""
    assert decode(b"\0\5\0\2no") == Error(ErrorCode.ACCESS_VIOLATION, "no")


@pytest.mark.parametrize(
    "octets,reason",
    [
        (b"", "0 octets are too few"),
        (b"\0\3\0", "3 octets are too few"),
        (b"\0\7\0\0", "opcode 7 is none of TFTP's"),
        (b"\0\1a.efi\0", "without file name and mode"),
        (b"\0\1a.efi\0netascii\0", "mode 'netascii' instead of octet"),
        (b"\0\1a.efi\0octet", "the last string has no NUL"),
        (b"\0\6blksize\0", "option 'blksize' has no value"),
        (b"\0\6blksize\0many\0", "an option's value: invalid literal"),
        (b"\0\6blksize\x007\0", "blksize 7 is not within 8 to 65464"),
        (b"\0\6windowsize\x000\0", "windowsize 0 is not within 1 to 65535"),
    ],
)
def test_malformed_packet_says_why(octets: bytes, reason: str) -> None:
    """The reason is in the text, so that nobody has to count octets."""
    with pytest.raises(MalformedPacket, match=reason):
        decode(octets)


@pytest.mark.parametrize("code,text", [(1, "error 1 (file not found) 'gone'"), (99, "error 99 'gone'")])
def test_error_has_code_name_and_text(code: int, text: str) -> None:
    """It is printed with its code, the RFC's name for it and the server's text."""
    assert str(Error(code, "gone")) == text
