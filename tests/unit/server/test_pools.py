"""How much of a pool is left, by what the server was told and what it has given."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.server.dnsmasq.pools import exhaustion, pools
from edgeboot.spec.manifests.deployment import ServerConfig

CONFIG: Final = ServerConfig("", Path("dnsmasq.conf"), "/etc/edgeboot/dnsmasq.conf")


def configured(*ranges: str) -> ServerConfig:
    """A configuration with these dhcp-ranges."""
    return replace(CONFIG, text="".join(f"dhcp-range={each}\n" for each in ranges))


@pytest.mark.parametrize(
    "ranges,sizes",
    [
        (["192.168.99.100,192.168.99.200,255.255.255.0,12h"], [101]),
        (["set:edge,192.168.99.5,192.168.99.5,12h"], [1]),
        (["tag:a,set:b,10.0.0.1,10.0.0.4,1h", "10.1.0.1,10.1.0.2"], [4, 2]),
        (["192.168.99.0,proxy"], []),
        (["192.168.99.0,static"], []),
        (["fd00::1,fd00::9,64"], []),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_pool_is_what_dhcp_range_says(ranges: list[str], sizes: list[int]) -> None:
    """With tags or without; a proxy's range and one for fixed addresses give none."""
    assert [len(pool) for _, pool in pools(configured(*ranges))] == sizes


def test_exhausted_pool_is_told_in_numbers() -> None:
    """All addresses of all pools must be given; leases from elsewhere do not count."""
    config = configured("10.0.0.1,10.0.0.2", "10.1.0.1,10.1.0.1")
    given = [IPv4Address(each) for each in ("10.0.0.1", "10.0.0.2", "10.9.9.9")]
    assert exhaustion(config, given) is None
    assert exhaustion(config, [*given, IPv4Address("10.1.0.1")]) == "pool exhausted: 3 of 3 leased"


def test_exhausted_pool_of_one_network_is_told_though_another_is_free() -> None:
    """Nodes of a network get none of another's addresses."""
    config = configured("10.0.0.1,10.0.0.2,255.255.255.0", "10.1.0.1,10.1.0.9,255.255.255.0")
    given = [IPv4Address(each) for each in ("10.0.0.1", "10.0.0.2")]
    assert exhaustion(config, given) == "pool of 10.0.0.0/24 exhausted: 2 of 2 leased"


def test_server_without_a_pool_is_never_exhausted() -> None:
    """A ProxyDHCP gives nothing, so nothing can run out."""
    assert exhaustion(configured("10.0.0.0,proxy"), [IPv4Address("10.0.0.1")]) is None
