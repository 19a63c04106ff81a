"""Types of contract fields, with validation: durations, addresses, option codes."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from edgeboot.dhcp.vocabulary import INFINITE_LEASE

_DURATION: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
MINIMUM_REASON_LENGTH: Final = 10
"""Minimum length of a reason in characters, so that it is an explanation."""
URL: Final = re.compile(r"(tftp|https?)://[^/\s]+/\S+")
"""What a client may be stated to boot: a URL with a host and a path."""
_MAX_SECONDS: Final = int(INFINITE_LEASE.total_seconds())
_INFINITE: Final = "infinite"
_ALL_ONES: Final = 0xFFFFFFFF


def _duration(value: object) -> object:
    """Parse a duration such as ``10h30m``; values that are no text are left to pydantic."""
    if isinstance(value, bool | int | float):
        raise ValueError(f"a bare number has no unit, found {value}; write {value}s or 12h")  # noqa: TRY004
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value)
    if not value or match is None:
        raise ValueError(f"is no duration such as 12h, 10h30m or 90s, found {value!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > _MAX_SECONDS:
        raise ValueError(f"is longer than the {_MAX_SECONDS} s of a DHCP option, found {value!r}")
    return timedelta(seconds=total)


def written_duration(time: timedelta) -> str:
    """A time as a contract has it, such as ``10h30m``; without what is less than a second."""
    hours, rest = divmod(int(time.total_seconds()), 3600)
    parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def _lease_time(value: object) -> object:
    """A duration, or ``infinite``."""
    return INFINITE_LEASE if value == _INFINITE else _duration(value)


def _address_text(value: object) -> object:
    """Accept an address only as text; pydantic would read a number as its 32 bits."""
    if not isinstance(value, str | IPv4Address):
        raise ValueError(f"is no address such as 192.168.99.1, found {value!r}")  # noqa: TRY004
    return value


def _netmask(address: IPv4Address) -> IPv4Address:
    """Accept ones followed by zeros; a host mask such as 0.0.0.255 would be read as a netmask, too."""
    zeros = int(address) ^ _ALL_ONES
    if zeros & (zeros + 1) or zeros == _ALL_ONES:
        raise ValueError(f"is no netmask such as 255.255.255.0, found {str(address)!r}")
    return address


def _limit(time: timedelta) -> timedelta:
    if not time:
        raise ValueError("is no time at all; write one such as 1s")
    return time


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Limit = Annotated[Duration, AfterValidator(_limit)]
LeaseTime = Annotated[timedelta, BeforeValidator(_lease_time)]
Address = Annotated[IPv4Address, BeforeValidator(_address_text)]
Netmask = Annotated[Address, AfterValidator(_netmask)]


OptionNumber = Annotated[int, Field(strict=True, ge=1, le=254)]


def web_host(url: str) -> IPv4Address | None:
    """The address of an ``http`` or ``https`` URL; None for another one, or where it has a name."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or parts.hostname is None:
        return None
    try:
        return IPv4Address(parts.hostname)
    except ValueError:
        return None
