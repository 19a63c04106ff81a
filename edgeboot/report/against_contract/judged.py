"""The replies of a capture held against a contract, with the findings and words of ``edgeboot probe``.

That a server is silent is no reply: the diagnoses tell it, which know what a capture cannot show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.message import BOOTREPLY, BOOTREQUEST
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType, OptionCode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.against_contract.boot_answers import wrong_answers
from edgeboot.report.against_contract.identifiers import wrong_number_of_addresses
from edgeboot.report.against_contract.leases_given import wrong_leases
from edgeboot.report.against_contract.reply_form import wrong_form
from edgeboot.report.against_contract.requests_of_replies import is_from_client
from edgeboot.report.against_contract.transfers import wrong_transfers
from edgeboot.report.against_contract.unasked import answered_in_vain, strangers
from edgeboot.report.capture_clients.story import ClientStory, Identity
from edgeboot.report.client_check import wrong_answer, wrong_commit
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import PassedMessage
from edgeboot.report.probe import verdicts
from edgeboot.report.probe_contract import NO_CONFIG, differences, of_answer
from edgeboot.report.reserved_machine import deviations_from, served_all_the_same
from edgeboot.report.unstated import wrong_at_any_site
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS

_ASKS: Final = frozenset({MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST})
_BOOT_DATA: Final = frozenset({"next_server", "server_name", "bootfile", "options"})
"""What a contract states of its own client alone; of others it states what they boot."""
_TIMES: Final = frozenset({"lease_time", "renewal_time", "rebinding_time"})
_ALWAYS: Final = frozenset({OptionCode.SERVER_IDENTIFIER, OptionCode.IP_ADDRESS_LEASE_TIME})
_Sent = tuple[int, MessageType | None, int]
"""The xid and type of a request, and how many that are the same had replies before."""
_SILENCE: Final = "no offer"
_EARLIER: Final = 0.125
"""The sixteenth of a lease by which dnsmasq moves T1, which is half of it."""


def judged(story: ClientStory, contract: Contract) -> tuple[Finding, ...]:
    """In what the replies to a client differ, each once; none for a machine that the contract does not know.

    None either where the end of a message was not captured: it may have what would seem to lack.

    Args:
        story: of the client.
        contract: what its replies are held against.
    """
    if story.is_cut:
        return ()
    traffic = story.traffic
    by_form = (
        *wrong_form(traffic, contract),
        *answered_in_vain(traffic, contract),
        *strangers(traffic, contract),
        *wrong_number_of_addresses(traffic, contract),
        *wrong_leases(traffic, contract),
        *wrong_transfers(traffic, contract),
    )
    found = {str(one): one for one in by_form}
    for each, identity in story.identified_rounds:
        client = _client(each, identity, contract)
        if client is None:
            continue
        found |= {str(one): one for one in wrong_answers(each, client, contract)}
        for exchange, is_first in _exchanges(each, contract):
            if contract.known_clients_only and contract.reservation_of(exchange.request) is None:
                unknown = served_all_the_same(exchange, NO_CONFIG)
                found |= {str(one): one for one in (replace(each, causes=()) for each in unknown)}
                continue
            found |= {str(one): one for one in _of_exchange(exchange, client, contract, is_first=is_first)}
            found |= {str(one): one for one in _of_reservation(exchange, contract)}
    return tuple(found.values())


def _client(each: Round, identity: Identity, contract: Contract) -> ClientProfile | None:
    """The client that the contract states something of; one that asks for more options is still the same."""
    known = contract.all_clients.get(identity.client)
    if known is not None or identity.client or each.is_ipxe:
        return known
    options = each.traffic.sent(MessageType.DHCPDISCOVER)[0].message.options
    vendor_class = (options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) or b"").decode("latin-1")
    asked = frozenset(options.get(OptionCode.PARAMETER_REQUEST_LIST) or b"")
    alike = [
        client
        for client in contract.all_clients.values()
        if client.architecture == each.architecture
        and client.vendor_class is not None
        and vendor_class.startswith(client.vendor_class.partition("{")[0])
        and asked.issuperset(client.parameters or asked | {0})
    ]
    best = max(alike, key=lambda client: len(client.parameters or ()), default=None)
    return None if best is None else replace(best, parameters=tuple(sorted(asked)))


def _exchanges(each: Round, contract: Contract) -> Iterator[tuple[Exchange, bool]]:
    """Requests that have replies, with them, and whether no earlier one had that was the same.

    Those to port 4011 are left out unless the contract is a ProxyDHCP's.
    """
    replies: dict[_Sent, list[PassedMessage]] = {}
    asked: dict[_Sent, PassedMessage] = {}
    last: dict[int, _Sent] = {}
    for passed in each.traffic.messages:
        ports = {passed.datagram.source_port, passed.datagram.destination_port}
        if contract.proxy is None and BOOT_SERVER_PORT in ports:
            continue
        message = passed.message
        if message.op == BOOTREQUEST and message.message_type in _ASKS:
            before = last.get(message.xid)
            kind = (message.xid, message.message_type)
            # One that was sent again is the same until a reply has come.
            again = 0 if before is None or before[:2] != kind else before[2] + (before in replies)
            last[message.xid] = (*kind, again)
            asked[last[message.xid]] = passed
        elif message.op == BOOTREPLY and message.xid in last and not is_from_client(passed):
            replies.setdefault(last[message.xid], []).append(passed)
    for key, came in replies.items():
        request = asked[key]
        took = timedelta(seconds=came[-1].at - request.at)
        exchange = Exchange(request.message, request.frame, tuple(_replies(request, came)), took)
        yield exchange, key[2] == 0


def _replies(request: PassedMessage, came: Iterable[PassedMessage]) -> Iterator[Reply]:
    for passed in came:
        yield Reply(passed.message, passed.datagram, passed.frame, request.message)


def _of_exchange(
    exchange: Exchange, client: ClientProfile, contract: Contract, *, is_first: bool
) -> Iterator[Finding]:
    """Its replies one by one, and together where no server may have answered an earlier one only."""
    answers = verdicts(exchange, client)
    if is_first and exchange.request.message_type is MessageType.DHCPDISCOVER:
        found: Iterable[Finding] = differences(answers, exchange, contract)
    else:
        found = (finding for each in answers for finding in of_answer(each, exchange, contract))
    for finding in (*found, *_of_whether(exchange, client, contract)):
        if _applies(finding, exchange, client, contract):
            yield replace(finding, causes=())


def _of_whether(exchange: Exchange, client: ClientProfile, contract: Contract) -> Iterator[Finding]:
    """Whether the contract has the client answered at all, and at once."""
    server = contract.server_identifier
    own = [each for each in exchange.replies if server in {each.datagram.source, each.server_identifier}]
    if exchange.request.message_type is not MessageType.DHCPDISCOVER or not own:
        return
    answer = wrong_answer(client, own, exchange, contract)
    if answer is not None:
        yield answer
    boots = boots_from(client, [each.message for each in own])
    if boots.url is not None and client.name not in contract.boots and client.name in contract.all_clients:
        told = wrong_at_any_site(client, boots.url, contract, lambda other: _stated(other, contract))
        if told is not None:
            statement = f"{client}, which the contract does not name, is sent to {boots.url}, {told}"
            yield Finding("boots", None, boots.url, Sender.of(own[0]), (), statement)
    for each in own:
        if each.message.message_type is MessageType.DHCPACK:
            commit = wrong_commit(client, each, contract, NO_CONFIG)
            if commit is not None:
                yield commit


def _stated(client: ClientProfile, contract: Contract) -> Boot | NoBoot:
    """What the contract has a client boot."""
    url = contract.url_for(client)
    return NoBoot("the contract does not say") if url is None else Boot(url)


def _is_stated_time(finding: Finding, exchange: Exchange, contract: Contract) -> bool:
    """Whether the contract's times hold for what was asked: not of a client that asks for its own."""
    if OptionCode.IP_ADDRESS_LEASE_TIME in exchange.request.options:
        return False
    if finding.field == "lease_time":
        return True
    if finding.received is None:
        return contract.sends_renewal_times
    # Of a lease that runs already, dnsmasq lets a client ask a little earlier, each at another time.
    runs = exchange.request.message_type is MessageType.DHCPREQUEST
    expected, received = finding.expected, finding.received
    if not runs or not isinstance(expected, timedelta) or not isinstance(received, timedelta):
        return True
    return not timedelta(0) <= expected - received <= expected * _EARLIER


