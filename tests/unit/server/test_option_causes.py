"""Which line of dnsmasq.conf sets an option to what was received."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.server.dnsmasq.option_causes import option_causes
from tests.unit.samples import config

DNS = (IPv4Address("10.0.0.1"),)


@pytest.mark.parametrize(
    "code,expected,received,lines,cause",
    [
        (6, DNS, (IPv4Address("10.0.0.2"),), "dhcp-option=6,10.0.0.2", ":1 dhcp-option=6,10.0.0.2"),
        (
            6,
            DNS,
            None,
            "dhcp-option=tag:a,option:dns-server,10.0.0.2",
            ":1 dhcp-option=tag:a,option:dns-server",
        ),
        (6, DNS, None, "port=0", "has no dhcp-option=option:dns-server line"),
        (6, DNS, DNS * 2, "dhcp-option=60,10.0.0.1", "dnsmasq then names itself where it serves DNS"),
        (26, 1450, 1500, "dhcp-option=26,1450\ndhcp-option-force=mtu,1500", ":2 dhcp-option-force=mtu,1500"),
        (
            26,
            1450,
            1500,
            "dhcp-option=26,1450\ndhcp-option=option:mtu,1500",
            ":2 dhcp-option=option:mtu,1500",
        ),
        (15, "a.org", "b.org", "domain=b.org", ":1 domain=b.org"),
        (43, b"\1", b"\2", "dhcp-option=vendor:PXEClient,1,0.0.0.0", ":1 dhcp-option=vendor:PXEClient"),
        (224, "a", None, "", "has no dhcp-option=224 line"),
    ],
    ids=str,
)
def test_line_that_sets_the_option_is_its_cause(
    code: int, expected: object, received: object, lines: str, cause: str
) -> None:
    """By number or name; another option's line, and one with the expected value, are none."""
    [found] = option_causes(code, expected, received, config(lines))
    assert cause in str(found)


@pytest.mark.parametrize("lines", ["dhcp-option=26,1450", ""], ids=["expected value", "no line"])
def test_value_that_no_line_explains_has_no_cause(lines: str) -> None:
    """Something else made it."""
    assert option_causes(26, 1450, 1500, config(lines)) == ()
