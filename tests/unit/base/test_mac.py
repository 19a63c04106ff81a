"""Ethernet addresses: one way to write them, one way to read them."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.mac import BROADCAST, MacAddress

OCTETS: Final = st.binary(min_size=6, max_size=6)


@given(OCTETS)
def test_what_is_printed_is_parsed_again(packed: bytes) -> None:
    """The text of an address is the address, in either case of its letters."""
    address = MacAddress(packed)
    assert MacAddress.parse(str(address)) == MacAddress.parse(str(address).upper()) == address


@given(OCTETS, OCTETS)
def test_addresses_are_ordered_as_their_texts_are(one: bytes, other: bytes) -> None:
    """A sorted table looks sorted."""
    left, right = MacAddress(one), MacAddress(other)
    assert (left < right) == (str(left) < str(right))


@given(st.text(alphabet="0123456789abcdefg:- \n", max_size=20))
def test_only_six_octets_with_colons_are_an_address(text: str) -> None:
    """Whatever is parsed prints as what was given."""
    try:
        address = MacAddress.parse(text)
    except ValueError:
        return
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "02:eb:00:00:00",
        "02:eb:00:00:00:01:02",
        "02-eb-00-00-00-01",
        "2:eb:0:0:0:1",
        "02:eb:00:00:00:0g",
        "02:eb:00:00:00:01\n",
        "\u0660\u0662:eb:00:00:00:01",
    ],
)
def test_wrong_text_is_refused_with_the_right_form(text: str) -> None:
    """The error shows what was given and what to write."""
    with pytest.raises(ValueError, match="is no Ethernet address; write six octets as 02:eb:00:00:00:01"):
        MacAddress.parse(text)


@pytest.mark.parametrize("count", [0, 5, 7, 16])
def test_address_has_six_octets(count: int) -> None:
    """A chaddr field of sixteen octets is not an address."""
    with pytest.raises(ValueError, match=f"6 octets, not {count}"):
        MacAddress(bytes(count))


def test_broadcast_is_all_ones() -> None:
    """The address everybody hears."""
    assert str(BROADCAST) == "ff:ff:ff:ff:ff:ff"
