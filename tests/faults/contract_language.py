"""Faults of what only some sites state: values of options, several pools, relayed networks."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines
from tests.faults.fault import Fault

_OPTIONS: Final = "test_options.py"
_OFFERED: Final = f"{_OPTIONS}::test_client_is_offered_the_stated_value_of_each_option_it_asks_for"
_ACKNOWLEDGED: Final = (
    f"{_OPTIONS}::test_node_that_asks_for_every_stated_option_is_acknowledged_with_each_value"
)
_SERVER: Final = r"192\.168\.99\.10 \(52:54:00:12:34:56\)"

_PROMISED: Final = "test_relay.py::test_relay_of_each_network_that_the_contract_promises_is_answered"
_FITS: Final = "test_relay.py::test_node_of_a_relayed_network_is_offered_what_fits_it"

RELAYED: Final = """
[[relayed]]
network = "192.168.50.0/24"
lease_time = "6h"
pool = { first = "192.168.50.100", last = "192.168.50.200" }
"""
RELAYED_LINES: Final = ("dhcp-range=set:rack2,192.168.50.100,192.168.50.200,255.255.255.0,6h",)
SITE_OPTIONS: Final = """
routers = ["192.168.99.1"]
[options]
dns-server = ["192.168.99.1", "192.168.99.2"]
domain-name = "edge.example.org"
mtu = 1450
static-route = ["10.98.0.7 via 192.168.99.11"]
ntp-server = ["192.168.99.1"]
domain-search = ["edge.example.org", "example.org"]
classless-static-route = ["10.99.0.0/24 via 192.168.99.10", "0.0.0.0/0 via 192.168.99.1"]
249 = ["10.99.0.0/24 via 192.168.99.10", "0.0.0.0/0 via 192.168.99.1"]
[options.for.windows]
43 = "hex:01 04 00 00 00 02"
wpad = "http://192.168.99.40/wpad.dat"
"""
"""Terms of a site that states its name servers, time, routes and MTU, and more for Windows."""
_LINES: Final = (
    "dhcp-vendorclass=set:windows,MSFT",
    "dhcp-option=option:router,192.168.99.1",
    "dhcp-option=option:dns-server,192.168.99.1,192.168.99.2",
    "domain=edge.example.org",
    "dhcp-option=option:mtu,1450",
    "dhcp-option=option:static-route,10.98.0.7,192.168.99.11",
    "dhcp-option=option:ntp-server,192.168.99.1",
    "dhcp-option=option:domain-search,edge.example.org,example.org",
    "dhcp-option=option:classless-static-route,10.99.0.0/24,192.168.99.10,0.0.0.0/0,192.168.99.1",
    "dhcp-option=249,10.99.0.0/24,192.168.99.10,0.0.0.0/0,192.168.99.1",
    "dhcp-option=tag:windows,43,01:04:00:00:00:02",
    "dhcp-option=tag:windows,252,http://192.168.99.40/wpad.dat",
)


def site_options(old: str = "", new: str = "") -> tuple[str, ...]:
    """The lines of dnsmasq.conf for those terms, with one text replaced.

    Raises:
        ValueError: no line has the text.
    """
    if not any(old in line for line in _LINES):
        raise ValueError(f"no line has {old!r}")
    return tuple(line.replace(old, new) if old else line for line in _LINES)


def _wrong_value(
    option: str, old: str, new: str, says: str, caught_by: str = _ACKNOWLEDGED, *, symptom: str
) -> Fault:
    return Fault(
        f"another value in option {option}",
        f"{old} is {new or 'missing'}",
        symptom,
        (ContractTerms(SITE_OPTIONS), added_lines(*site_options(old, new))),
        {caught_by: says},
        (f"{_OPTIONS}::*",),
        files=(_OPTIONS, "test_offer.py"),
    )


CONTRACT_LANGUAGE: Final = (
    _wrong_value(
        "6",
        "192.168.99.1,192.168.99.2",
        "192.168.99.1,192.168.99.3",
        r"option domain-name-server \(6\): expected 192\.168\.99\.1, 192\.168\.99\.2, received "
        r"192\.168\.99\.1, "
        rf"192\.168\.99\.3 from {_SERVER}; likely cause: \S+\.conf:\d+ dhcp-option=option:dns-server,",
        symptom="names are not resolved when the first name server is down",
    ),
    _wrong_value(
        "15",
        "domain=edge.example.org",
        "domain=example.org",
        r"option domain-name \(15\): expected edge\.example\.org, received example\.org "
        r".*:\d+ domain=example",
        symptom="nodes have another domain than the site's",
    ),
    _wrong_value(
        "26",
        "mtu,1450",
        "mtu,1500",
        r"option interface-mtu \(26\): expected 1450, received 1500 .*:\d+ dhcp-option=option:mtu,1500",
        symptom="large packets are lost in the site's tunnel",
    ),
    _wrong_value(
        "33",
        "10.98.0.7,",
        "10.98.0.8,",
        r"option static-route \(33\): expected 10\.98\.0\.7/32 via 192\.168\.99\.11, received "
        r"10\.98\.0\.8/32 via",
        symptom="one host is not reached",
    ),
    _wrong_value(
        "42",
        "dhcp-option=option:ntp-server,192.168.99.1",
        "",
        r"option ntp-servers \(42\): expected 192\.168\.99\.1, received nothing from .*has no "
        r"dhcp-option=option:ntp-server line",
        symptom="certificates are not valid yet for nodes whose clock has stopped",
    ),
    _wrong_value(
        "119",
        "edge.example.org,example.org",
        "example.org,edge.example.org",
        r"option domain-search \(119\): expected edge\.example\.org, example\.org, received "
        r"example\.org, edge",
        symptom="short names lead to another host",
    ),
    _wrong_value(
        "121",
        "option:classless-static-route,10.99.0.0/24",
        "option:classless-static-route,10.99.0.0/25",
        r"option classless-static-route \(121\): expected .*10\.99\.0\.0/24 via 192\.168\.99\.10, received "
        r".*10\.99\.0\.0/25 via .*:\d+ dhcp-option=option:classless-static-route",
        symptom="half of a network is not reached",
    ),
    _wrong_value(
        "43",
        "43,01:04:00:00:00:02",
        "43,01:04:00:00:00:01",
        r"option vendor-specific \(43\): expected hex 01 04 00 00 00 02, received hex 01 04 "
        r"00 00 00 01 from ",
        f"{_OFFERED}[windows]",
        symptom="Windows keeps NetBIOS on",
    ),
    _wrong_value(
        "252 for Windows",
        "tag:windows,252",
        "252",
        r"option web-proxy-auto-discovery \(252\): .* is sent it by .*, and the "
        r"contract states it for windows only",
        symptom="every client uses the proxy that is meant for Windows",
    ),
    Fault(
        "no range for a relayed network",
        "the contract promises 192.168.50.0/24 to relays, and dnsmasq.conf has no dhcp-range in it",
        "no node of the second rack gets an address",
        (ContractTerms('relay_networks = ["192.168.99.0/24", "192.168.50.0/24"]\n'),),
        {
            f"{_PROMISED}[192.168.50.0/24]": r"a relay of 192\.168\.50\.0/24 \(giaddr 192\.168\.50\.1\) is "
            r"not answered, which the contract promises.*has no dhcp-range in 192\.168\.50\.0/24"
        },
        files=("test_relay.py",),
    ),
    Fault(
        "the segment's router for a relayed network",
        "the router of the segment is set for every network",
        "nodes of the second rack have a default router that they cannot reach",
        (
            ContractTerms('routers = ["192.168.99.1"]\n' + RELAYED),
            added_lines(*RELAYED_LINES, "dhcp-option=option:router,192.168.99.1"),
        ),
        {
            f"{_FITS}[192.168.50.0/24]": r"routers through a relay of 192\.168\.50\.0/24: expected "
            r"routers in 192\.168\.50\.0/24, received 192\.168\.99\.1 from "
            r".*dhcp-option=option:router,192\.168\.99\.1"
        },
        files=("test_relay.py",),
    ),
    Fault(
        "hole in the pool is given away",
        "the contract excepts .110 to .112, where the site has machines, and the range has no hole",
        "now and then a node gets the address of a machine of the site",
        (
            ContractTerms(
                '[pool]\nfirst = "192.168.99.100"\nlast = "192.168.99.200"\n'
                'except = ["192.168.99.110-192.168.99.112"]\n'
            ),
        ),
        {
            "test_addresses.py::test_pool_ends_at_its_edge[before the first]": r"address: expected "
            r"192\.168\.99\.100-192\.168\.99\.109, 192\.168\.99\.113-192\.168\.99\.200, received "
            r"192\.168\.99\.112",
            "test_addresses.py::test_pool_ends_at_its_edge[after the last]": r"received 192\.168\.99\.110",
        },
        files=("test_addresses.py",),
    ),
)
