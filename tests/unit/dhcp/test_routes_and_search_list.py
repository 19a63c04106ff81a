"""Options 33, 121, 249 and 119: what their octets say."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.routes import classless_routes, host_routes
from edgeboot.dhcp.search_list import search_list


@pytest.mark.parametrize(
    "data,routes",
    [
        (b"", []),
        (bytes([0, 10, 0, 0, 1]), ["0.0.0.0/0 via 10.0.0.1"]),
        (bytes([12, 172, 16, 10, 0, 0, 1]), ["172.16.0.0/12 via 10.0.0.1"]),
        (bytes([32, 10, 1, 2, 3, 10, 0, 0, 1]), ["10.1.2.3/32 via 10.0.0.1"]),
    ],
    ids=["none", "default", "half an octet", "host"],
)
def test_classless_route_has_its_significant_octets(data: bytes, routes: list[str]) -> None:
    """As many as the prefix length needs (RFC 3442)."""
    assert [str(route) for route in classless_routes(data)] == routes


@pytest.mark.parametrize("data", [bytes([33, 1, 2, 3, 4, 5, 10, 0, 0, 1]), bytes([24, 10, 0, 0, 10, 0, 0])])
def test_octets_that_are_no_routes_are_refused(data: bytes) -> None:
    """A prefix beyond 32, or an end in the middle of a router."""
    with pytest.raises(ValueError, match="no route at octet 0"):
        classless_routes(data)
    with pytest.raises(ValueError, match="no pairs of addresses"):
        host_routes(data)


def test_host_route_is_a_pair_of_addresses() -> None:
    """RFC 2132 section 5.8."""
    [route] = host_routes(bytes([10, 1, 2, 3, 10, 0, 0, 1]))
    assert (str(route), route.is_default) == ("10.1.2.3/32 via 10.0.0.1", False)


def test_compressed_names_are_whole() -> None:
    """A pointer leads into an earlier name, also through another pointer."""
    data = b"\3eng\5apple\3com\0\x09marketing\xc0\4\1a\xc0\x0f"
    assert search_list(data) == ("eng.apple.com", "marketing.apple.com", "a.marketing.apple.com")


@pytest.mark.parametrize("data", [b"\3eng", b"\3eng\xc0\0", b"\xc0\7", b"\x40a", b"\1a\xc0"])
def test_names_without_an_end_are_refused(data: bytes) -> None:
    """Loops and pointers forward, too: the reader must end."""
    with pytest.raises(ValueError, match="octet"):
        search_list(data)
