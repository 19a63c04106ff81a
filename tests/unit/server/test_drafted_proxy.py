"""A draft of a ProxyDHCP's contract: who is offered what, and what a person has to look at."""

from __future__ import annotations

from ipaddress import IPv4Interface
from pathlib import Path
from typing import Final

from edgeboot.server.dnsmasq.draft import drafted
from edgeboot.spec.contract.draft import Draft
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface

EDGE: Final = NodeInterface("ens3", IPv4Interface("192.168.99.10/24"))
WITHOUT_DISCOVERY: Final = (
    "dhcp-option=vendor:PXEClient,6,2b",
    "dhcp-userclass=set:ipxe,iPXE",
    "pxe-service=tag:!ipxe,x86PC,Edge,undionly.kpxe",
    "dhcp-boot=tag:ipxe,http://192.168.99.40/boot.ipxe",
)


def draft(*lines: str) -> Draft:
    """The draft of these lines of a ProxyDHCP."""
    return drafted(
        ServerConfig("\n".join(("port=0", "dhcp-range=192.168.99.0,proxy", *lines)), Path("p.conf"), ""), EDGE
    )


def terms(made: Draft) -> dict[str, str]:
    """Its terms by name."""
    return {term.name: term.value for term in made.terms}


def test_client_that_is_sent_no_file_is_offered_none() -> None:
    """The offer keeps it waiting, and leads to nothing."""
    assert terms(draft(*WITHOUT_DISCOVERY))["proxy.offers.edk2-pxe-arm64"] == '"no file"'


def test_client_that_is_sent_a_file_in_vain_is_named() -> None:
    """It boots nothing by its own rules, and that is hardly meant."""
    made = draft(*WITHOUT_DISCOVERY)
    assert "proxy.offers.ipxe-bios" not in terms(made)
    assert "nothing" in terms(made)["boots.ipxe-bios"]
    assert any("ipxe-bios is sent http://192.168.99.40/boot.ipxe" in note for note in made.notes)


def test_what_the_site_gives_is_to_be_completed() -> None:
    """The configuration says nothing of the server beside it, nor of what depends on that."""
    notes = " ".join(draft(*WITHOUT_DISCOVERY).notes)
    assert "proxy.address_server" in notes
    assert "raspberry-pi-4 boots, by what the site's own server sends" in notes


def test_ports_of_its_tftp_are_those_of_the_line() -> None:
    """Without one any port may be a transfer's."""
    line = "tftp-port-range=40000,40049"
    assert terms(draft(*WITHOUT_DISCOVERY, line))["proxy.tftp_ports"] == "[40000, 40049]"
    assert terms(draft(*WITHOUT_DISCOVERY))["proxy.tftp_ports"] == "[1024, 65535]"
