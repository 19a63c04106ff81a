"""Whether a ``dhcp-option`` line gives an option the value that a reply has, in dnsmasq's notations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.server.dnsmasq.option_lines import OptionLine

_HEX: Final = re.compile(r"[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2})+")
_NUMBER: Final = re.compile(r"(-?\d+)([bsi]?)")
_TIME: Final = re.compile(r"(\d+)([smhdw]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZES: Final = {"b": 1, "s": 2, "i": 4}
"""Octets of a number with this letter behind it."""
_ESCAPES: Final = {r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\"": '"', r"\\": "\\"}


def holds(line: OptionLine, value: object, server: IPv4Address | None) -> bool:
    """Whether the line gives its option this value, or, if it is for a sub-option, a part of it.

    Args:
        line: of dnsmasq.conf.
        value: as ``dhcp.option_formats`` reads it, a time, or None for no value.
        server: dnsmasq's own address, which 0.0.0.0 in a list of addresses stands for; None if unknown.
    """
    if line.is_part:
        return isinstance(value, bytes) and _sub_option(line.values, server) in value
    words = line.values
    match value:
        case None | ():
            return not words
        case timedelta():
            return _seconds(words) == int(value.total_seconds())
        case int():
            return _seconds(words) == value or _number(words) in {value, value - (1 << 32)}
        case str():
            return _text(words) == value
        case bytes():
            return _octets(words, server) == value
        case IPv4Address():
            return _addresses(words, server) == (value,)
        case tuple():
            return _is_list(words, value, server)
    return False


def _is_list(words: Sequence[str], value: tuple[object, ...], server: IPv4Address | None) -> bool:
    """Whether the words are these routes, addresses or domain names; routes are in no order."""
    if isinstance(value[0], StaticRoute):
        return frozenset(_routes(words)) == frozenset(value)
    if isinstance(value[0], IPv4Address):
        return _addresses(words, server) == value
    return tuple(word.rstrip(".") for word in words) == value


def _sub_option(words: Sequence[str], server: IPv4Address | None) -> bytes:
    """A sub-option as it is in the option around it: code, length and data (RFC 2132 section 8.4)."""
    data = _octets(words[1:], server)
    code = int(words[0]) if words and words[0].isdecimal() else 0
    return bytes((code & 255, len(data) & 255)) + data


def _octets(words: Sequence[str], server: IPv4Address | None) -> bytes:
    """The data of an option whose format dnsmasq does not know, by the form of its words."""
    text, number = ",".join(words), _number(words)
    if _HEX.fullmatch(text):
        return bytes(int(octet, 16) for octet in text.split(":"))
    if number is not None:
        size = _SIZES.get(text[-1]) or (1 if abs(number) < 1 << 8 else 2 if abs(number) < 1 << 16 else 4)
        return (number % (1 << 8 * size)).to_bytes(size, "big")
    addresses = _addresses(words, server)
    if addresses:
        return b"".join(address.packed for address in addresses)
    return _text(words).encode()


def _number(words: Sequence[str]) -> int | None:
    match = _NUMBER.fullmatch(words[0]) if len(words) == 1 else None
    return int(match[1]) if match else None


def _seconds(words: Sequence[str]) -> int | None:
    match = _TIME.fullmatch(words[0]) if len(words) == 1 else None
    return int(match[1]) * _SECONDS[match[2]] if match else None


def _text(words: Sequence[str]) -> str:
    text = ",".join(words)
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = re.sub(r"\\[ntr\"\\]", lambda found: _ESCAPES[found[0]], text[1:-1])
    return text


def _addresses(words: Sequence[str], server: IPv4Address | None) -> tuple[IPv4Address, ...]:
    """The addresses that the words are; none if one of them is something else."""
    try:
        found = [IPv4Address(word) for word in words]
    except AddressValueError:
        return ()
    return tuple(server if each == UNSPECIFIED and server is not None else each for each in found)


def _routes(words: Sequence[str]) -> list[StaticRoute]:
    """The routes that pairs of words are; none if they are something else."""
    try:
        pairs = zip(words[::2], words[1::2], strict=True)
        return [StaticRoute(IPv4Network(to, strict=False), IPv4Address(router)) for to, router in pairs]
    except ValueError:
        return []
