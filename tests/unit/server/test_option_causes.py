"""Which line of dnsmasq.conf gave an option its value for one client, or which line is missing."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import option
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.cause import likely_causes, option_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.manifests.deployment import ServerConfig
from tests.unit.samples import NODE, SERVER, XID, config, message

A, B = ((IPv4Address(f"10.0.0.{number}"),) for number in (1, 2))
WINDOWS: Final = CLIENTS["windows"]
"""Asks for 3, 6, 15, 43, 121, 249 and 252, and not for 26."""
MATCH: Final = (
    "dhcp-match=set:m,option:vendor-class,MSFT\ndhcp-vendorclass=set:v,MSFT\ndhcp-mac=set:h,02:eb:*:*:*:*\n"
    "dhcp-host=02:eb:00:00:00:01,set:n,node.example.org\ntag-if=set:i,tag:v,tag:!efi\n"
)


def sent(parameters: tuple[int, ...] | None = WINDOWS.parameters) -> Sent:
    """Windows' DHCPDISCOVER with this parameter request list, and the server's offer."""
    client = replace(WINDOWS, parameters=parameters)
    lease = option(Code.IP_ADDRESS_LEASE_TIME, 43200, size=4)
    offer = message(option(Code.SERVER_IDENTIFIER, SERVER), lease)
    return Sent(NODE.as_client(client).discover(XID), offer)


def blamed(code: int, expected: object, received: object, lines: str, to: Sent | None = None) -> list[str]:
    """The causes, without the file."""
    found = option_causes(code, received, config(lines), expected=expected, sent=to or sent())
    return [str(each).removeprefix("dnsmasq.conf").removeprefix(":") for each in found]


@pytest.mark.parametrize(
    "lines,why",
    [
        (
            "dhcp-option=6,10.0.0.1\ndhcp-option=6,10.0.0.2",
            "no tag) applies too, but of several the last one",
        ),
        ("dhcp-option=tag:v,6,10.0.0.1\ndhcp-option=tag:m,6,10.0.0.2", "(tag v) applies too, but of several"),
        (
            "dhcp-option=6,10.0.0.1\ndhcp-option=tag:v,6,10.0.0.2",
            "has no tag, and counts only where no tagged",
        ),
        (
            "dhcp-option=tag:v,6,10.0.0.2\ndhcp-option=6,10.0.0.1",
            "has no tag, and counts only where no tagged",
        ),
        ("dhcp-option=tag:efi,6,10.0.0.1\ndhcp-option=6,10.0.0.2", "wants tag efi"),
        ("dhcp-option=tag:!v,6,10.0.0.1\ndhcp-option=tag:!efi,6,10.0.0.2", "wants tag !v"),
        ("dhcp-option=tag:v,tag:efi,6,10.0.0.1\ndhcp-option=tag:v,tag:h,6,10.0.0.2", "wants tag v, efi"),
        ("dhcp-option-force=tag:x,6,10.0.0.1\ndhcp-option-force=tag:n,6,10.0.0.2", "wants tag x"),
        ("dhcp-option=tag:x,6,10.0.0.1\ndhcp-option=tag:i,option:dns-server,10.0.0.2", "wants tag x"),
        ("dhcp-option=tag:known,6,10.0.0.2\ndhcp-option=tag:!known,6,10.0.0.1", "wants tag !known"),
    ],
)
def test_line_that_counts_is_blamed_and_the_one_with_the_expected_value_is_not(lines: str, why: str) -> None:
    """By the tags that each kind of line gives; the other one's number is told with the reason."""
    [found] = blamed(6, A, B, MATCH + lines)
    line, _, reason = found.partition(" (the client's tags are ")
    assert line.startswith(("6 dhcp-option", "7 dhcp-option"))
    assert line.endswith(",10.0.0.2")
    assert why in reason


@pytest.mark.parametrize(
    "code,received,line",
    [
        (26, 1500, "dhcp-option-force=option:mtu,1500"),
        (15, "b.org", "domain=b.org"),
        (15, "b.org", "domain=b.org,192.168.99.0/24"),
        (15, "b.org", "dhcp-option=15,b.org"),
        (12, "node", "dhcp-host=02:eb:00:00:00:01,node.example.org"),
        (43, b"\2\4\0\0\0\1\xff", "dhcp-option=vendor:MSFT,2,1i"),
        (43, b"\x02\x01\x37\xff", "dhcp-option=encap:43,2,55"),
        (43, b"\1\2", "dhcp-option=43,01:02"),
        (60, "MSFT 5.0", "dhcp-option=vendor:MSFT,2,1i"),
        (60, "PXEClient", "dhcp-option=60,PXEClient"),
        (119, ("a.org", "b.org"), "dhcp-option=119,a.org,b.org"),
        (121, (StaticRoute.parse("10.9.0.0/16 via 10.0.0.1"),), "dhcp-option=121,10.9.1.0/16,10.0.0.1"),
        (252, "http://a/b,c", 'dhcp-option=252,"http://a/b,c"'),
        (252, "\n", r'dhcp-option=252,"\n"'),
        (42, (SERVER, *A), "dhcp-option=42,0.0.0.0,10.0.0.1"),
        (58, 60, "dhcp-option=option:T1,1m"),
        (3, (), "dhcp-option=3"),
        (6, None, "dhcp-option=option:dns-server"),
    ],
)
def test_line_that_holds_the_received_value_is_its_cause(code: int, received: object, line: str) -> None:
    """In each of dnsmasq's notations; a line without a value takes the option away."""
    everything = sent((*(WINDOWS.parameters or ()), 12, 42, 60, 119))
    assert blamed(code, A, received, f"port=0\n{line}", everything) == [f"2 {line}"]


