"""The format of each option's data: how a contract states its value, and how a reply carries it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.routes import StaticRoute, classless_routes, host_routes
from edgeboot.dhcp.search_list import search_list

OptionValue = str | int | bytes | tuple[IPv4Address, ...] | tuple[StaticRoute, ...] | tuple[str, ...]
"""Bytes: the data as it is, of an option without a format or in none."""
_LONGEST: Final = 255
"""Octets of data in one option."""
_PAD: Final = 0
_END: Final = 255
_HEX: Final = re.compile(r"hex:((?:[\s:]*[0-9a-fA-F]{2})*)\s*")


@dataclass(frozen=True, slots=True)
class OptionFormat:
    """One format of option data."""

    form: str
    """How a contract states it, for error messages."""
    stated: Callable[[object], OptionValue]
    """The value that a contract states; raises ValueError and TypeError."""
    received: Callable[[bytes], OptionValue]
    """The value of an option's data; raises ValueError."""
    split: bool = False
    """Whether a value too long for one option is split, so that all occurrences are joined (RFC 3396)."""

    def read(self, occurrences: tuple[bytes, ...]) -> OptionValue | None:
        """The value of an option in a reply; its octets where they have another format, None without any.

        Args:
            occurrences: the data of every option with its code, in their order.
        """
        if not occurrences:
            return None
        split = self.split or len(occurrences[0]) == _LONGEST
        data = b"".join(occurrences) if split else occurrences[0]
        try:
            return self.received(data)
        except ValueError:
            return data


def octets(value: object) -> bytes | None:
    """The octets that ``hex:06 01 08`` states; None for any other value."""
    match = _HEX.fullmatch(value) if isinstance(value, str) else None
    return None if match is None else bytes.fromhex(re.sub(r"[\s:]", "", match[1]))


def _texts(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else (value,)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise TypeError(value)
    return tuple(texts)


def _stated_addresses(value: object) -> OptionValue:
    return tuple(IPv4Address(text) for text in _texts(value))


def _received_addresses(data: bytes) -> OptionValue:
    if not data or len(data) % 4:
        raise ValueError(f"{len(data)} octets are no addresses")
    return tuple(IPv4Address(data[at : at + 4]) for at in range(0, len(data), 4))


def _stated_routes(value: object) -> OptionValue:
    return tuple(sorted(StaticRoute.parse(text) for text in _texts(value)))


def _stated_text(value: object) -> OptionValue:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _received_text(data: bytes) -> OptionValue:
    """RFC 2132 section 2: NULs at the end do not count."""
    return data.rstrip(b"\0").decode("utf-8", "backslashreplace")


def _stated_domains(value: object) -> OptionValue:
    return tuple(text.rstrip(".") for text in _texts(value))


def _number(size: int | None) -> OptionFormat:
    """A number of ``size`` octets; None for any."""

    def stated(value: object) -> OptionValue:
        if not isinstance(value, int) or not 0 <= value < 1 << 8 * (size or 4):
            raise ValueError(value)
        return int(value)

    def received(data: bytes) -> OptionValue:
        if not data or len(data) != (size or len(data)):
            raise ValueError(f"{len(data)} octets")
        return int.from_bytes(data)

    return OptionFormat(f"a number below 2^{8 * (size or 4)}", stated, received)


def _stated_octets(value: object) -> OptionValue:
    raise ValueError(value)


def _sub_options(data: bytes) -> bytes:
    """Encapsulated options by their codes, without pads and ends, none of which says anything.

    RFC 2132 section 8.4; each of several occurrences of the option has an end of its own. Data that is
    no sequence of options stays as it is.
    """
    found, at = list[bytes](), 0
    while at < len(data):
        if data[at] in {_PAD, _END}:
            at += 1
            continue
        until = at + 2 + data[at + 1] if at + 1 < len(data) else len(data) + 1
        if until > len(data):
            return data
        found.append(data[at:until])
        at = until
    ordered = sorted(found, key=lambda option: option[0])
    return b"".join(ordered) or data


ADDRESSES: Final = OptionFormat('addresses, as in ["192.168.99.1"]', _stated_addresses, _received_addresses)
ROUTES: Final = OptionFormat(
    'routes, as in ["10.99.0.0/24 via 192.168.99.10"]',
    _stated_routes,
    lambda data: tuple(sorted(classless_routes(data))),
    split=True,
)
"""In no order: none of them is preferred."""
HOST_ROUTES: Final = OptionFormat(
    'routes to hosts, as in ["10.99.0.7/32 via 192.168.99.10"]',
    _stated_routes,
    lambda data: tuple(sorted(host_routes(data))),
    split=True,
)
TEXT: Final = OptionFormat("text", _stated_text, _received_text)
DOMAINS: Final = OptionFormat(
    'domain names, as in ["edge.example.org"]', _stated_domains, search_list, split=True
)
NUMBER_8, NUMBER_16, NUMBER_32, NUMBER = (_number(size) for size in (1, 2, 4, None))
SUB_OPTIONS: Final = OptionFormat(
    'sub-options, as in "hex:06 01 08"', _stated_octets, _sub_options, split=True
)
"""In no order: they are read by their codes."""
OCTETS: Final = OptionFormat('octets, as in "hex:06 01 08"', _stated_octets, bytes, split=True)


def guessed(value: object) -> OptionFormat:
    """The format of an option that the table does not know, by the value that is stated for it."""
    if isinstance(value, int):
        return NUMBER
    try:
        _stated_addresses(value)
    except (ValueError, TypeError):
        return TEXT
    return ADDRESSES
