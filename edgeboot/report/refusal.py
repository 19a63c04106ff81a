"""Why a DHCPNAK came where the node was to have its address: what a line of dnsmasq.conf decides."""

from __future__ import annotations

from typing import Final

from edgeboot.base.paths import shown
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.exchange import Exchange
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.silence import ANSWER
from edgeboot.server.dnsmasq.cause import causes_of
from edgeboot.server.dnsmasq.config import every_line
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_FULL: Final = "no leases left"
"""dnsmasq's words where its lease database has as many entries as it may have, free addresses or not."""


def refusal(exchange: Exchange, config: ServerConfig) -> Finding | None:
    """The finding about a request that was refused since the lease database is full; None for others."""
    for reply in exchange.replies:
        if reply.message.message_type is MessageType.DHCPNAK and reply.text == _FULL:
            causes = causes_of((line for line in every_line(config) if line.name == "dhcp-lease-max"), config)
            default = Cause(
                shown(config.source), None, "has no dhcp-lease-max line: dnsmasq then keeps 1000 leases"
            )
            statement = f"{reply.sender} refused {exchange.summary}, saying {_FULL!r}"
            expected = f"a reply to {exchange.request.name} with an address"
            return Finding(ANSWER, expected, _FULL, Sender.of(reply), causes or (default,), statement)
    return None