@pytest.mark.parametrize(
    "code,received,lines",
    [
        (26, 1500, "dhcp-option-force=26,1450"),
        (26, 1500, ""),
        (6, B, "dhcp-option=60,10.0.0.2"),
        (6, B, "dhcp-option=tag:efi,6,10.0.0.2\nport=0"),
        (6, B, "dhcp-option=6,10.0.0.1,10.0.0.2"),
        (43, b"\2\1\1\xff", "dhcp-option=vendor:PXEClient,2,1b"),
        (15, "b.org", "domain=b.org,10.0.0.0/24"),
        (60, "PXEClient", "dhcp-option=vendor:PXEClient,6,8"),
        (43, b"\6\1\x08\xff", "pxe-prompt=hello"),
        (15, "b.org", "dhcp-option=option6:24,b.org"),
    ],
)
def test_line_of_another_value_or_client_or_option_is_no_cause(
    code: int, received: object, lines: str
) -> None:
    """The server was started with another file then, or something else made the value."""
    assert blamed(code, A, received, lines) == []


@pytest.mark.parametrize(
    "code,received,lines,says",
    [
        (42, None, "", "has no dhcp-option=option:ntp-server line for it: it is not sent"),
        (224, None, "", "has no dhcp-option=224 line for it"),
        (224, None, "conf-dir=/etc/d", "it is not sent (what line 1, conf-dir=/etc/d, adds is not known)"),
        (6, None, "port=0", "has no dhcp-option=option:dns-server line for it: it is not sent"),
        (6, (SERVER,), "", "has no port=0 line for it: dnsmasq then serves DNS, and names itself"),
        (3, (SERVER,), "dhcp-option=tag:efi,3,10.0.0.1", "(line 1 wants tag efi; no line gives tag efi)"),
        (
            15,
            None,
            "domain=a.org,10.0.0.0/24",
            "has no domain line for a client with the tags none: no domain",
        ),
        (
            249,
            None,
            "dhcp-option=tag:m,249,10.9.0.0/16,10.0.0.1",
            "(line 1 wants tag m; no line gives tag m)",
        ),
        (43, b"\1\1\1\xff", "dhcp-option=vendor:PXEClient,6,8", "(line 1 is for other clients)"),
    ],
)
def test_missing_line_is_told_with_those_for_other_clients(
    code: int, received: object, lines: str, says: str
) -> None:
    """What dnsmasq does without it is what was received."""
    expected = b"\6\1\x08\xff" if code == 43 else A
    [found] = blamed(code, expected, received, lines)
    assert says in found


def test_line_that_counts_and_is_not_asked_for_is_why_nothing_came() -> None:
    """A forced line without a tag does not count beside it, and nothing is sent."""
    lines = f"{MATCH}dhcp-option-force=26,1450\ndhcp-option=tag:v,26,1500"
    assert blamed(26, 1450, None, lines) == [
        "7 dhcp-option=tag:v,26,1500 (is no dhcp-option-force, and the client does not ask for option 26)"
    ]
    assert blamed(26, 1450, 1500, lines, sent(None))[0].startswith(
        "7 dhcp-option=tag:v,26,1500 (the client's"
    )


def test_renewal_time_that_is_no_shorter_than_the_lease_is_ignored() -> None:
    """The range's half counts, and the reader learns why."""
    lines = "dhcp-range=192.168.99.100,192.168.99.200,12h\ndhcp-option=58,43200"
    [found] = blamed(58, 3600, 21600, lines)
    assert found.startswith("1 dhcp-range=")
    assert "line 2 is not below the lease time, and ignored" in found


@pytest.mark.parametrize(
    "code,lines,says",
    [
        (3, "", "has no dhcp-option=3 line: dnsmasq then names itself as the router"),
        (252, "dhcp-option=252,a\ndhcp-option=tag:v,252,b", ":1 dhcp-option=252,a"),
        (60, "dhcp-option=vendor:MSFT,2,1", ":1 dhcp-option=vendor:MSFT,2,1"),
        (43, "pxe-service=x86-64_EFI,boot,a\ndhcp-option=43,01:02", ":2 dhcp-option=43,01:02"),
        (12, "dhcp-host=02:eb:00:00:00:01,node", ":1 dhcp-host=02:eb:00:00:00:01,node"),
    ],
)
def test_line_that_adds_an_option_is_the_one_for_this_client(code: int, lines: str, says: str) -> None:
    """Whatever its value."""
    [found] = likely_causes("options", frozenset({code}), config(lines), sent=sent())
    assert str(found).endswith(says)


def test_line_of_an_included_file_is_named_with_that_file() -> None:
    """What such a file of the ConfigMap adds is known, and nothing else is said of it."""
    more = ServerConfig(
        "\ndhcp-option=tag:efi,26,1450\ndhcp-option=26,1500", Path("more.conf"), "/etc/d/more.conf"
    )
    including = replace(config("conf-dir=/etc/d"), beside=(more,))
    [cause] = option_causes(26, 1500, including, expected=1450, sent=sent(None))
    assert str(cause) == (
        "more.conf:3 dhcp-option=26,1500 (the client's tags are none: line 2 of more.conf wants tag efi; "
        "no line gives tag efi)"
    )
    [missing] = option_causes(42, None, including, sent=sent(None))
    assert str(missing) == "dnsmasq.conf has no dhcp-option=option:ntp-server line for it: it is not sent"
