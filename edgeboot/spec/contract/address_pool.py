"""Contract terms about the addresses that are leased."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Self

from pydantic import model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.spec.contract.terms import Address


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
        """Every address of the pool, in ascending order."""
        return (IPv4Address(number) for number in range(int(self.first), int(self.last) + 1))

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __repr__(self) -> str:
        return f"the pool {self.first}-{self.last}"