def _of_reservation(exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """What is reserved for this machine and is otherwise in the replies."""
    reservation = contract.reservation_of(exchange.request)
    if reservation is None:
        return
    for reply in exchange.replies:
        if reply.message.message_type in {MessageType.DHCPOFFER, MessageType.DHCPACK}:
            found = deviations_from(reservation, reply, NO_CONFIG)
            yield from (replace(each, causes=()) for each in found if not _may_lack(each, exchange))


def _applies(finding: Finding, exchange: Exchange, client: ClientProfile, contract: Contract) -> bool:
    """Whether the contract's term holds for this client, and for what it has asked."""
    options = exchange.request.options
    if finding.field == "answer" and finding.received == _SILENCE:
        return False
    if finding.field in _TIMES and not _is_stated_time(finding, exchange, contract):
        return False
    if finding.field == "bootfile" and finding.received is None and _is_of_menu(exchange):
        return False  # The file is in the answer to the menu's item, and what that leads to is judged.
    agent = OptionCode.RELAY_AGENT_INFORMATION
    if finding.field == "options" and finding.received == {agent} and agent in options:
        return False  # It comes back to its relay (RFC 3046 section 2.2).
    reserved = contract.reservation_of(exchange.request)
    if finding.field == "boots" and reserved is not None and reserved.bootfile is not None:
        return False  # The file that is reserved for the machine is judged by itself.
    asked = options.get(OptionCode.PARAMETER_REQUEST_LIST)
    if client == contract.default_client and (asked is None or tuple(asked) == client.parameters):
        return True
    if finding.field in _BOOT_DATA and client.name != contract.default_client.name:
        return False
    return not _may_lack(finding, exchange)


def _is_of_menu(exchange: Exchange) -> bool:
    """Whether a boot server answers by a menu, whose item the client asks for next (PXE 2.1)."""
    answers = (each for each in exchange.replies if each.datagram.source_port == BOOT_SERVER_PORT)
    return any(PxeOptions.of(each.message).first_item for each in answers)


def _may_lack(finding: Finding, exchange: Exchange) -> bool:
    """Whether what lacks was not asked for, and is in no reply unasked (RFC 2131 section 4.3.1)."""
    stated = FIELDS[finding.field].option if finding.field in FIELDS else None
    code = OptionCode.HOST_NAME if finding.field == "name" else stated
    asked = exchange.request.options.get(OptionCode.PARAMETER_REQUEST_LIST) or b""
    missing = code is not None and code not in _ALWAYS and finding.received in (None, ())
    return missing and code not in set(asked)
