"""Comparison of a reply with the contract: each difference becomes a ``Finding``, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.advisories import Advice
from edgeboot.report.boot_file_check import BootFileCheck
from edgeboot.report.boot_server import on_the_wire
from edgeboot.report.client_check import ClientCheck, unknown_options
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.lease_hosts import Unusable, WithoutNameServer
from edgeboot.report.machine_boot.check import MachineCheck
from edgeboot.report.reply_check import ReplyCheck
from edgeboot.report.value_check import Machine, sender_of
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.open_ports import opening
from edgeboot.spec.contract.advisory_terms import AdvisoryLevel
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS, ReplyField
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.stress.malformed.runner import CaseResult

_STATED: Final = object()
_COMPARED: Final = tuple(field for field in FIELDS.values() if field.stated)
_REFUSAL: Final = (FIELDS["server_identifier"],)
"""A DHCPNAK carries no lease and no boot data (RFC 2131 table 3)."""
_OF_A_LEASE: Final = frozenset({"address", "lease_time", "renewal_time", "rebinding_time"})
"""What the answer to a DHCPINFORM does not carry (RFC 2131 section 4.3.5)."""
_PROXY_OFFER: Final = (FIELDS["server_identifier"], FIELDS["options"])
_PROXY_ACK: Final = tuple(
    FIELDS[name] for name in ("server_identifier", "next_server", "bootfile", "options")
)


class Check(ClientCheck, ReplyCheck, BootFileCheck, MachineCheck):
    """``check(reply, "netmask")``: the reply's field is the contract's, or the test fails by a finding."""

    def __call__(self, reply: Reply, field: str, expected: object = _STATED) -> None:
        """Compare one field of a reply.

        Args:
            reply: the reply; its sender is the finding's.
            field: a property of ``Reply``, or ``options`` for the codes it carries.
            expected: another value than the contract's; no line of the configuration is named then.

        Raises:
            AssertionError: they differ; its only argument is the ``Finding``.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test.
        if expected is _STATED:
            finding = difference(reply, FIELDS[field], self.contract, self.config)
        else:
            received = getattr(reply, field)
            same = received == expected
            finding = None if same else Finding(field, expected, received, Sender.of(reply))
        if finding is not None:
            raise AssertionError(finding)

    def answered_within(self, limit: timedelta, exchange: Exchange, term: str = "answer_time") -> None:
        """The first reply, an offer, came in time, by the kernel's time stamps.

        Args:
            limit: the time that the contract allows.
            exchange: a DHCPDISCOVER and its replies.
            term: the contract's term, which is the field of the finding.

        Raises:
            AssertionError: it came later.
            NotAnswered: there is not exactly one offer.
        """
        __tracebackhide__ = True
        offer, after = exchange.offer, exchange.round_trip or timedelta(0)
        allowed = f"the contract allows {limit.total_seconds():g} s"
        told = f"answered after {after.total_seconds():.2f} s by {offer.sender}, {allowed}"
        sent = Sent.answered(exchange.request, offer.message)
        causes = likely_causes(term, after, self.config, expected=limit, sent=sent)
        self.that(after <= limit, offer, term, after, limit, told, causes)

    def advises_only(self, advice: Advice, reply: Reply | None = None) -> None:
        """The contract does not treat what an advisory has observed as an error; raises as for a field."""
        __tracebackhide__ = True
        level = getattr(self.contract.advisories, advice.advisory)
        is_advice = level is AdvisoryLevel.ADVISE
        self.that(is_advice, reply, advice.advisory, advice.observation, None, str(advice))

    def survived(self, result: CaseResult, again: str = "") -> None:
        """The server has treated a malformed message as it should, and is well; raises as for a field.

        Args:
            result: what it answered, and how it is.
            again: how to send the message again.
        """
        __tracebackhide__ = True
        if not result.problems:
            return
        sender = sender_of(result.exchange)
        expected = result.case.expected.value
        error = AssertionError(Finding("malformed", expected, result.problems, sender, (), result.told))
        error.add_note("\n".join(filter(None, (result.shown_frames, again))))
        raise error

    def closed(self, host: Machine, states: Mapping[int, str | None], why: Mapping[int, str]) -> None:
        """Ports are closed that are to be closed; raises as for a field, with a finding for each.

        Args:
            host: the server's.
            states: how each of them is not closed; None for one that is.
            why: what the contract says of each.
        """
        __tracebackhide__ = True
        sender = Sender(host.address, host.mac)
        self.nothing_differs(
            Finding(
                "closed_ports",
                f"UDP {port} closed",
                state,
                sender,
                opening(port, self.config),
                f"UDP {port} of {sender} is {state}: {why[port]}",
            )
            for port, state in states.items()
            if state is not None
        )

    def hosts_of_use(self, unusable: Iterable[Unusable | WithoutNameServer]) -> None:
        """Nothing leads nodes to hosts that are of no use, or to none; raises as for a field."""
        __tracebackhide__ = True
        for hosts in unusable:
            raise AssertionError(hosts.finding(self.config))


def deviations(reply: Reply, contract: Contract, config: ServerConfig) -> tuple[Finding, ...]:
    """Everything in which the reply differs from the contract.

    A client that asked for a lease time of its own gets that one: compare such replies'
    times with ``Contract.granted_lease_time`` instead.
    """
    compared = (difference(reply, field, contract, config) for field in _fields(reply, contract))
    return tuple(finding for finding in compared if finding is not None)


def difference(reply: Reply, field: ReplyField, contract: Contract, config: ServerConfig) -> Finding | None:
    """The finding where the reply's field is not the contract's; None where it is.

    Raises:
        ValueError: the contract has no term for the field.
    """
    if field.contract_term is None:
        raise ValueError(f"the contract has no term for {field.name}")
    term = getattr(contract, field.contract_term)
    reserved = contract.reservation_of(reply.request)
    match field.name:
        case "address":
            received, fulfilled = reply.address, reply.address in term
            if reserved is not None:
                term, fulfilled = reserved.address, reply.address == reserved.address
        case "options":
            allowed = contract.options.codes | contract.codes_of(reply.request)
            unknown = frozenset(reply.message.options.codes) - allowed
            return unknown_options(unknown, reply, contract, config) if unknown else None
        case name:
            received = getattr(reply, name)
            if name == "bootfile" and reserved is not None and reserved.bootfile is not None:
                term = reserved.bootfile
            fulfilled = received == term or (term == "" and received is None)
    if fulfilled:
        return None
    sent = Sent.answered(reply.request, reply.message)
    causes = likely_causes(field.name, received, config, expected=term, sent=sent)
    statement = on_the_wire(reply, term) if field.name == "next_server" else None
    return Finding(field.name, term, received, Sender.of(reply), causes, statement)


def _fields(reply: Reply, contract: Contract) -> Iterator[ReplyField]:
    """What of the contract a reply must fulfil: a ProxyDHCP's only the boot data, the site's nothing."""
    if contract.proxy is None:
        yield from _of_address_server(reply)
    elif reply.datagram.source != contract.proxy.address_server:
        yield from _PROXY_OFFER if reply.is_proxy_offer else _PROXY_ACK


def _of_address_server(reply: Reply) -> Iterator[ReplyField]:
    if reply.message.message_type is MessageType.DHCPNAK:
        yield from _REFUSAL
    else:
        informed = reply.request is not None and reply.request.message_type is MessageType.DHCPINFORM
        yield from (field for field in _COMPARED if not (informed and field.name in _OF_A_LEASE))
