"""Findings that break no term of the contract but will hurt the edge node later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import boots_from
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.spec.contract.contract import AdvisoryLevel, Contract


@dataclass(frozen=True, slots=True)
class Advice:
    """What was seen, and what mends it."""

    advisory: str
    seen: str
    hint: str

    def __str__(self) -> str:
        return f"{self.advisory}: {self.seen}; {self.hint}"


@dataclass(frozen=True, slots=True)
class Advisory:
    """One look at a node that has just booted; its name is the contract's field."""

    name: str
    look: Callable[[EdgeNode, Reply], Advice | None]

    def level(self, contract: Contract) -> AdvisoryLevel:
        """What the contract makes of a finding."""
        level: AdvisoryLevel = getattr(contract.advisories, self.name)
        return level


def _no_domain_name_server(_: EdgeNode, ack: Reply) -> Advice | None:
    if ack.domain_name_servers:
        return None
    return Advice(
        "no_domain_name_server",
        f"the lease from {ack.sender} has no option 6, so iPXE cannot resolve its HTTPS host",
        "add dhcp-option=6,ADDRESS (port=0 removes dnsmasq's own default)",
    )


def _router_is_the_dhcp_server(_: EdgeNode, ack: Reply) -> Advice | None:
    if ack.server_identifier not in ack.routers:
        return None
    return Advice(
        "router_is_the_dhcp_server",
        f"the default router {ack.server_identifier} is the DHCP server itself, which routes nothing",
        "add dhcp-option=3,GATEWAY",
    )


def _ipxe_reloads_itself(node: EdgeNode, _: Reply) -> Advice | None:
    firmware, ipxe = (_boots(node, CLIENTS[name]) for name in ("edk2-pxe-x86-64", "ipxe-x86-64"))
    if ipxe is None or ipxe != firmware:
        return None
    return Advice(
        "ipxe_reloads_itself",
        f"iPXE (user class iPXE) is sent to {ipxe}, from which firmware has just started it: "
        "without an embedded script it starts itself for ever",
        "add dhcp-userclass=set:ipxe,iPXE and dhcp-boot=tag:ipxe,SCRIPT, or build a script into it",
    )


def _one_file_for_all_architectures(node: EdgeNode, _: Reply) -> Advice | None:
    clients = ("edk2-pxe-x86-64", "edk2-pxe-ia32", "edk2-pxe-arm64", "pxe-bios")
    urls = {name: url for name in clients if (url := _boots(node, CLIENTS[name])) is not None}
    if len(urls) < 2 or len(set(urls.values())) > 1:
        return None
    return Advice(
        "one_file_for_all_architectures",
        f"{', '.join(urls)} are all sent to {urls.popitem()[1]}, which can be for one of them only",
        "add dhcp-match=set:NAME,option:client-arch,NUMBER and a dhcp-boot=tag:NAME,… for each",
    )


def _boots(node: EdgeNode, client: ClientProfile) -> str | None:
    exchange = node.as_client(client).discover()
    return boots_from(client, [reply.message for reply in exchange.replies]).url


ADVISORIES: Final = (
    Advisory("no_domain_name_server", _no_domain_name_server),
    Advisory("router_is_the_dhcp_server", _router_is_the_dhcp_server),
    Advisory("ipxe_reloads_itself", _ipxe_reloads_itself),
    Advisory("one_file_for_all_architectures", _one_file_for_all_architectures),
)
