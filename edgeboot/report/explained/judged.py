"""The replies of a capture held against a contract, with the findings and words of ``edgeboot probe``.

That a server is silent is no reply: the diagnoses tell it, which know what a capture cannot show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from typing import Final

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.message import BOOTREPLY, BOOTREQUEST
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType, OptionCode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.explain.story import ClientStory
from edgeboot.report.findings import Finding
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import PassedMessage
from edgeboot.report.probe import verdicts
from edgeboot.report.probe_contract import differences, of_answer
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS

_ASKS: Final = frozenset({MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST})
_BOOT_DATA: Final = frozenset({"next_server", "server_name", "bootfile", "options"})
"""What a contract states of its own client alone; of others it states what they boot."""
_TIMES: Final = frozenset({"lease_time", "renewal_time", "rebinding_time"})
_ALWAYS: Final = frozenset({OptionCode.SERVER_IDENTIFIER, OptionCode.IP_ADDRESS_LEASE_TIME})
_SILENCE: Final = "no offer"


def judged(story: ClientStory, contract: Contract) -> tuple[Finding, ...]:
    """In what the replies to a client differ, each once; none for a machine that the contract does not know.

    Args:
        story: of the client.
        contract: what its replies are held against.
    """
    found: dict[str, Finding] = {}
    for each, identity in zip_longest(story.rounds, story.identities):
        client = None if identity is None else contract.all_clients.get(identity.client)
        if each is None or client is None:
            continue
        for exchange in _exchanges(each, contract):
            if contract.known_clients_only and contract.reservation_of(exchange.request) is None:
                continue
            found |= {str(one): one for one in _of_exchange(exchange, client, contract)}
    return tuple(found.values())


def _exchanges(each: Round, contract: Contract) -> Iterator[Exchange]:
    """Requests that have replies, with them; those to port 4011 where the contract is a ProxyDHCP's."""
    replies: dict[tuple[int, MessageType | None], list[PassedMessage]] = {}
    asked: dict[tuple[int, MessageType | None], list[PassedMessage]] = {}
    last: dict[int, tuple[int, MessageType | None]] = {}
    for passed in each.traffic.messages:
        ports = {passed.datagram.source_port, passed.datagram.destination_port}
        if contract.proxy is None and BOOT_SERVER_PORT in ports:
            continue
        message = passed.message
        if message.op == BOOTREQUEST and message.message_type in _ASKS:
            last[message.xid] = (message.xid, message.message_type)
            if last[message.xid] not in replies:  # The last that went before the first reply.
                asked[last[message.xid]] = [passed]
        elif message.op == BOOTREPLY and message.xid in last:
            replies.setdefault(last[message.xid], []).append(passed)
    for key, came in replies.items():
        request = asked[key][0]
        took = timedelta(seconds=came[-1].at - request.at)
        yield Exchange(request.message, request.frame, tuple(_replies(request, came)), took)


def _replies(request: PassedMessage, came: Iterable[PassedMessage]) -> Iterator[Reply]:
    for passed in came:
        yield Reply(passed.message, passed.datagram, passed.frame, request.message)


def _of_exchange(exchange: Exchange, client: ClientProfile, contract: Contract) -> Iterator[Finding]:
    answers = verdicts(exchange, client)
    if exchange.request.message_type is MessageType.DHCPDISCOVER:
        found: Iterable[Finding] = differences(answers, exchange, contract)
    else:
        found = (finding for each in answers for finding in of_answer(each, exchange, contract))
    for finding in found:
        if _applies(finding, exchange, client, contract):
            yield replace(finding, causes=())


def _applies(finding: Finding, exchange: Exchange, client: ClientProfile, contract: Contract) -> bool:
    """Whether the contract's term holds for this client, and for what it has asked."""
    if finding.field == "answer" and finding.received == _SILENCE:
        return False
    if client == contract.default_client:
        return True
    options = exchange.request.options
    if finding.field in _BOOT_DATA or (
        finding.field in _TIMES and OptionCode.IP_ADDRESS_LEASE_TIME in options
    ):
        return False
    code = FIELDS[finding.field].option if finding.field in FIELDS else None
    requested = options.get(OptionCode.PARAMETER_REQUEST_LIST)
    # A server may leave out what was not asked for, but for what every reply has (RFC 2131 section 4.3.1).
    missing = code is not None and code not in _ALWAYS and finding.received in (None, ())
    return not (missing and code not in (requested or ()))
