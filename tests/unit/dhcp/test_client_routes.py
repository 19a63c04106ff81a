"""The routes that clients make of options 3, 33, 121 and 249, by what they ask for."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.client_routes import routes_of, routes_of_client
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.named_hosts import HostRole, NamedHosts, named_hosts
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import OptionCode as Code

ROUTER: Final = IPv4Address("192.168.99.1")
OTHER: Final = IPv4Address("192.168.99.10")
NETWORK: Final = b"\x18\x0a\x63\x00" + OTHER.packed
DEFAULT: Final = b"\0" + ROUTER.packed
OF_3: Final = DhcpOption(Code.ROUTER, ROUTER.packed)
PLAIN: Final = (1, 3, 6)
CLASSLESS: Final = (1, 3, 33, 121)
WINDOWS: Final = (1, 3, 33, 121, 249)


def options(*entries: DhcpOption) -> Options:
    """An options field."""
    return Options(entries)


@pytest.mark.covers("RFC3442-routers-ignored", "MS-DHCPE-249")
@pytest.mark.parametrize(
    "code,data,asked,default",
    [
        (121, NETWORK, PLAIN, [ROUTER]),
        (121, NETWORK, CLASSLESS, []),
        (121, NETWORK + DEFAULT, CLASSLESS, [ROUTER]),
        (249, NETWORK, CLASSLESS, [ROUTER]),
        (249, NETWORK, WINDOWS, []),
        (249, DEFAULT, WINDOWS, [ROUTER]),
        (121, NETWORK, (1, 6), []),
        (121, NETWORK, None, [ROUTER]),
    ],
)
def test_default_route_depends_on_what_the_client_asks_for(
    code: int, data: bytes, asked: tuple[int, ...] | None, default: list[IPv4Address]
) -> None:
    """Who asks for option 121 reads neither 3 nor 33; 249 is only Windows'."""
    assert list(routes_of(options(OF_3, DhcpOption(code, data)), asked).default_routers) == default


def test_121_comes_before_249() -> None:
    """Windows takes the standard's where both are sent."""
    both = options(DhcpOption(249, NETWORK), DhcpOption(121, DEFAULT))
    assert routes_of(both, WINDOWS).default_routers == (ROUTER,)


@pytest.mark.covers("RFC3442-encoding")
def test_classless_routes_are_read_octet_by_octet() -> None:
    """Only significant octets are sent; an option in two parts is one; 0.0.0.0 is on the link."""
    on_link = b"\x19\xc0\xa8\x32\x80" + bytes(4)
    routes = routes_of(options(DhcpOption(121, NETWORK[:3]), DhcpOption(121, NETWORK[3:] + on_link)), (121,))
    assert [str(route) for route in routes.static] == [
        "10.99.0.0/24 via 192.168.99.10",
        "192.168.50.128/25 via 0.0.0.0",
    ]
    assert routes.is_on_link(IPv4Address("192.168.50.129"), IPv4Network("192.168.99.0/24"))
    assert routes.router_to(IPv4Address("10.99.0.7")) == OTHER
    assert routes.router_to(IPv4Address("8.8.8.8")) is None


@pytest.mark.parametrize("code", [3, 33, 121, 249])
def test_routes_of_another_length_are_malformed(code: int) -> None:
    """What cannot be read is told; a client has no route by it."""
    routes = routes_of(options(DhcpOption(code, b"\x18\x0a\x63")), WINDOWS)
    assert (routes.malformed, routes.routes) == (True, ())


@pytest.mark.parametrize(
    "client,entry,routes",
    [
        ("dhcpcd", DhcpOption(249, DEFAULT), ["0.0.0.0/0 via 192.168.99.1"]),
        ("dhcpcd", DhcpOption(121, NETWORK[:6]), ["0.0.0.0/0 via 192.168.99.10"]),
        ("dhcpcd", DhcpOption(121, NETWORK[:4] + bytes(4)), ["10.99.0.0/32 via 0.0.0.0"]),
        ("systemd-networkd", DhcpOption(249, DEFAULT), ["0.0.0.0/0 via 192.168.99.10"]),
        ("systemd-networkd", DhcpOption(121, NETWORK[:6]), ["0.0.0.0/0 via 192.168.99.10"]),
        ("systemd-networkd", DhcpOption(121, NETWORK[:4] + bytes(4)), ["10.99.0.0/24 via 0.0.0.0"]),
        ("dhclient", DhcpOption(121, NETWORK[:6]), []),
        ("klibc-ipconfig", DhcpOption(121, NETWORK[:6]), ["0.0.0.0/0 via 192.168.99.10"]),
        (
            "network-manager",
            DhcpOption(121, NETWORK),
            ["10.99.0.0/24 via 192.168.99.10", "0.0.0.0/0 via 192.168.99.10"],
        ),
        ("network-manager", DhcpOption(121, DEFAULT), ["0.0.0.0/0 via 192.168.99.1"]),
    ],
)
def test_systems_read_routes_each_in_its_way(client: str, entry: DhcpOption, routes: list[str]) -> None:
    """As the real ones did with these options (tests/firmware)."""
    offered = options(DhcpOption(Code.ROUTER, OTHER.packed), entry)
    assert [str(route) for route in routes_of_client(offered, CLIENTS[client]).routes] == routes


@pytest.mark.parametrize(
    "address,network",
    [("10.9.9.9", "10.0.0.0/8"), ("172.16.0.7", "172.16.0.0/16"), ("192.168.7.7", "192.168.7.0/24")],
)
def test_networkd_reads_option_33_by_classes(address: str, network: str) -> None:
    """Its route to one host leads a whole network of class A, B or C there."""
    data = IPv4Address(address).packed + OTHER.packed
    [route] = routes_of_client(options(DhcpOption(33, data)), CLIENTS["systemd-networkd"]).routes
    assert str(route.network) == network


@given(st.binary(max_size=40), st.sampled_from([3, 33, 121, 249]))
def test_any_octets_are_routes_or_malformed(data: bytes, code: int) -> None:
    """No reply of a server ends a run."""
    routes = routes_of(options(DhcpOption(code, data)), WINDOWS)
    assert not (routes.malformed and routes.routes)


def test_static_routes_of_option_33_are_beside_the_router() -> None:
    """They are to hosts, and the default route stays option 3's."""
    routes = routes_of(options(OF_3, DhcpOption(33, bytes([10, 0, 0, 7]) + OTHER.packed)), CLASSLESS)
    assert [str(route) for route in routes.static] == ["10.0.0.7/32 via 192.168.99.10"]
    assert routes.default_routers == (ROUTER,)


def test_hosts_are_named_by_what_the_client_asks_for() -> None:
    """The first router, and the first name server, is the one that it uses."""
    routers = DhcpOption(Code.ROUTER, ROUTER.packed + OTHER.packed)
    names = DhcpOption(Code.DOMAIN_NAME_SERVER, OTHER.packed + ROUTER.packed)
    named = list(named_hosts(options(routers, names, DhcpOption(Code.NTP_SERVERS, OTHER.packed)), PLAIN))
    assert named == [
        NamedHosts(HostRole.ROUTER, Code.ROUTER, (ROUTER,)),
        NamedHosts(HostRole.ROUTER, Code.ROUTER, (OTHER,), spare=True),
        NamedHosts(HostRole.NAME_SERVER, Code.DOMAIN_NAME_SERVER, (OTHER,)),
        NamedHosts(HostRole.NAME_SERVER, Code.DOMAIN_NAME_SERVER, (ROUTER,), spare=True),
    ]
