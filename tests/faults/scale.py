"""Faults of scale: a correct server whose pool is too small, or that gets too many requests."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import FrameInjection, SegmentInjection, added_lines, config_change
from tests.faults.fault import Fault

_FULL: Final = "test_exhaustion.py"
_ALL_LEASED: Final = f"{_FULL}::test_every_address_of_the_pool_can_be_leased"
_REFUSED: Final = (
    r"expected one DHCPACK to DHCPREQUEST .*, received DHCPNAK of 0\.0\.0\.0 from 192\.168\.99\.10"
)

SCALE: Final = (
    Fault(
        "pool of five",
        "dhcp-range ends at .104",
        "the sixth node of a rack gets no address",
        (config_change("192.168.99.200", "192.168.99.104"),),
        {
            _ALL_LEASED: _REFUSED,
            "test_addresses.py::test_pool_reaches_to_its_edge[last]": r"expected 192\.168\.99\.200, the pool's last",
        },
        (f"{_FULL}::*",),
        files=(_FULL, "test_addresses.py"),
        sampled=True,
    ),
    Fault(
        "pool of one",
        "dhcp-range ends where it begins",
        "only the first node boots",
        (config_change("192.168.99.200", "192.168.99.100"),),
        {
            "test_addresses.py::test_two_nodes_get_two_addresses": r"no address available.*likely cause: pool "
            r"exhausted: 1 of 1 leased, \S+\.conf:4 dhcp-range=",
        },
        files=("test_addresses.py",),
        options=("-k=two_nodes",),
    ),
    Fault(
        "lease limit of three",
        "dhcp-lease-max=3",
        "the fourth node is refused while the pool is nearly empty",
        (added_lines("dhcp-lease-max=3"),),
        {_ALL_LEASED: _REFUSED},
        (f"{_FULL}::*",),
        files=(_FULL,),
    ),
    Fault(
        "reserved addresses in the pool",
        "dhcp-host lines reserve two of the pool's addresses for machines that no longer exist",
        "the pool is full two nodes before its end",
        (
            added_lines(
                "dhcp-host=02:00:00:00:00:01,192.168.99.150", "dhcp-host=02:00:00:00:00:02,192.168.99.151"
            ),
        ),
        {_ALL_LEASED: _REFUSED},
        (f"{_FULL}::*",),
        files=(_FULL,),
    ),
    Fault(
        "DHCPRELEASE blocked",
        "a firewall lets only broadcasts pass, so that no DHCPRELEASE reaches the server",
        "a pool with many short-lived clients fills up until leases expire",
        (FrameInjection("DHCPRELEASE dropped"),),
        {
            "test_addresses.py::test_released_address_is_free_again": r"02:eb:|MacAddress",
            "test_giving_back.py::test_released_address_is_given_to_another_node": r"192\.168\.99\.",
        },
        files=("test_addresses.py", "test_giving_back.py"),
        options=("-k=released_address",),
    ),
    Fault(
        "boot storm",
        "fifty new nodes a second send DHCPDISCOVER, and dnsmasq pings for each",
        "after a power cut, nodes time out that had booted alone",
        (config_change("no-ping\n", ""), SegmentInjection("boot storm")),
        {"test_promptness.py::test_new_node_is_answered_in_time": r"received nothing|answered after"},
        ("test_promptness.py::*",),
        files=("test_promptness.py",),
        options=("-k=new_node",),
    ),
)
