"""Findings that break no term of the contract but will hurt the edge node later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edgeboot.contract import AdvisoryLevel, Contract
from edgeboot.edge_node import EdgeNode
from edgeboot.exchange import Reply


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, and what mends it."""

    advisory: str
    seen: str
    mend: str

    def __str__(self) -> str:
        return f"{self.advisory}: {self.seen}; {self.mend}"


@dataclass(frozen=True, slots=True)
class Advisory:
    """One look at a node that has just booted; its name is the contract's field."""

    name: str
    look: Callable[[EdgeNode, Reply], Finding | None]

    def level(self, contract: Contract) -> AdvisoryLevel:
        """What the contract makes of a finding."""
        level: AdvisoryLevel = getattr(contract.advisories, self.name)
        return level


def _no_domain_name_server(_: EdgeNode, ack: Reply) -> Finding | None:
    if ack.domain_name_servers:
        return None
    return Finding(
        "no_domain_name_server",
        f"the lease from {ack.sender} has no option 6, so iPXE cannot resolve its HTTPS host",
        "add dhcp-option=6,ADDRESS (port=0 removes dnsmasq's own default)",
    )


def _router_is_the_dhcp_server(_: EdgeNode, ack: Reply) -> Finding | None:
    if ack.server_identifier not in ack.routers:
        return None
    return Finding(
        "router_is_the_dhcp_server",
        f"the default router {ack.server_identifier} is the DHCP server itself, which routes nothing",
        "add dhcp-option=3,GATEWAY",
    )


ADVISORIES: Final = (
    Advisory("no_domain_name_server", _no_domain_name_server),
    Advisory("router_is_the_dhcp_server", _router_is_the_dhcp_server),
)
