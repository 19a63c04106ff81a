"""Values of a reply in the notations of a dnsmasq.conf."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from edgeboot.dhcp.vocabulary import INFINITE_LEASE

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SHORTEST: Final = 120
"""Seconds: dnsmasq grants no shorter lease."""
_INFINITE: Final = "infinite"


def as_written(value: object) -> frozenset[str]:
    """The notations that a dnsmasq.conf may use for a value, or for a part of it."""
    match value:
        case None:
            return frozenset()
        case tuple() | set() | frozenset() | list():
            return frozenset(str(item) for item in value if item is not None and str(item))
        case timedelta():
            seconds = int(value.total_seconds())
            units = {f"{seconds // each}{unit}" for unit, each in _UNITS.items() if seconds % each == 0}
            endless = {_INFINITE} if value == INFINITE_LEASE else set()
            return frozenset({str(seconds), *units, *endless})
    return frozenset({str(value)})


def lease_seconds(words: Iterable[str], shortest: int = _SHORTEST) -> int | None:
    """The lease time that a line's words grant, in seconds, two minutes at least; None without one."""
    for word in words:
        if word == _INFINITE:
            return int(INFINITE_LEASE.total_seconds())
        number, unit = (word, "s") if word.isdigit() else (word[:-1], word[-1:])
        if number.isdigit() and unit in _UNITS:
            return max(shortest, int(number) * _UNITS[unit])
    return None
