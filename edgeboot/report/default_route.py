"""The default route of each client, compared with the contract's routers."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.client_routes import ClientRoutes, routes_of_client
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.vocabulary import OptionCode, option_name
from edgeboot.node.exchange import Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.stated_routes import stated_routers
from edgeboot.report.values import shown_value
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import ServerConfig

_ASKING: Final = {
    OptionCode.ROUTER,
    OptionCode.CLASSLESS_STATIC_ROUTE,
    OptionCode.MICROSOFT_CLASSLESS_STATIC_ROUTE,
}


def wrong_default_route(
    client: ClientProfile, reply: Reply, contract: Contract, config: ServerConfig
) -> Finding | None:
    """The finding where the client's default route is not by the first router of the contract.

    None where it is, or where the client asks for no router.
    """
    routes = routes_of_client(reply.message.options, client)
    asks = client.parameters is None or not _ASKING.isdisjoint(client.parameters)
    expected, received = stated_routers(client, routes, contract)[:1], routes.default_routers[:1]
    if not asks or (received == expected and not routes.malformed):
        return None
    sent = Sent.answered(reply.request, reply.message)
    if routes.ignores_routers:
        causes = likely_causes("options", frozenset(routes.options), config, sent=sent)
    else:
        causes = likely_causes("routers", received, config, expected=expected, sent=sent)
    statement = f"{_told(client, reply, routes)}; the contract says {shown_value(expected)}"
    return Finding("default_route", expected, received, Sender.of(reply), causes, statement)


def _told(client: ClientProfile, reply: Reply, routes: ClientRoutes) -> str:
    sources = " and ".join(map(option_name, routes.options))
    if routes.malformed:
        return f"{client} cannot read {sources} from {reply.sender}: its length is wrong"
    if routes.default_routers:
        routers = shown_value(routes.default_routers)
        ignored = " instead of router (3) (RFC 3442)" if routes.ignores_routers else ""
        return f"{client} has the default route by {routers}, of {sources} from {reply.sender}{ignored}"
    if not routes.ignores_routers:
        return f"{client} has no default route: no router (3) from {reply.sender}"
    others = ", ".join(map(str, routes.static))
    return (
        f"{client} has no default route: {sources} from {reply.sender} has {others} and not 0.0.0.0/0, "
        "and a client that reads it ignores router (3) (RFC 3442)"
    )
