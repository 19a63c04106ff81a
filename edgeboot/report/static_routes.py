"""The routes of each client beside its default route, compared with those that the contract states."""

from __future__ import annotations

from collections.abc import Iterable

from edgeboot.dhcp.client_routes import CLASSLESS, ClientRoutes, routes_of_client
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.option_table import OPTIONS
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.stated_routes import StatedRoutes, stated_static
from edgeboot.report.values import shown_value
from edgeboot.server.dnsmasq.cause import likely_causes, option_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig


def wrong_static_routes(
    client: ClientProfile, reply: Reply, contract: Contract, config: ServerConfig
) -> Finding | None:
    """The finding where the client's routes are not those that the contract states; None where they are.

    None, too, where nothing is stated for what the client asks for. Where it reads them from an
    option whose value the contract leaves open, it may have more than is stated.
    """
    stated = stated_static(client, contract)
    if stated is None:
        return None
    routes = routes_of_client(reply.message.options, client)
    received, ignores_it = frozenset(routes.static), routes.reads_classless and not stated.is_classless
    fulfilled = stated.static <= received if ignores_it else stated.static == received
    if fulfilled and not routes.malformed:
        return None
    ignored = f", and ignores {stated.option} (RFC 3442)" if ignores_it else ""
    statement = (
        f"{_told(client, reply, routes, stated)}{ignored}; "
        f"the contract says {_shown(stated.static)} ({option_name(stated.option.code)})"
    )
    sender, causes = Sender.of(reply), _causes(client, reply, routes, stated, config)
    return Finding("static_routes", _sorted(stated.static), _sorted(received), sender, causes, statement)


def _told(client: ClientProfile, reply: Reply, routes: ClientRoutes, stated: StatedRoutes) -> str:
    """What the client has, and of which option."""
    source = option_name(_read_from(client, routes, stated))
    if routes.malformed:
        return f"{client} cannot read {source} from {reply.sender}: its length is wrong"
    if routes.reads_classless or routes.static:
        sources = source if routes.reads_classless else option_name(Code.STATIC_ROUTE)
        return f"{client} has {_shown(routes.static)}, of {sources} from {reply.sender}"
    unread = [option_name(code) for code in CLASSLESS if code in reply.message.options]
    instead = f", but {' and '.join(unread)}, for which it does not ask" if unread else ""
    return f"{client} has no static routes: no {source} from {reply.sender}{instead}"


def _causes(
    client: ClientProfile, reply: Reply, routes: ClientRoutes, stated: StatedRoutes, config: ServerConfig
) -> tuple[Cause, ...]:
    sent, code = Sent.answered(reply.request, reply.message), _read_from(client, routes, stated)
    if routes.reads_classless and not stated.is_classless:
        return likely_causes("options", frozenset({code}), config, sent=sent)
    received = OPTIONS[code].format.read(reply.message.options.all(code))
    return option_causes(code, received, config, expected=_sorted(stated.routes), sent=sent)


def _read_from(client: ClientProfile, routes: ClientRoutes, stated: StatedRoutes) -> Code:
    """The option that the client reads its static routes from, or would read if it were there."""
    if routes.reads_classless:
        return routes.options[0]
    asked = [code for code in CLASSLESS if code in (client.parameters or ())]
    return asked[0] if stated.is_classless else Code.STATIC_ROUTE


def _sorted(routes: Iterable[StaticRoute]) -> tuple[StaticRoute, ...]:
    return tuple(sorted(routes))


def _shown(routes: Iterable[StaticRoute]) -> str:
    found = _sorted(routes)
    return f"the routes {shown_value(found)}" if found else "no static routes"
