"""How a good message's octets are bent: header fields, options, lengths."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import HEADER_LENGTH
from edgeboot.dhcp.options import DhcpOption, parse_options
from edgeboot.dhcp.vocabulary import MAGIC_COOKIE
from edgeboot.stress.malformed.case import Change

FIELDS: Final = {
    "op": (0, 1),
    "htype": (1, 1),
    "hlen": (2, 1),
    "hops": (3, 1),
    "xid": (4, 4),
    "secs": (8, 2),
    "flags": (10, 2),
    "ciaddr": (12, 4),
    "yiaddr": (16, 4),
    "siaddr": (20, 4),
    "giaddr": (24, 4),
    "chaddr": (28, 16),
    "sname": (44, 64),
    "file": (108, 128),
    "cookie": (236, 4),
}
"""Offset and size in octets (RFC 2131 figure 1); the cookie is the first of the options field."""
OPTIONS_AT: Final = HEADER_LENGTH + len(MAGIC_COOKIE)
END: Final = b"\xff"


def tlv(code: int, data: bytes = b"", *, length: int | None = None) -> bytes:
    """An option whose length octet may lie."""
    return bytes((code, len(data) if length is None else length)) + data


def header(**values: int | str | bytes | IPv4Address) -> Change:
    """Other values in header fields: a number, an address, or octets filled up with zeros."""

    def change(payload: bytes) -> bytes:
        octets = bytearray(payload)
        for name, value in values.items():
            at, size = FIELDS[name]
            octets[at : at + size] = _octets(value, size)
        return bytes(octets)

    return change


def cut(length: int) -> Change:
    """Only the first ``length`` octets; from the end where negative."""
    return lambda payload: payload[:length]


def padded(length: int, octet: bytes = b"\0") -> Change:
    """Filled up to ``length`` octets behind the END option."""
    return lambda payload: payload.ljust(length, octet)


def only(field: bytes) -> Change:
    """No options but these octets, behind the cookie; nobody adds an END."""
    return lambda payload: payload[:OPTIONS_AT] + field


def plus(more: bytes) -> Change:
    """These octets between the good options and END."""
    return lambda payload: payload[:OPTIONS_AT] + _encoded(_options(payload)) + more + END


def first(more: bytes) -> Change:
    """These octets before the good options."""
    return lambda payload: payload[:OPTIONS_AT] + more + payload[OPTIONS_AT:]


def without(*codes: int) -> Change:
    """The good options but these."""
    return lambda payload: (
        payload[:OPTIONS_AT] + _encoded([each for each in _options(payload) if each.code not in codes]) + END
    )


def instead(code: int, octets: bytes) -> Change:
    """These octets where the option was, or at the end where there was none."""

    def change(payload: bytes) -> bytes:
        options = _options(payload)
        if all(each.code != code for each in options):
            return plus(octets)(payload)
        field = b"".join(octets if each.code == code else each.encode() for each in options)
        return payload[:OPTIONS_AT] + field + END

    return change


def spaced(pads: int) -> Change:
    """PAD options before every option."""
    return lambda payload: (
        payload[:OPTIONS_AT] + b"".join(bytes(pads) + each.encode() for each in _options(payload)) + END
    )


def both(*changes: Change) -> Change:
    """One change after another."""

    def change(payload: bytes) -> bytes:
        for each in changes:
            payload = each(payload)
        return payload

    return change


def _octets(value: int | str | bytes | IPv4Address, size: int) -> bytes:
    match value:
        case int():
            return value.to_bytes(size, "big")
        case str() | IPv4Address():
            return IPv4Address(value).packed
        case _:
            return value.ljust(size, b"\0")[:size]


def _options(payload: bytes) -> list[DhcpOption]:
    return list(parse_options(payload[HEADER_LENGTH:]))


def _encoded(options: list[DhcpOption]) -> bytes:
    return b"".join(each.encode() for each in options)
