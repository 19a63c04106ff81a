"""The deployed configuration, changed for a server beside the deployed one."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path

import pytest

from edgeboot.server.pod.variants import with_interface_and_range
from edgeboot.spec.manifests.deployment import ServerConfig

DEPLOYED = "port=0\ninterface=ens3\n{ranges}\ndhcp-option=3\n"


def beside(ranges: str, network: str) -> list[str]:
    """The lines of a server on virbr1 of this network."""
    config = ServerConfig(DEPLOYED.format(ranges=ranges), Path("site.conf"), "")
    return with_interface_and_range(config, "virbr1", IPv4Network(network)).text.splitlines()


@pytest.mark.parametrize(
    "network,own",
    [
        ("10.0.0.0/25", "dhcp-range=10.0.0.64,10.0.0.126,255.255.255.128"),
        ("10.0.0.16/28", "dhcp-range=10.0.0.24,10.0.0.30,255.255.255.240"),
        ("172.16.0.0/16", "dhcp-range=172.16.128.0,172.16.255.254,255.255.0.0"),
    ],
)
def test_range_lies_in_a_network_of_any_size(network: str, own: str) -> None:
    """dnsmasq refuses a range that leaves its network."""
    lines = beside("dhcp-range=10.0.0.100,10.0.0.120,255.255.255.0,12h", network)
    assert lines == ["port=0", "interface=virbr1", own, "dhcp-option=3"]


@pytest.mark.parametrize(
    "ranges,own",
    [
        (
            "dhcp-range=10.0.0.9,10.0.0.12\ndhcp-range=set:far,10.1.0.9,10.1.0.12,1h",
            "10.0.0.128,10.0.0.254,255.255.255.0",
        ),
        ("dhcp-range=set:lan,10.0.0.9,10.0.0.12,1h", "set:lan,10.0.0.128,10.0.0.254,255.255.255.0"),
        ("dhcp-range=10.0.0.0,static", "10.0.0.128,10.0.0.254,255.255.255.0"),
        ("dhcp-range=10.7.0.0,proxy", "10.0.0.0,proxy,255.255.255.0"),
    ],
)
def test_ranges_of_any_form_become_one(ranges: str, own: str) -> None:
    """Tags stay, since other lines may ask for them; those of other networks go."""
    lines = beside(ranges, "10.0.0.0/24")
    assert [line for line in lines if "range" in line] == [f"dhcp-range={own}"]
