"""What clients would boot by a dnsmasq.conf, as a draft states it."""

from __future__ import annotations

from ipaddress import IPv4Interface

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.server.dnsmasq.config import directives
from edgeboot.server.dnsmasq.drafted_boots import predicted
from edgeboot.server.dnsmasq.offers import Configured

RANGE = "dhcp-range=192.168.99.100,192.168.99.200,12h"
PROXY = "dhcp-range=192.168.99.0,proxy"


def boots(client: str, *lines: str) -> str:
    """The URL, or ``nothing`` with the reason."""
    configured = Configured(directives("\n".join(lines)), IPv4Interface("192.168.99.10/24"))
    return str(predicted(configured, EdgeNodeIdentity.numbered(1).as_client(CLIENTS[client])).outcome)


@pytest.mark.parametrize(
    "client,lines,url",
    [
        ("edk2-pxe-x86-64", (RANGE, "dhcp-boot=a.efi,,192.168.99.40"), "tftp://192.168.99.40/a.efi"),
        ("edk2-pxe-x86-64", (RANGE, "dhcp-boot=a.efi"), "tftp://192.168.99.10/a.efi"),
        ("edk2-pxe-x86-64", (RANGE, "dhcp-option=67,a.efi"), "tftp://192.168.99.10/a.efi"),
        ("pxe-bios", (RANGE, 'dhcp-boot="a.0"'), "tftp://192.168.99.10/a.0"),
        ("ipxe-x86-64", (RANGE, "dhcp-boot=http://192.168.99.40/a.ipxe"), "http://192.168.99.40/a.ipxe"),
        ("edk2-pxe-x86-64", (PROXY, "pxe-service=X86-64_EFI,Edge,a.efi"), "tftp://192.168.99.10/a.efi"),
        ("edk2-pxe-x86-64", (PROXY, 'pxe-service=7,"a, b",a'), "tftp://192.168.99.10/a.0"),
        ("edk2-pxe-x86-64", (PROXY, "pxe-service=7,Edge,a.efi,192.168.99.40"), "tftp://192.168.99.40/a.efi"),
        ("pxe-bios", (PROXY, "pxe-service=x86PC,Edge,a.0"), "tftp://192.168.99.10/a.0"),
        ("ipxe-bios", (PROXY, "pxe-service=x86PC,Edge,a.0"), "tftp://192.168.99.10/a.0"),
    ],
)
def test_client_boots_what_the_lines_name(client: str, lines: tuple[str, ...], url: str) -> None:
    """By its own rules, from the server itself where no line names another."""
    assert boots(client, *lines) == url


@pytest.mark.parametrize(
    "client,lines,reason",
    [
        ("edk2-pxe-x86-64", (RANGE,), "no boot file"),
        ("edk2-pxe-x86-64", (RANGE, "dhcp-boot=a.efi", "dhcp-ignore=tag:!known"), "no offer"),
        ("edk2-pxe-arm64", (PROXY, "pxe-service=X86-64_EFI,Edge,a.efi"), "menu"),
        ("edk2-http-x86-64", (PROXY, "pxe-service=X86-64_EFI,Edge,a.efi"), "no offer"),
        ("pxe-bios", (PROXY, "pxe-service=x86PC,A,a.0", "pxe-service=x86PC,B,b.0"), "waits for a user"),
    ],
)
def test_client_boots_nothing_where_none_is_for_it(client: str, lines: tuple[str, ...], reason: str) -> None:
    """And the draft says why."""
    outcome = boots(client, *lines)
    assert outcome.startswith("nothing: ")
    assert reason in outcome
