"""Comparison of the options in a reply with the values that the contract states."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from edgeboot.dhcp.client_routes import CLASSLESS, routes_of
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.server.dnsmasq.cause import likely_causes, option_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import ServerConfig


def option_deviations(
    client: ClientProfile,
    reply: Reply,
    asked: Collection[int],
    contract: Contract,
    config: ServerConfig,
) -> Iterator[Finding]:
    """A finding for each option that does not hold what the contract states for this client.

    Args:
        client: the one that the reply is to.
        reply: an offer or acknowledgement.
        asked: the codes of its parameter request list; an option that is not asked for may be absent.
        contract: whose values count.
        config: the server's configuration, for the line that is the likely cause.
    """
    sender, sent = Sender.of(reply), reply.message.options
    messages = Sent.answered(reply.request, reply.message)
    replaced = _replaced(client, sent, asked, contract)
    left_open = contract.left_open_for(client)
    for stated in contract.options.stated_for(client.name):
        received = stated.received(sent)
        if (
            stated.code in left_open
            or received == stated.value
            or (received is None and (stated.code not in asked or stated.code in replaced))
        ):
            continue
        causes = option_causes(stated.code, received, config, expected=stated.value, sent=messages)
        yield Finding(str(stated), stated.value, received, sender, causes)
    withheld = contract.options.withheld_from(client.name) - left_open
    for code in sorted(withheld & frozenset(sent.codes)):
        owners = ", ".join(name for name, values in contract.options.for_client.items() if code in values)
        name, data = f"option {option_name(code)}", sent.get(code)
        statement = f"{name}: {client} is sent it by {sender}, and the contract states it for {owners} only"
        causes = likely_causes("options", frozenset({code}), config, sent=messages)
        yield Finding(name, None, data, sender, causes, statement)


def _replaced(
    client: ClientProfile, sent: Options, asked: Collection[int], contract: Contract
) -> frozenset[int]:
    """The one of options 121 and 249 that the client need not have: it reads the stated routes of the other.

    None if the other is stated as well, and has its own value to hold.
    """
    stated = {each.code: each.value for each in contract.options.stated_for(client.name)}
    routes = routes_of(sent, asked)
    values = {stated[code] for code in CLASSLESS if code in stated and code not in routes.options}
    read_from_other = routes.reads_classless and routes.options[0] not in stated
    same = read_from_other and values == {tuple(sorted(routes.routes))}
    return frozenset(CLASSLESS) if same else frozenset()
