"""Whether a client's message has what a line of dnsmasq.conf that gives a tag asks for (dnsmasq(8))."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.option_names import option_code

_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{1,2}|\*)(?::(?:[0-9a-fA-F]{1,2}|\*))+")
_SUB_OPTIONS: Final = {"dhcp-circuitid": 1, "dhcp-remoteid": 2, "dhcp-subscrid": 6}
"""Of option 82 (RFC 3046 section 2.0, RFC 3993)."""
NUMBER_WIDTHS: Final = {93: 2, 57: 2, 26: 2, 22: 2, 13: 2}
"""Options whose numbers have more than one octet, in octets."""


def matched(directive: str, words: Sequence[str], request: DhcpMessage) -> bool:
    """Whether the message matches a line's words, the tag taken out.

    Args:
        directive: ``dhcp-match``, ``dhcp-vendorclass``, ``dhcp-mac`` or another that gives a tag.
        words: its value at the commas, without tags.
        request: the client's message.
    """
    match directive:
        case "dhcp-match":
            return _matches_option(words, request)
        case "dhcp-vendorclass":
            return not words[0].startswith("enterprise:") and _holds(
                request.options.get(Code.VENDOR_CLASS_IDENTIFIER), ",".join(words)
            )
        case "dhcp-userclass":
            return _holds(request.options.get(Code.USER_CLASS), ",".join(words))
        case "dhcp-mac":
            return _is_hardware(words[0], request)
        case "dhcp-name-match":
            name = (request.options.get(Code.HOST_NAME) or b"").decode(errors="replace")
            return bool(name) and fnmatchcase(name, words[0])
        case _:
            return _sub_option(request, _SUB_OPTIONS[directive]) == _octets(",".join(words))


def _matches_option(words: Sequence[str], request: DhcpMessage) -> bool:
    code = option_code(words[0])
    data = None if code is None else request.options.get(code)
    if code is None or data is None:
        return False
    value = ",".join(words[1:])
    if not value:
        return True
    if _HEX.fullmatch(value) and not _is_address(value):
        wanted = value.split(":")
        return len(wanted) <= len(data) and all(
            octet == "*" or int(octet, 16) == data[at] for at, octet in enumerate(wanted)
        )
    if value.isdigit():
        width = NUMBER_WIDTHS.get(code) or max(1, (int(value).bit_length() + 7) // 8)
        number = int(value).to_bytes(width, "big")
        return number in {data[at : at + width] for at in range(0, len(data) - width + 1, width)}
    if _is_address(value):
        return IPv4Address(value).packed in {data[at : at + 4] for at in range(0, len(data), 4)}
    return value.strip('"').encode() in data


def _holds(data: bytes | None, text: str) -> bool:
    """dnsmasq looks for the text anywhere in the option."""
    return data is not None and text.strip('"').encode() in data


def _is_hardware(pattern: str, request: DhcpMessage) -> bool:
    wanted = pattern.rpartition("-")[2].split(":")
    octets = request.chaddr.packed
    return len(wanted) == len(octets) and all(
        each == "*" or int(each, 16) == octet for each, octet in zip(wanted, octets, strict=True)
    )


def _sub_option(request: DhcpMessage, wanted: int) -> bytes | None:
    data = request.options.get(Code.RELAY_AGENT_INFORMATION) or b""
    while len(data) >= 2:
        code, length = data[0], data[1]
        if code == wanted:
            return data[2 : 2 + length]
        data = data[2 + length :]
    return None


def _octets(text: str) -> bytes:
    """A text, or octets in hexadecimal with colons."""
    if _HEX.fullmatch(text):
        return bytes(int(octet, 16) for octet in text.split(":"))
    return text.strip('"').encode()


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True
