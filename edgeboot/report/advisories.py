"""Advisories: observations that break no term of the contract but can harm an edge node later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.boot_hosts import boot_host_names
from edgeboot.report.unstated import starts_itself
from edgeboot.spec.contract.advisory_terms import AdvisoryLevel
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS

_DNS: Final = FIELDS["domain_name_servers"].option
_ROUTER: Final = FIELDS["routers"].option


@dataclass(frozen=True, slots=True)
class Advice:
    """An observation, and its correction."""

    advisory: str
    """Its name in the contract's table ``advisories``."""
    field: str
    """The field of ``spec.contract.fields`` it is about."""
    observation: str
    hint: str

    def __str__(self) -> str:
        return f"{self.advisory}: {self.observation}; {self.hint}"


@dataclass(frozen=True, slots=True)
class Advisory:
    """One check of a node that has just booted; its name is the field of the contract's ``advisories``."""

    name: str
    seen: Callable[[EdgeNode, Reply, Contract], Advice | None]
    """Of a node, its lease and the contract."""

    def look(self, node: EdgeNode, ack: Reply, contract: Contract) -> Advice | None:
        """What it observes; nothing where the lease is from another server than the contract's."""
        own = ack.server_identifier == contract.server_identifier
        return self.seen(node, ack, contract) if own else None

    def level(self, contract: Contract) -> AdvisoryLevel:
        """How the contract treats this advisory."""
        level: AdvisoryLevel = getattr(contract.advisories, self.name)
        return level


def _no_domain_name_server(_: EdgeNode, ack: Reply, contract: Contract) -> Advice | None:
    return without_name_server(ack, contract)


def without_name_server(ack: Reply, contract: Contract) -> Advice | None:
    """That a lease has no option 6; nothing on an isolated network whose boot needs no name."""
    names = boot_host_names(contract)
    is_isolated = not contract.routers and not names
    if ack.domain_name_servers or is_isolated:
        return None
    cannot = f"so nodes cannot resolve {', '.join(names)}" if names else "so nodes resolve no names"
    return Advice(
        "no_domain_name_server",
        "domain_name_servers",
        f"the lease from {ack.sender} has no option {_DNS:d}, {cannot}",
        f"add dhcp-option={_DNS:d},ADDRESS (port=0 removes dnsmasq's own default)",
    )


def _router_is_the_dhcp_server(_: EdgeNode, ack: Reply, __: Contract) -> Advice | None:
    if ack.server_identifier not in ack.routers:
        return None
    return Advice(
        "router_is_the_dhcp_server",
        "routers",
        f"the default router {ack.server_identifier} is the DHCP server itself: nodes reach no other network "
        "unless it forwards their packets",
        f"add dhcp-option={_ROUTER:d},GATEWAY",
    )


def _ipxe_reloads_itself(node: EdgeNode, _: Reply, contract: Contract) -> Advice | None:
    reloading = [
        f"{ipxe} is sent to {url}"
        for ipxe in contract.all_clients.values()
        if ipxe.is_ipxe
        and (url := _boots(node, ipxe, contract)) is not None
        and starts_itself(ipxe, url, contract, lambda firmware: _outcome(node, firmware, contract))
    ]
    if not reloading:
        return None
    return Advice(
        "ipxe_reloads_itself",
        "bootfile",
        f"{', '.join(reloading)}, from which the firmware of its architecture has just started it: "
        "without an embedded script it starts itself for ever",
        "let a dhcp-boot=tag:ipxe,SCRIPT (dhcp-userclass=set:ipxe,iPXE) stand behind every other line that "
        "applies to iPXE, or build a script into it",
    )


def _one_file_for_all_architectures(node: EdgeNode, _: Reply, contract: Contract) -> Advice | None:
    clients = ("edk2-pxe-x86-64", "edk2-pxe-ia32", "edk2-pxe-arm64", "pxe-bios")
    urls = {name: url for name in clients if (url := _boots(node, CLIENTS[name], contract)) is not None}
    if len(urls) < 2 or len(set(urls.values())) > 1:
        return None
    return Advice(
        "one_file_for_all_architectures",
        "bootfile",
        f"{', '.join(urls)} are all sent to {urls.popitem()[1]}, which can be for one of them only",
        "add dhcp-match=set:NAME,option:client-arch,NUMBER and a dhcp-boot=tag:NAME,… for each",
    )


def _boots(node: EdgeNode, client: ClientProfile, contract: Contract) -> str | None:
    return _outcome(node, client, contract).url


def _outcome(node: EdgeNode, client: ClientProfile, contract: Contract) -> Boot | NoBoot:
    reason = contract.left_alone(client)
    if reason is not None:
        return NoBoot(f"the server leaves it alone: {reason}")
    exchange = node.as_client(client).discover(within=contract.answer_time)
    return boots_from(client, [reply.message for reply in exchange.replies])


ADVISORIES: Final = (
    Advisory("no_domain_name_server", _no_domain_name_server),
    Advisory("router_is_the_dhcp_server", _router_is_the_dhcp_server),
    Advisory("ipxe_reloads_itself", _ipxe_reloads_itself),
    Advisory("one_file_for_all_architectures", _one_file_for_all_architectures),
)
