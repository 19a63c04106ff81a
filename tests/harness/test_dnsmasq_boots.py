"""dnsmasq itself: what its offers lead each client to is what a draft of its configuration states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.labs.hosts.site_dhcp import site_dhcp
from edgeboot.node.boot.pxe_boot import boot_outcome
from edgeboot.node.edge_node import EdgeNode
from edgeboot.server.dnsmasq.config import directives
from edgeboot.server.dnsmasq.drafted_boots import predictions
from edgeboot.server.dnsmasq.offers import Configured
from edgeboot.spec.manifests.network import load_node_interfaces
from tests.faults.public_cases import DIRECTORY
from tests.harness.configured_lab import configured_lab

pytestmark = pytest.mark.harness

_HEAD: Final = "log-dhcp\nport=0\ninterface=ens3\nbind-interfaces\nno-ping\n"
_LEASING: Final = f"{_HEAD}dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h\n"
_PROXY: Final = f"{_HEAD}dhcp-range=192.168.99.0,proxy\nleasefile-ro\n"
CONFIGS: Final = {
    "files": (DIRECTORY / "file-for-each-architecture.conf").read_text(encoding="utf-8"),
    "options in place of dhcp-boot": f"{_LEASING}dhcp-option=66,192.168.99.40\ndhcp-option=67,a.efi\n"
    "dhcp-option=option:server-ip-address,192.168.99.40\n",
    "forced options": f"{_LEASING}dhcp-boot=a.efi,,192.168.99.40\ndhcp-option-force=209,b.cfg\n"
    "dhcp-vendorclass=set:http,HTTPClient\ndhcp-option-force=tag:http,60,HTTPClient\n",
    "menu of a server with addresses": f'{_LEASING}dhcp-boot=c.efi\npxe-prompt="Choose",1\n'
    "pxe-service=x86PC,A,a\npxe-service=x86PC,B,b.0\npxe-service=X86-64_EFI,A,a.efi,192.168.99.40\n"
    "pxe-service=BC_EFI,A,a.efi\npxe-service=BC_EFI,B,b.efi\n",
    "discovery control": f"{_LEASING}dhcp-boot=a.efi,,192.168.99.40\ndhcp-option=vendor:PXEClient,6,8\n",
    "some left alone": f"{_LEASING}dhcp-boot=a.efi\ndhcp-match=set:bios,option:client-arch,0\n"
    "dhcp-ignore=tag:bios\ndhcp-vendorclass=set:pi,U-Boot\ndhcp-ignore=pi\n",
    "proxy": (DIRECTORY / "proxy-for-every-architecture.conf").read_text(encoding="utf-8"),
    "proxy with a menu": (DIRECTORY / "proxy-with-a-menu.conf").read_text(encoding="utf-8"),
    "proxy without discovery": (DIRECTORY / "proxy-without-discovery.conf").read_text(encoding="utf-8"),
    "proxy and dhcp-boot": f'{_PROXY}pxe-prompt="Boot",0\ndhcp-boot=a.efi,,192.168.99.40\n',
    "proxy of another boot server": f"{_PROXY}pxe-service=x86PC,A,a,192.168.99.40\n"
    "pxe-service=X86-64_EFI,A,a.efi,192.168.99.40\npxe-service=ARM64_EFI,Disk\n",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A server with addresses or a ProxyDHCP, and two machines that it knows."""

    configured: Configured
    node: EdgeNode
    sentinel: EdgeNode

    def outcomes(self) -> dict[str, Boot | NoBoot | None]:
        """What each client of the table would boot; None for one that is sent nothing by the server."""
        own = self.configured.interface.ip
        found: dict[str, Boot | NoBoot | None] = {}
        for client in CLIENTS.values():
            node = self.node.as_client(replace(client, rapid_commit=False))
            exchange = node.ignored(node.identity.discover(node.new_xid()), self.sentinel)
            answered = any(reply.datagram.source == own for reply in exchange.replies)
            found[client.name] = boot_outcome(node, exchange.replies)[1] if answered else None
        return found


@pytest.fixture(params=CONFIGS)
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asked]:
    """A lab whose dnsmasq has one of the configurations."""
    text = CONFIGS[request.param]
    configured = Configured(directives(text), load_node_interfaces()[0].address)
    profile = "proxydhcp" if configured.is_proxy else "poc-fixed"
    with configured_lab(text, tmp_path, "boots", profile) as lab:
        beside: AbstractContextManager[object] = site_dhcp(lab.host) if configured.is_proxy else nullcontext()
        with beside:
            identities = [EdgeNodeIdentity.numbered(number, 9) for number in (1, 2)]
            node, sentinel = (EdgeNode(each, lab.open_port(each.mac)) for each in identities)
            sentinel.proxies = int(configured.is_proxy)  # It proves that both servers have read a message.
            for each in (node, sentinel):
                address = each.discover().replies
                offer = next(reply for reply in address if not reply.is_proxy_offer)
                each.request(offer)
            yield Asked(configured, node, sentinel)


def test_client_boots_what_the_draft_says(asked: Asked) -> None:
    """The same URL, or nothing, or it is left alone."""
    predicted = {
        each.client.name: None if each.offer is None else each.outcome.url or "nothing"
        for each in predictions(asked.configured, asked.node.identity)
        if not each.depends_on_the_site
    }
    seen = {
        name: None if outcome is None else outcome.url or "nothing"
        for name, outcome in asked.outcomes().items()
        if name in predicted
    }
    assert seen == predicted
