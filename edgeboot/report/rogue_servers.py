"""Rogue servers: unexpected senders of replies, their offers, and what they probably are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.node.exchange import Exchange, Reply
from edgeboot.spec.contract.segment import Segment


@dataclass(frozen=True, slots=True)
class RogueReply:
    """One unexpected reply."""

    reply: Reply
    ahead: timedelta | None
    """How long before the first reply of the server under test; None if that did not answer."""
    probably: str

    def __str__(self) -> str:
        return f"{self.reply.sender} {_content(self.reply)}, {_when(self.ahead)}; probably {self.probably}"


def rogue_replies(exchange: Exchange, segment: Segment) -> tuple[RogueReply, ...]:
    """The replies of an exchange that the contract does not provide for, in order of arrival.

    The server under test may answer a message once, and so may the site's own server where
    the contract has one; whoever else answers, or answers twice, is a rogue.
    """
    own = next((reply for reply in exchange.replies if _is_server(reply, segment)), None)
    return tuple(
        RogueReply(reply, None if own is None else _between(reply, own), probably(reply, segment))
        for reply in _unexpected(exchange.replies, segment)
    )


def probably(reply: Reply, segment: Segment) -> str:
    """What the sender most likely is, by the first clue in its reply that fits."""
    contract, datagram = segment.contract, reply.datagram
    if datagram.source_mac == segment.server_mac:
        return "a second server on the Orchestrator's node: another Pod, or both ends of a rolling update"
    if datagram.source == contract.server_identifier:
        return f"another machine that has taken the address of the server ({segment.server_mac})"
    if datagram.source == segment.bridge:
        return "libvirt, whose network still has DHCP enabled: look for <dhcp> in virsh net-dumpxml"
    if datagram.source in contract.routers:
        return "the site's router, whose DHCP is to be switched off"
    if reply.is_proxy_offer:
        return "another ProxyDHCP, such as a second release of the PXE server's chart"
    if datagram.source_mac.packed.startswith(bytes.fromhex("525400")):
        return "a virtual machine, by QEMU's MAC prefix: look for it in virsh domiflist or ip -d link"
    return f"a machine of the site: look for {datagram.source_mac} in the switch's table"


def _unexpected(replies: Sequence[Reply], segment: Segment) -> Iterator[Reply]:
    answered: set[IPv4Address] = set()
    for reply in replies:
        belongs = _is_server(reply, segment) or _is_site(reply, segment)
        if not belongs or reply.datagram.source in answered:
            yield reply
        answered.add(reply.datagram.source)


def _is_server(reply: Reply, segment: Segment) -> bool:
    address = segment.contract.server_identifier
    sender = (reply.datagram.source, reply.datagram.source_mac)
    return sender == (address, segment.server_mac) and reply.server_identifier == address


def _is_site(reply: Reply, segment: Segment) -> bool:
    proxy = segment.contract.proxy
    return proxy is not None and reply.datagram.source == proxy.address_server == reply.server_identifier


def _between(reply: Reply, own: Reply) -> timedelta:
    return timedelta(seconds=own.frame.at - reply.frame.at)


def _content(reply: Reply) -> str:
    """What it offers, as far as a node would act on it."""
    if reply.is_proxy_offer:
        return "offers boot data without an address"
    lease = f" {reply.address} for {reply.lease_time}" if reply.address != IPv4Address(0) else ""
    routers = f", router {', '.join(map(str, reply.routers))}" if reply.routers else ""
    file = f", boot file {reply.bootfile} from {reply.next_server}" if reply.bootfile else ""
    return f"sends {reply.message.name}{lease}{routers}{file}"


def _when(ahead: timedelta | None) -> str:
    if ahead is None:
        return "the server under test is silent"
    milliseconds = round(abs(ahead).total_seconds() * 1000, 1)
    return f"{milliseconds:g} ms {'before' if ahead > timedelta(0) else 'after'} the server under test"
