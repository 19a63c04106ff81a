"""Contract terms about the addresses that are leased: ranges, and holes in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Self

from pydantic import Field, ValidationError, model_serializer, model_validator

from edgeboot.base.strict_model import StrictModel, first_problem
from edgeboot.spec.contract.terms import Address


class AddressRange(StrictModel):
    """All addresses from a first to a last, both included."""

    first: Address
    last: Address

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        """``10.0.0.5`` or ``10.0.0.5-10.0.0.9`` is a range, too."""
        if not isinstance(value, str):
            return value
        first, _, last = value.partition("-")
        return {"first": first.strip(), "last": (last or first).strip()}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError(f"first {self.first} comes after last {self.last}")
        return self

    def __contains__(self, address: object) -> bool:
        return isinstance(address, IPv4Address) and self.first <= address <= self.last

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def without(self, hole: AddressRange) -> Iterator[AddressRange]:
        """What is left of it, in order."""
        if hole.last < self.first or self.last < hole.first:
            yield self
            return
        if self.first < hole.first:
            yield AddressRange(first=self.first, last=hole.first - 1)
        if hole.last < self.last:
            yield AddressRange(first=hole.last + 1, last=self.last)


class AddressPool(StrictModel):
    """The addresses that are leased: one or several ranges, in ascending order, that do not touch.

    Read from ``{ first, last, except }`` or a list of such tables.
    """

    ranges: tuple[AddressRange, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _from_toml(cls, terms: object) -> object:
        if isinstance(terms, Mapping) and "ranges" in terms:
            return terms
        tables = terms if isinstance(terms, list | tuple) else [terms]
        ranges: list[AddressRange] = []
        for table in tables:
            ranges += _with_holes(table)
        return {"ranges": _joined(ranges)}

    @model_serializer
    def _to_toml(self) -> list[dict[str, Any]]:
        return [{"first": each.first, "last": each.last} for each in self.ranges]

    @classmethod
    def of(cls, first: IPv4Address, last: IPv4Address) -> Self:
        """The pool of one range."""
        return cls(ranges=(AddressRange(first=first, last=last),))

    def without(self, addresses: Iterable[IPv4Address]) -> AddressPool:
        """The pool with holes at these addresses, of which any may be outside.

        Raises:
            ValueError: nothing is left.
        """
        left = self.ranges
        for address in addresses:
            hole = AddressRange(first=address, last=address)
            left = tuple(rest for each in left for rest in each.without(hole))
        if not left:
            raise ValueError(f"{self!r} has no address that is not reserved")
        return AddressPool(ranges=left)

    @property
    def first(self) -> IPv4Address:
        """Its lowest address."""
        return self.ranges[0].first

    @property
    def last(self) -> IPv4Address:
        """Its highest address."""
        return self.ranges[-1].last

    @property
    def outside(self) -> tuple[IPv4Address, ...]:
        """The addresses just before and just behind each of its ranges, in ascending order."""
        edges = {int(each.first) - 1 for each in self.ranges} | {int(each.last) + 1 for each in self.ranges}
        return tuple(IPv4Address(edge) for edge in sorted(edges) if 0 <= edge < 1 << 32)

    def __contains__(self, address: object) -> bool:
        return any(address in each for each in self.ranges)

    def addresses(self) -> Iterator[IPv4Address]:
        """Every address of the pool, in ascending order."""
        for each in self.ranges:
            yield from (IPv4Address(number) for number in range(int(each.first), int(each.last) + 1))

    def __len__(self) -> int:
        return sum(map(len, self.ranges))

    def __str__(self) -> str:
        return ", ".join(map(str, self.ranges))

    def __repr__(self) -> str:
        return f"the pool {self}"

    def lies_in(self, network: IPv4Network) -> bool:
        """Whether all of it is in this network."""
        return self.first in network and self.last in network


def _with_holes(table: object) -> list[AddressRange]:
    """The ranges of one table, without what it excepts; raises ValueError."""
    terms = dict(table) if isinstance(table, Mapping) else table
    holes = terms.pop("except", []) if isinstance(terms, dict) else []
    whole = _range(terms)
    left = [whole]
    for stated in [holes] if isinstance(holes, str) else holes:
        hole = _range(stated)
        if hole.first not in whole or hole.last not in whole:
            raise ValueError(f"except {hole} is not within {whole}")
        left = [rest for each in left for rest in each.without(hole)]
    if not left:
        raise ValueError(f"except leaves nothing of {whole}")
    return left


def _range(terms: object) -> AddressRange:
    try:
        return AddressRange.model_validate(terms)
    except ValidationError as error:
        raise ValueError(" ".join(filter(None, first_problem(error)))) from None


def _joined(ranges: list[AddressRange]) -> list[AddressRange]:
    """In ascending order, those that touch made one.

    Raises:
        ValueError: an address is in two of them.
    """
    joined: list[AddressRange] = []
    for each in sorted(ranges, key=lambda one: one.first):
        before = joined[-1] if joined else None
        if before is not None and each.first <= before.last:
            raise ValueError(f"{before} and {each} have addresses in common")
        if before is not None and each.first == before.last + 1:
            joined[-1] = AddressRange(first=before.first, last=each.last)
        else:
            joined.append(each)
    return joined
