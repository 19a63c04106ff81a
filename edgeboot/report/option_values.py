"""The data of a DHCP option as a person reads it, by the option's code (RFC 2132)."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType

_ADDRESSES: Final = frozenset(
    {1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 28, 32, 41, 42, 44, 45, 48, 49, 50, 54, 69}
)
_SECONDS: Final = frozenset({2, 24, 35, 38, 51, 58, 59})
_NUMBERS: Final = frozenset({13, 22, 23, 26, 37, 57})
_TEXT: Final = frozenset({12, 14, 15, 17, 18, 40, 47, 56, 60, 62, 64, 66, 67, 100, 101, 114, 209, 210, 252})
_MESSAGE_TYPE: Final = 53
_OCTETS_SHOWN: Final = 64


def shown_option(code: int, data: bytes) -> str:
    """Addresses, durations, numbers and texts as such; all else, or of a wrong length, in hexadecimal."""
    if not data:
        return "no data"
    if code in _ADDRESSES and len(data) % 4 == 0:
        return ", ".join(str(IPv4Address(data[at : at + 4])) for at in range(0, len(data), 4))
    if code in _SECONDS and len(data) == 4:
        return str(timedelta(seconds=int.from_bytes(data)))
    if code in _NUMBERS and len(data) in {1, 2, 4}:
        return str(int.from_bytes(data))
    if code == _MESSAGE_TYPE and data in {bytes((each,)) for each in MessageType}:
        return MessageType(data[0]).name
    text = data.removesuffix(b"\0")
    if code in _TEXT and text and all(0x20 <= octet < 0x7F for octet in text):
        return text.decode("ascii")
    more = f" … ({len(data)} octets)" if len(data) > _OCTETS_SHOWN else ""
    return f"hex:{data[:_OCTETS_SHOWN].hex(' ')}{more}"
