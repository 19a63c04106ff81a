"""The answers of boot servers on port 4011, held against a contract: where they lead, and where they went."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import PassedMessage
from edgeboot.spec.contract.contract import Contract


def wrong_answers(each: Round, client: ClientProfile, contract: Contract) -> Iterator[Finding]:
    """Nothing of a round without such an answer: that a boot server is silent, the diagnoses tell."""
    traffic = each.traffic
    asked = {one.message.xid: one for one in traffic.boot_requests}
    for answer in traffic.boot_answers:
        request = asked.get(answer.message.xid)
        if request is not None:
            yield from _of_answer(request, answer)
    if client.name not in contract.boots or not traffic.boot_answers:
        return
    attempt = Attempt(each, client)
    outcome, stated = attempt.outcome, contract.url_for(client)
    answered = tuple(attempt.boot_exchanges.values())
    if outcome is not None and outcome.url != stated and all(answered[-1:]):
        told = f"{client} would boot {outcome}; the contract says {stated or 'nothing'}"
        sender = Sender.of(traffic.boot_answers[-1])
        yield Finding("boots", stated, outcome.url, sender, (), told)


def _of_answer(request: PassedMessage, answer: PassedMessage) -> Iterator[Finding]:
    sender = Sender.of(answer)
    to, origin = answer.datagram.destination, request.datagram.source
    port, own_port = answer.datagram.destination_port, request.datagram.source_port
    if to == origin and port != own_port:
        told = f"{sender} answers from port 4011 to port {port}, and was asked from port {own_port}"
        yield Finding("destination", own_port, port, sender, (), told)
    if to != origin:
        told = f"{sender} answers from port 4011 to {to}, and was asked by {origin}"
        yield Finding("destination", origin, to, sender, (), told)
    code = OptionCode.CLIENT_MACHINE_IDENTIFIER
    own, returned = request.message.options.get(code), answer.message.options.get(code)
    if own is not None and own != returned:
        told = f"{sender} answers from port 4011 without the client's own option {int(code)}"
        yield Finding(f"option {int(code)}", own, returned, sender, (), told)
