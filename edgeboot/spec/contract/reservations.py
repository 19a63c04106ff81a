"""Contract terms about machines with an address of their own."""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from edgeboot.base.mac import MacAddress
from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.spec.contract.terms import Address

_OCTETS: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2})+", re.IGNORECASE)
_NO_TYPE: Final = b"\0"
"""The type of a client identifier that is no hardware address (RFC 2132 section 9.14)."""


def _mac(value: object) -> object:
    return MacAddress.parse(value) if isinstance(value, str) else value


class Reservation(StrictModel):
    """A machine that always gets the same address, and what else is its own."""

    mac: Annotated[MacAddress, BeforeValidator(_mac)] | None = None
    client_id: str | None = Field(default=None, min_length=1)
    """Option 61: its octets as ``ff:01:02``, or a text, which a client sends with type 0 before it."""
    address: Address
    name: str | None = Field(default=None, min_length=1)
    """Option 12, for a client that asks for it."""
    bootfile: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _has_one_identity(self) -> Self:
        if (self.mac is None) == (self.client_id is None):
            raise ValueError(f"{self.address} needs either mac or client_id: what the machine is known by")
        return self

    @property
    def client_identifier(self) -> bytes | None:
        """The octets of option 61; None for a machine that is known by its MAC address."""
        if self.client_id is None:
            return None
        if _OCTETS.fullmatch(self.client_id):
            return bytes.fromhex(self.client_id.replace(":", ""))
        return _NO_TYPE + self.client_id.encode()

    def __str__(self) -> str:
        return str(self.mac) if self.mac is not None else f"client identifier {self.client_id}"


class ReservationTerms(StrictModel):
    """The reserved machines, whose addresses are no part of the pool."""

    reservations: tuple[Reservation, ...] = ()
    known_clients_only: bool = Field(default=False, strict=True)
    """Whether the server leaves every other machine alone."""

    @field_validator("reservations")
    @classmethod
    def _each_its_own(cls, reservations: tuple[Reservation, ...]) -> tuple[Reservation, ...]:
        addresses: dict[IPv4Address, Reservation] = {}
        machines: set[str] = set()
        for each in reservations:
            if each.address in addresses:
                raise ValueError(f"{each.address} is reserved for both {addresses[each.address]} and {each}")
            if str(each) in machines:
                raise ValueError(f"{each} has two reservations; merge them")
            addresses[each.address] = each
            machines.add(str(each))
        return reservations

    @field_validator("known_clients_only")
    @classmethod
    def _knows_somebody(cls, known_only: bool, info: ValidationInfo) -> bool:
        if known_only and info.data.get("reservations") == ():
            raise ValueError("is true and there are no [[reservations]]: nobody would be served")
        return known_only

    def reservation_of(self, request: DhcpMessage | None) -> Reservation | None:
        """That of a message's sender: by its client identifier first, then by its MAC address."""
        if request is None:
            return None
        sent = request.options.get(OptionCode.CLIENT_IDENTIFIER)
        by_id = (each for each in self.reservations if each.client_id is not None)
        known = next((each for each in by_id if each.client_identifier == sent), None)
        return known or next((each for each in self.reservations if each.mac == request.chaddr), None)

    def codes_of(self, request: DhcpMessage | None) -> frozenset[int]:
        """The options that the reservation of a message's sender states beside the contract's."""
        reserved = self.reservation_of(request)
        named = reserved is not None and reserved.name is not None
        return frozenset({OptionCode.HOST_NAME}) if named else frozenset()

    @property
    def reserved_addresses(self) -> frozenset[IPv4Address]:
        """The addresses that no other machine gets."""
        return frozenset(each.address for each in self.reservations)
