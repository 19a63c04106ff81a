"""What of a server's replies is against RFC 2131, whatever else its contract says, as ``Finding``.

Only replies of the contract's own server are judged; of what is not in the capture nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp import firmware
from edgeboot.dhcp.message import LIMITED_BROADCAST, MINIMUM_LENGTH, UNSPECIFIED
from edgeboot.dhcp.vocabulary import NAK_MAY_CARRY, SERVER_PORT, MessageType, OptionCode, option_name
from edgeboot.host.wire.frame import Checksum
from edgeboot.report.against_contract.requests_of_replies import Answered, answered
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage
from edgeboot.spec.contract.contract import Contract

_HOST: Final = 32
"""The prefix of a host alone, whose router is never in its network."""
_HOPS: Final = 3
"""The octet of the header (RFC 2131 figure 1)."""


def wrong_form(traffic: MachineTraffic, contract: Contract) -> Iterator[Finding]:
    """Everything that is wrong with the replies to a client by their form, and by where they went."""
    for each in answered(traffic):
        reply = each.reply
        if not reply.is_of(contract.server_identifier):
            continue
        yield from _of_datagram(reply, traffic)
        yield from _of_options(reply, contract)
        if each.request is None:
            yield from _stray(each, traffic)
            continue
        if reply.message.message_type is MessageType.DHCPNAK:
            yield from _of_refusal(reply, contract)
        yield from _of_header(each, each.request, contract)
        yield from _of_length(reply, each.request, contract)
        if not each.both_sides:
            yield from _of_destination(each, each.request, traffic, contract)


def _of_datagram(reply: PassedMessage, traffic: MachineTraffic) -> Iterator[Finding]:
    datagram = reply.datagram
    # Where it was captured at the server itself, its network card fills in what was left to it.
    broken = {Checksum.WRONG} if _was_taken(reply, traffic) else {Checksum.WRONG, Checksum.PENDING}
    for field, state in (("ip_checksum", datagram.ip_checksum), ("udp_checksum", datagram.udp_checksum)):
        if state in broken:
            yield _finding(field, Checksum.VALID.value, state.value, reply)
    identifier = reply.server_identifier
    if identifier is not None and datagram.source != identifier and reply.message.giaddr == UNSPECIFIED:
        yield _finding("source", identifier, datagram.source, reply)
    if datagram.source_port != SERVER_PORT:
        yield _finding("source_port", SERVER_PORT, datagram.source_port, reply)


def _was_taken(reply: PassedMessage, traffic: MachineTraffic) -> bool:
    """Whether the client has heard it: an offer that a DHCPREQUEST followed, or what no message follows."""
    requests = (each.message.xid for each in traffic.sent(MessageType.DHCPREQUEST) if each.at > reply.at)
    return reply.message.message_type is not MessageType.DHCPOFFER or reply.message.xid in requests


def _of_options(reply: PassedMessage, contract: Contract) -> Iterator[Finding]:
    options = reply.message.options
    if options.faults:
        yield _finding("options", (), tuple(options.faults), reply)
    if options.repeated:
        names = ", ".join(map(option_name, options.repeated))
        told = f"{names} stands there twice: clients differ in what they take"
        yield _finding("options", (), tuple(options.repeated), reply, told)
    codes = list(options.codes)
    mask, router = OptionCode.SUBNET_MASK, OptionCode.ROUTER
    if mask in codes and router in codes and codes.index(router) < codes.index(mask):
        told = "the router (option 3) stands before the subnet mask (option 1), against RFC 2132 section 3.3"
        yield _finding("options", (1, 3), (3, 1), reply, told)
    yield from _of_routers(reply)
    file = firmware.bootfile(reply.message)
    if file is not None and OptionCode.BOOTFILE_NAME in options:
        expected = contract.server.bootfile_terminators
        if file.terminators != expected:
            told = f"{file.source} {file.text!r} ends with {file.terminators} NUL, expected {expected}"
            yield _finding("terminators", expected, file.terminators, reply, told)


def _of_length(reply: PassedMessage, request: PassedMessage, contract: Contract) -> Iterator[Finding]:
    """Whether it is padded to BOOTP's length, of the contract's own client: others may ask for less."""
    asked = request.message.options.get(OptionCode.PARAMETER_REQUEST_LIST)
    own = asked is not None and tuple(asked) == contract.default_client.parameters
    if (
        own
        and reply.message.message_type is not MessageType.DHCPNAK
        and reply.message.length < MINIMUM_LENGTH
    ):
        yield _finding("length", MINIMUM_LENGTH, reply.message.length, reply)


def _of_routers(reply: PassedMessage) -> Iterator[Finding]:
    """Routers that a client cannot reach, since they are not in the network of its address."""
    mask = _address(reply.message.options.get(OptionCode.SUBNET_MASK))
    data = reply.message.options.get(OptionCode.ROUTER) or b""
    if mask is None or reply.message.yiaddr == UNSPECIFIED or len(data) % 4:
        return
    network = IPv4Network(f"{reply.message.yiaddr}/{int(mask).bit_count()}", strict=False)
    routers = [IPv4Address(data[at : at + 4]) for at in range(0, len(data), 4)]
    if network.prefixlen < _HOST and not any(each in network for each in routers) and routers:
        told = f"no router of {', '.join(map(str, routers))} is in {network}, the network of its address"
        yield _finding("routers", f"a router in {network}", tuple(routers), reply, told)


def _stray(each: Answered, traffic: MachineTraffic) -> Iterator[Finding]:
    """An offer to what nobody has asked, in place of that to a DHCPDISCOVER, which is never unicast.

    Where that has its own, this one answers a message that is not in the capture.
    """
    reply = each.reply
    discovers = [one for one in traffic.sent(MessageType.DHCPDISCOVER) if one.at <= reply.at]
    if reply.message.message_type is MessageType.DHCPOFFER and discovers:
        offers = traffic.received(MessageType.DHCPOFFER)
        here = {one.message.xid for one in offers if one.datagram.source == reply.datagram.source}
        if discovers[-1].message.xid in here:
            return
        expected, received = discovers[-1].message.shown_xid, reply.message.shown_xid
        yield _finding("xid", expected, received, reply)


def _of_header(each: Answered, request: PassedMessage, contract: Contract) -> Iterator[Finding]:
    reply, asked = each.reply.message, request.message
    refused = reply.message_type is MessageType.DHCPNAK
    hops = each.reply.datagram.payload[_HOPS]
    if hops and asked.giaddr == UNSPECIFIED:
        yield _finding("hops", 0, hops, each.reply)
    if reply.giaddr != asked.giaddr and not each.both_sides:
        yield _finding("giaddr", asked.giaddr, reply.giaddr, each.reply)
    relayed = reply.giaddr != UNSPECIFIED
    if refused and relayed and not reply.wants_broadcast:
        yield _finding("flags", "the broadcast flag", f"{reply.flags:#x}", each.reply)
    heard = asked.wants_broadcast or contract.server.unicasts
    if not refused and reply.flags != asked.flags and heard and contract.proxy is None:
        yield _finding("flags", f"{asked.flags:#x}", f"{reply.flags:#x}", each.reply)
    gives = reply.message_type is MessageType.DHCPOFFER and reply.yiaddr != UNSPECIFIED
    if gives and _is_of_a_proxy(each.reply, contract):
        told = f"a ProxyDHCP offers the address {reply.yiaddr}"
        yield _finding("address", UNSPECIFIED, reply.yiaddr, each.reply, told)
    has_none = reply.message_type is not MessageType.DHCPACK
    if reply.ciaddr not in {UNSPECIFIED, UNSPECIFIED if has_none else asked.ciaddr}:
        yield _finding("ciaddr", UNSPECIFIED, reply.ciaddr, each.reply)
    agent = OptionCode.RELAY_AGENT_INFORMATION
    if not each.both_sides and asked.options.all(agent) != reply.options.all(agent):
        yield _finding("option 82", asked.options.get(agent), reply.options.get(agent), each.reply)
    if reply.message_type is MessageType.DHCPACK:
        yield from _of_acknowledgement(each, request)


def _is_of_a_proxy(reply: PassedMessage, contract: Contract) -> bool:
    """Whether a ProxyDHCP has sent it, which leaves addresses to another server."""
    return contract.proxy is not None and contract.proxy.address_server != reply.datagram.source


def _of_acknowledgement(each: Answered, request: PassedMessage) -> Iterator[Finding]:
    reply, asked = each.reply.message, request.message
    if asked.message_type is MessageType.DHCPINFORM:
        if reply.yiaddr != UNSPECIFIED:
            told = f"the answer to a DHCPINFORM gives {reply.yiaddr} (yiaddr): it has an address"
            yield _finding("yiaddr", UNSPECIFIED, reply.yiaddr, each.reply, told)
    elif asked.message_type is MessageType.DHCPREQUEST:
        wanted = _address(asked.options.get(OptionCode.REQUESTED_IP_ADDRESS)) or asked.ciaddr
        if reply.yiaddr != wanted:
            yield _finding("address", wanted, reply.yiaddr, each.reply)


def _of_refusal(reply: PassedMessage, contract: Contract) -> Iterator[Finding]:
    message = reply.message
    for field in ("ciaddr", "yiaddr", "siaddr"):
        if getattr(message, field) != UNSPECIFIED:
            told = f"a DHCPNAK has {field} {getattr(message, field)}"
            yield _finding(field, UNSPECIFIED, getattr(message, field), reply, told)
    if contract.server.explains_refusals and not message.options.get(OptionCode.MESSAGE):
        told = "a DHCPNAK does not say why (option 56)"
        yield _finding("option 56", "a reason", None, reply, told)
    more = frozenset(message.options.codes) - NAK_MAY_CARRY
    if more:
        codes = ", ".join(map(str, sorted(more)))
        yield _finding("options", frozenset(), more, reply, f"a DHCPNAK carries options {codes}")


def _of_destination(
    each: Answered, request: PassedMessage, traffic: MachineTraffic, contract: Contract
) -> Iterator[Finding]:
    """Where RFC 2131 section 4.1 has it go: to the relay, to everybody, or to the client alone."""
    reply, asked, to = each.reply.message, request.message, each.reply.datagram
    if asked.giaddr != UNSPECIFIED:
        if (to.destination, to.destination_port) != (asked.giaddr, SERVER_PORT):
            received = f"{to.destination} port {to.destination_port}"
            yield _finding("destination", f"{asked.giaddr} port {SERVER_PORT}", received, each.reply)
        return
    if reply.message_type is MessageType.DHCPNAK:
        expected = LIMITED_BROADCAST
    elif asked.wants_broadcast and _is_of_a_proxy(each.reply, contract):
        expected = LIMITED_BROADCAST  # It renews no lease: the client hears what it asked for.
    elif asked.ciaddr != UNSPECIFIED:
        expected = asked.ciaddr
    elif asked.wants_broadcast or reply.yiaddr == UNSPECIFIED:
        expected = LIMITED_BROADCAST
    else:
        expected = reply.yiaddr
    if to.destination == LIMITED_BROADCAST and not (contract.server.unicasts or asked.wants_broadcast):
        return
    here = request.datagram.source_mac == traffic.mac
    if to.destination != expected:
        yield _finding("destination", expected, to.destination, each.reply)
    elif here and to.destination_mac not in {traffic.mac, BROADCAST}:
        yield _finding("destination", traffic.mac, to.destination_mac, each.reply)


def _address(data: bytes | None) -> IPv4Address | None:
    return IPv4Address(data) if data is not None and len(data) == 4 else None


def _finding(
    field: str, expected: object, received: object, reply: PassedMessage, told: str | None = None
) -> Finding:
    sender = Sender.of(reply)
    name = reply.message.name
    statement = f"{told} (from {sender})" if told else None
    if statement is None:
        statement = f"{field} of a {name}: expected {expected}, received {received} from {sender}"
    return Finding(field, expected, received, sender, (), statement)
