"""Mutations of a well-formed payload: header fields, options, lengths."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import HEADER_LENGTH
from edgeboot.dhcp.options import DhcpOption, parse_options
from edgeboot.dhcp.vocabulary import MAGIC_COOKIE
from edgeboot.stress.malformed.case import PayloadMutation

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
OPTIONS_OFFSET: Final = HEADER_LENGTH + len(MAGIC_COOKIE)
END: Final = b"\xff"


def tlv(code: int, data: bytes = b"", *, length: int | None = None) -> bytes:
    """An encoded option; ``length`` overrides the correct length octet."""
    return bytes((code, len(data) if length is None else length)) + data


def header(**values: int | str | bytes | IPv4Address) -> PayloadMutation:
    """Set header fields to a number, an address, or octets padded with zeros."""

    def mutate(payload: bytes) -> bytes:
        octets = bytearray(payload)
        for name, value in values.items():
            offset, size = FIELDS[name]
            octets[offset : offset + size] = _octets(value, size)
        return bytes(octets)

    return mutate


def cut(length: int) -> PayloadMutation:
    """Truncate to the first ``length`` octets; a negative length counts from the end."""
    return lambda payload: payload[:length]


def padded(length: int, octet: bytes = b"\0") -> PayloadMutation:
    """Pad to ``length`` octets behind the END option."""
    return lambda payload: payload.ljust(length, octet)


def only(field: bytes) -> PayloadMutation:
    """Replace everything behind the cookie by these octets; no END is added."""
    return lambda payload: payload[:OPTIONS_OFFSET] + field


def appended(octets: bytes) -> PayloadMutation:
    """Insert octets between the last option and END."""
    return lambda payload: payload[:OPTIONS_OFFSET] + _encoded(_options(payload)) + octets + END


def prepended(octets: bytes) -> PayloadMutation:
    """Insert octets before the first option."""
    return lambda payload: payload[:OPTIONS_OFFSET] + octets + payload[OPTIONS_OFFSET:]


def without(*codes: int) -> PayloadMutation:
    """Remove the options with these codes."""
    return lambda payload: (
        payload[:OPTIONS_OFFSET]
        + _encoded([option for option in _options(payload) if option.code not in codes])
        + END
    )


def replaced(code: int, octets: bytes) -> PayloadMutation:
    """Replace the option with this code by octets; append them where there is none."""

    def mutate(payload: bytes) -> bytes:
        options = _options(payload)
        if all(option.code != code for option in options):
            return appended(octets)(payload)
        field = b"".join(octets if option.code == code else option.encode() for option in options)
        return payload[:OPTIONS_OFFSET] + field + END

    return mutate


def with_pads(pads: int) -> PayloadMutation:
    """Insert this many PAD options before every option."""
    return lambda payload: (
        payload[:OPTIONS_OFFSET]
        + b"".join(bytes(pads) + option.encode() for option in _options(payload))
        + END
    )


def chained(*mutations: PayloadMutation) -> PayloadMutation:
    """Apply several mutations, one after another."""

    def mutate(payload: bytes) -> bytes:
        for mutation in mutations:
            payload = mutation(payload)
        return payload

    return mutate


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
    return b"".join(option.encode() for option in options)
