"""The pool of a contract: one range or several, and holes."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.spec.contract.address_pool import AddressPool
from tests.unit.spec.test_contract import contract

TWO: Final = [
    {"first": "10.0.0.10", "last": "10.0.0.19", "except": ["10.0.0.12", "10.0.0.14-10.0.0.15"]},
    {"first": "10.0.0.30", "last": "10.0.0.31"},
]


def pool(stated: Any) -> AddressPool:
    """The pool that is stated so."""
    return contract(pool=stated).pool


def test_pool_of_several_ranges_has_holes() -> None:
    """Ranges, size, addresses and edges agree."""
    several = pool(TWO)
    assert str(several) == "10.0.0.10-10.0.0.11, 10.0.0.13, 10.0.0.16-10.0.0.19, 10.0.0.30-10.0.0.31"
    assert (len(several), len(list(several.addresses()))) == (9, 9)
    assert all(address in several for address in several.addresses())
    assert not any(address in several for address in several.outside)
    assert (several.first, several.last) == (IPv4Address("10.0.0.10"), IPv4Address("10.0.0.31"))
    assert several.lies_in(IPv4Network("10.0.0.0/24"))


def test_ranges_that_touch_are_one() -> None:
    """Two dhcp-ranges side by side are no hole."""
    touching = [{"first": "10.0.0.5", "last": "10.0.0.9"}, {"first": "10.0.0.1", "last": "10.0.0.4"}]
    assert str(pool(touching)) == "10.0.0.1-10.0.0.9"


@pytest.mark.parametrize(
    "stated,problem",
    [
        ({"first": "10.0.0.1"}, "last is missing"),
        ({"first": "10.0.0.1", "last": "10.0.0.9", "excpet": []}, "excpet is not known"),
        ([], "ranges.*at least 1 item"),
        ({"first": "10.0.0.1", "last": "10.0.0.9", "except": ["10.0.0.8-10.0.0.12"]}, "except .* not within"),
        ({"first": "10.0.0.1", "last": "10.0.0.2", "except": ["10.0.0.1-10.0.0.2"]}, "leaves nothing"),
        (
            [{"first": "10.0.0.1", "last": "10.0.0.9"}, {"first": "10.0.0.9", "last": "10.0.0.12"}],
            r"10\.0\.0\.1-10\.0\.0\.9 and 10\.0\.0\.9-10\.0\.0\.12 have addresses in common",
        ),
    ],
    ids=str,
)
def test_pool_that_is_none_is_refused(stated: Any, problem: str) -> None:
    """The error names the field and what is wrong."""
    with pytest.raises(UsageError, match=f"field pool.*{problem}"):
        pool(stated)
