"""The forms of a contract's terms: durations, addresses, pools, what each client boots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.clients import CLIENTS

_DURATION: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
SHORTEST_REASON: Final = 10
"""Characters of a reason that tells a reader anything."""
_URL: Final = re.compile(r"(tftp|https?)://[^/\s]+/\S+")
_STATED: Final = f'write a URL with a path, or {{ nothing = "why, in {SHORTEST_REASON} characters" }}'
_LONGEST: Final = 2**32 - 1


def _duration(value: object) -> object:
    """A duration as people write it, ``10h30m``; anything else is pydantic's to judge."""
    if isinstance(value, bool | int | float):
        raise ValueError(f"a bare number has no unit, found {value}; write {value}s or 12h")  # noqa: TRY004
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value)
    if not value or match is None:
        raise ValueError(f"is no duration such as 12h, 10h30m or 90s, found {value!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > _LONGEST:
        raise ValueError(f"is longer than the {_LONGEST} s that DHCP can say, found {value!r}")
    return timedelta(seconds=total)


def _written(value: object) -> object:
    """An address as text; a number would be taken for its 32 bits."""
    if not isinstance(value, str | IPv4Address):
        raise ValueError(f"is no address such as 192.168.99.1, found {value!r}")  # noqa: TRY004
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Address = Annotated[IPv4Address, BeforeValidator(_written)]


def every_client(value: object) -> dict[str, object]:
    """A table with every client, and no other."""
    if not isinstance(value, dict):
        raise ValueError(f"is no table of clients, found {value!r}")  # noqa: TRY004
    unknown = [name for name in value if name not in CLIENTS]
    if unknown:
        raise ValueError(f"no client is called {unknown[0]!r}; the clients are {', '.join(CLIENTS)}")
    missing = [name for name in CLIENTS if name not in value]
    if missing:
        raise ValueError(f"nothing is stated for {', '.join(missing)}")
    return value


def _boots(value: object) -> object:
    """For every client a URL or a reason why there is none."""
    try:
        value = every_client(value)
    except ValueError as error:
        raise ValueError(f"{error}; {_STATED}") from None
    for name, stated in value.items():
        if not _is_answer(stated):
            raise ValueError(f"{name} has neither URL nor reason, found {stated!r}; {_STATED}")
    return value


def _is_answer(stated: object) -> bool:
    match stated:
        case str():
            return _URL.fullmatch(stated) is not None
        case {"nothing": str(reason), **more}:
            return not more and len(reason) >= SHORTEST_REASON
    return isinstance(stated, Nothing)


class Nothing(StrictModel):
    """A client boots nothing here, and that is as it should be."""

    nothing: str = Field(min_length=SHORTEST_REASON)
    """The reason."""


Boots = Annotated[dict[str, str | Nothing], BeforeValidator(_boots)]
OptionNumber = Annotated[int, Field(strict=True, ge=1, le=254)]


class AddressPool(StrictModel):
    """An inclusive range of addresses."""

    first: Address
    last: Address

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError(f"first {self.first} comes after last {self.last}")
        return self

    def __contains__(self, address: object) -> bool:
        return isinstance(address, IPv4Address) and self.first <= address <= self.last

    def addresses(self) -> Iterator[IPv4Address]:
        """Every one of them, in order."""
        return (IPv4Address(number) for number in range(int(self.first), int(self.last) + 1))

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __repr__(self) -> str:
        return f"the pool {self.first}-{self.last}"
