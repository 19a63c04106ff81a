"""The octets of options as dnsmasq encodes the values of its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.option_lines import OptionLine
from edgeboot.server.dnsmasq.tags import addresses

_DECIMAL: Final = re.compile(r"(\d+)([bsi]?)")
_SIZES: Final = {"b": 1, "s": 2, "i": 4}


def part(line: OptionLine) -> DhcpOption | None:
    """A sub-option of 43 for a vendor class."""
    if line.vendor_class is None or not line.values or not line.values[0].isdigit():
        return None
    return DhcpOption(int(line.values[0]), octets(line.values[1:]))


def octets(values: Sequence[str]) -> bytes:
    """A value as dnsmasq encodes it: addresses, octets in hex, one number, or a text."""
    found = addresses(values)
    if found and len(found) == len(values):
        return b"".join(each.packed for each in found)
    text = ",".join(values)
    number = _DECIMAL.fullmatch(text)
    if number:
        value = int(number[1])
        return value.to_bytes(_SIZES.get(number[2]) or max(1, (value.bit_length() + 7) // 8), "big")
    if re.fullmatch(r"[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2})+", text):
        return bytes(int(octet, 16) for octet in text.split(":"))
    return text.strip('"').encode()


def encoded(parts: Iterable[DhcpOption]) -> bytes:
    """Sub-options as the data of option 43."""
    return b"".join(each.encode() for each in parts) + bytes((Code.END,))


def sub_options(data: bytes) -> Iterator[DhcpOption]:
    """The sub-options in the data of option 43."""
    while len(data) >= 2 and data[0] != Code.END:
        yield DhcpOption(data[0], data[2 : 2 + data[1]])
        data = data[2 + data[1] :]
