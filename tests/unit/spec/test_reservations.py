"""Reservations: how a machine is known, and that its address leaves the pool."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from pydantic import ValidationError

from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.reservations import Reservation, ReservationTerms

ADDRESS = "192.168.99.21"
MAC = "02:de:ad:00:00:01"


@pytest.mark.parametrize(
    "stated, octets", [("ff:01:02", b"\xff\x01\x02"), ("node-a", b"\0node-a"), ("ab", b"\0ab")]
)
def test_client_identifier_is_octets_or_a_text(stated: str, octets: bytes) -> None:
    """A text has type 0 before it (RFC 2132 section 9.14)."""
    assert Reservation(client_id=stated, address=ADDRESS).client_identifier == octets


@pytest.mark.parametrize("identity", [{}, {"mac": MAC, "client_id": "node-a"}])
def test_machine_is_known_by_one_thing(identity: dict[str, str]) -> None:
    """Without one nobody can be recognised; with both it is not clear which counts."""
    with pytest.raises(ValidationError, match="needs either mac or client_id"):
        Reservation(**identity, address=ADDRESS)


@pytest.mark.parametrize(
    "second, problem",
    [
        ({"mac": "02:de:ad:00:00:02", "address": ADDRESS}, "is reserved for both"),
        ({"mac": MAC, "address": "192.168.99.22"}, "has two reservations"),
    ],
)
def test_machine_and_address_occur_once(second: dict[str, str], problem: str) -> None:
    """The server could fulfil only one of the two."""
    with pytest.raises(ValidationError, match=problem):
        ReservationTerms(reservations=({"mac": MAC, "address": ADDRESS}, second))


def test_reserved_address_is_a_hole_in_the_pool() -> None:
    """Nobody else may get it, so no test may count on it."""
    first, last = IPv4Address("192.168.99.100"), IPv4Address("192.168.99.102")
    pool = AddressPool.of(first, last).without([first + 1, first - 1])
    assert list(pool.addresses()) == [first, last]
