"""Which tags dnsmasq gives a client, and which line it then applies."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import directives
from edgeboot.server.dnsmasq.option_lines import applied_options, option_lines
from edgeboot.server.dnsmasq.tags import applied_boot, client_tags, host_of
from tests.unit.samples import NODE, XID

IPXE: Final = NODE.as_client(CLIENTS["ipxe-x86-64"]).discover(XID)
SYSTEM: Final = NODE.as_client(CLIENTS["systemd-networkd"]).discover(XID)
RELAYED: Final = replace(
    IPXE,
    options=Options((*IPXE.options, option(Code.RELAY_AGENT_INFORMATION, b"\x01\x04eth3\x02\x02\xab\xcd"))),
)


@pytest.mark.parametrize(
    "line,request_",
    [
        ("dhcp-match=set:t,option:client-arch,7", IPXE),
        ("dhcp-match=set:t,93,00:07", IPXE),
        ("dhcp-match=set:t,93,00:*", IPXE),
        ("dhcp-match=set:t,175", IPXE),
        ("dhcp-match=t,option:user-class,iPXE", IPXE),
        ("dhcp-vendorclass=set:t,PXEClient", IPXE),
        ("dhcp-vendorclass=t,Arch:00007", IPXE),
        ("dhcp-userclass=set:t,iPXE", IPXE),
        ("dhcp-userclass=set:t,PXE", IPXE),
        ("dhcp-mac=set:t,02:eb:*:*:*:*", IPXE),
        ("dhcp-host=02:eb:00:00:00:01,set:t,192.168.99.50", IPXE),
        ("dhcp-host=02:eb:00:00:00:01,set:t\ndhcp-host=02:eb:00:00:00:02,set:u", IPXE),
        ("dhcp-host=id:ff:*,set:u\ndhcp-host=*:*:*:00:00:01,set:t", IPXE),
        ("dhcp-mac=set:a,02:eb:00:00:00:01\ntag-if=set:t,tag:a,tag:!b", IPXE),
        ("dhcp-host=02:eb:00:00:00:01,10.0.0.1\ntag-if=set:t,tag:known", IPXE),
        (
            (
                "dhcp-range=192.168.99.0,static\ndhcp-host=02:eb:00:00:00:01,192.168.99.5,set:t\n"
                "dhcp-host=02:eb:00:00:00:01,10.0.0.5,set:u"
            ),
            IPXE,
        ),
        (
            (
                "dhcp-range=192.168.99.0,static\ndhcp-host=02:eb:00:00:00:01,10.0.0.5,set:u\n"
                "tag-if=set:t,tag:known-othernet,tag:!known"
            ),
            IPXE,
        ),
        ("interface=ens3\ntag-if=set:t,tag:ens3", IPXE),
        ("dhcp-circuitid=set:t,eth3", RELAYED),
        ("dhcp-remoteid=set:t,ab:cd", RELAYED),
        ("dhcp-range=set:t,192.168.99.100,192.168.99.200", SYSTEM),
        ("dhcp-range=set:u,10.0.0.1,10.0.0.9\ndhcp-range=set:t,192.168.99.0,static,255.255.255.0", SYSTEM),
    ],
)
def test_line_gives_its_tag_to_a_client_that_matches(line: str, request_: DhcpMessage) -> None:
    """By its message, its machine, its relay, its address or its other tags."""
    tags = client_tags(request_, directives(line), IPv4Address("192.168.99.150"))
    assert "t" in tags.all
    assert "u" not in tags.all


@pytest.mark.parametrize(
    "line",
    [
        "dhcp-match=set:t,option:client-arch,0",
        "dhcp-match=set:t,93,00:07:01",
        "dhcp-match=set:t,176",
        "dhcp-vendorclass=set:t,HTTPClient",
        "dhcp-vendorclass=set:t,enterprise:343,PXEClient",
        "dhcp-userclass=set:t,ipxe",
        "dhcp-mac=set:t,02:eb:*:*:*:02",
        "dhcp-host=02:eb:00:00:00:02,set:t",
        "dhcp-host=tag:other,02:eb:00:00:00:01,set:t",
        "tag-if=set:t,tag:known",
        "dhcp-circuitid=set:t,eth3",
        "dhcp-range=set:t,10.0.0.1,10.0.0.9",
    ],
)
def test_client_that_does_not_match_gets_no_tag(line: str) -> None:
    """Its case, its length and its order count."""
    assert "t" not in client_tags(IPXE, directives(line), IPv4Address("192.168.99.150")).all


MATCHES: Final = "dhcp-userclass=set:ipxe,iPXE\ndhcp-match=set:efi,option:client-arch,7\n"


@pytest.mark.parametrize(
    "lines,number",
    [
        ("dhcp-boot=a\ndhcp-boot=b", 4),
        ("dhcp-boot=tag:ipxe,a\ndhcp-boot=b", 3),
        ("dhcp-boot=tag:ipxe,tag:efi,a\ndhcp-boot=tag:efi,b", 4),
        ("dhcp-boot=tag:ipxe,a\ndhcp-boot=tag:bios,b", 3),
        ("dhcp-boot=tag:!bios,a\ndhcp-boot=tag:efi,tag:!ipxe,b", 3),
        ("dhcp-boot=net:ipxe,a\ndhcp-boot=b", 3),
        ("dhcp-boot=tag:bios,a", None),
    ],
)
def test_last_tagged_line_that_applies_wins(lines: str, number: int | None) -> None:
    """However many tags it has; one without a tag only if no tagged one applies."""
    read = directives(MATCHES + lines)
    applied = applied_boot(read, client_tags(IPXE, read))
    assert (None if applied is None else applied.line.number) == number


@pytest.mark.parametrize(
    "lines,values",
    [
        ("dhcp-option=3,a\ndhcp-option=option:router,b", ["b"]),
        ("dhcp-option=tag:ipxe,3,a\ndhcp-option=3,b", ["a"]),
        ("dhcp-option=ipxe,3,a\ndhcp-option=tag:efi,3,b", ["b"]),
        (
            "dhcp-option=tag:rack,3,a\ndhcp-option=3,b\ndhcp-range=set:rack,192.168.99.100,192.168.99.200",
            ["a"],
        ),
        (
            "dhcp-option=tag:ipxe,3,a\ndhcp-option=tag:rack,3,b\ndhcp-range=set:rack,192.168.99.100,192.168.99.200",
            ["a"],
        ),
        ("dhcp-option=vendor:PXEClient,6,8\ndhcp-option=vendor:MSFT,1,2", ["6", "8"]),
        ("dhcp-option=option6:23,a\ndhcp-option=tag:bios,3,a", []),
    ],
)
def test_one_line_of_each_option_is_applied(lines: str, values: list[str]) -> None:
    """The client's own tags come before those of its range; sub-options apply side by side."""
    read = directives(MATCHES + lines)
    tags = client_tags(IPXE, read, IPv4Address("192.168.99.150"))
    assert [
        value for each in applied_options(option_lines(read), IPXE, tags) for value in each.values
    ] == values


def test_host_is_found_by_its_client_identifier_before_its_mac() -> None:
    """The line that names the machine's card may be for its firmware."""
    identifier = SYSTEM.options.get(Code.CLIENT_IDENTIFIER) or b""
    wanted = ":".join(f"{octet:02x}" for octet in identifier)
    read = directives(f"dhcp-host=id:{wanted},10.0.0.1\ndhcp-host=02:eb:00:00:00:01,10.0.0.2")
    found = host_of(SYSTEM, read, ())
    assert found is not None
    assert found.line.number == 1
    firmware = host_of(NODE.discover(XID), read, ())
    assert firmware is not None
    assert firmware.line.number == 2
