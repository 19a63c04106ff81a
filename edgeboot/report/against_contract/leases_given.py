"""What is wrong in the DHCPACKs of a capture by a contract, also of clients whose DHCPDISCOVER it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.node.exchange import Reply
from edgeboot.report.advisories import without_name_server
from edgeboot.report.against_contract.requests_of_replies import answered
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.traffic import MachineTraffic
from edgeboot.spec.contract.advisory_terms import AdvisoryLevel
from edgeboot.spec.contract.contract import Contract


def wrong_leases(traffic: MachineTraffic, contract: Contract) -> Iterator[Finding]:
    """A lease without a name server where that is an error; another router from a ProxyDHCP's site."""
    for each in answered(traffic):
        passed = each.reply
        if each.request is None or passed.message.message_type is not MessageType.DHCPACK:
            continue
        if passed.message.yiaddr == UNSPECIFIED or passed.is_relayed:
            continue
        reply = Reply(passed.message, passed.datagram, passed.frame, each.request.message)
        asked = each.request.message.options.get(OptionCode.PARAMETER_REQUEST_LIST) or b""
        yield from _without_name_server(reply, asked, contract)
        yield from _other_router(reply, contract)


def _without_name_server(reply: Reply, asked: bytes, contract: Contract) -> Iterator[Finding]:
    """Of a client that asks for one."""
    is_error = contract.advisories.no_domain_name_server is AdvisoryLevel.ERROR
    own = reply.server_identifier == contract.server_identifier
    if not is_error or not own or OptionCode.DOMAIN_NAME_SERVER not in asked:
        return
    advice = without_name_server(reply, contract)
    if advice is not None:
        told = f"{advice.advisory}: {advice.observation}"
        yield Finding(advice.advisory, "option 6", None, Sender.of(reply), (), told)


def _other_router(reply: Reply, contract: Contract) -> Iterator[Finding]:
    """Of the server that leases the addresses beside a ProxyDHCP: its boot data are its own affair."""
    beside = contract.proxy is not None and reply.server_identifier == contract.address_server
    if beside and contract.routers and reply.routers and reply.routers != contract.routers:
        expected, received = (", ".join(map(str, each)) for each in (contract.routers, reply.routers))
        told = f"routers: expected {expected}, received {received} from {Sender.of(reply)}"
        yield Finding("routers", contract.routers, reply.routers, Sender.of(reply), (), told)
