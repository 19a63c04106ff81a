"""Replies to what a server must leave unanswered, as ``Finding``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edgeboot.dhcp.message import BOOTREQUEST, UNSPECIFIED
from edgeboot.dhcp.vocabulary import SERVER_PORT, MessageType, OptionCode
from edgeboot.report.against_contract.requests_of_replies import answered
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.spec.contract.contract import Contract

_ENDED: Final[dict[MessageType | None, str]] = {
    MessageType.DHCPRELEASE: "RFC 2131 section 4.3.4",
    MessageType.DHCPDECLINE: "RFC 2131 section 4.3.3",
}


def answered_in_vain(traffic: MachineTraffic, contract: Contract) -> Iterator[Finding]:
    """The replies of the contract's server to messages that nobody answers, or that another one does."""
    for each in answered(traffic):
        if each.request is None or not each.reply.is_of(contract.server_identifier):
            continue
        why = _why_not(each.request, each.reply, contract)
        if why is not None:
            sender = Sender.of(each.reply)
            name = each.reply.message.name
            told = f"{sender} answers {why} by {name}"
            yield Finding("answer", "no answer", name, sender, (), told)


def strangers(traffic: MachineTraffic, contract: Contract) -> Iterator[Finding]:
    """The replies of servers that the contract does not know, each server once, however late they came."""
    known = {contract.server_identifier, contract.address_server}
    told = set()
    for each in answered(traffic):
        reply = each.reply
        here = reply.message.giaddr == UNSPECIFIED and reply.datagram.source_port == SERVER_PORT
        if not here or {reply.datagram.source, reply.server_identifier} & known:
            continue
        sender = Sender.of(reply)
        if sender not in told:
            told.add(sender)
            names = ", ".join(map(str, sorted(known)))
            statement = f"{sender} answers with a {reply.message.name}, and the contract has only {names}"
            yield Finding(SERVERS, contract.server_identifier, sender.address, sender, (), statement)


def _why_not(request: PassedMessage, reply: PassedMessage, contract: Contract) -> str | None:
    message = request.message
    if message.op != BOOTREQUEST:
        return f"a message that is no BOOTREQUEST (op {message.op})"
    if message.message_type in _ENDED:
        return f"a {message.name}, which has no answer ({_ENDED[message.message_type]})"
    if message.message_type is not MessageType.DHCPREQUEST or reply.message.message_type is None:
        return None
    chosen = request.server_identifier
    if chosen in {None, contract.server_identifier, reply.server_identifier}:
        return None
    if reply.message.message_type in contract.other_servers_offer.messages:
        return None
    return f"a DHCPREQUEST that takes the offer of {chosen} (option {OptionCode.SERVER_IDENTIFIER})"
