"""Rogue servers: unexpected senders of replies, their offers, and what they probably are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.spec.contract.segment import Segment
from edgeboot.spec.manifests.cause import Cause

SERVERS: Final = "servers"
"""The field of a finding about who answers."""


@dataclass(frozen=True, slots=True)
class RogueReply:
    """One unexpected reply."""

    reply: Reply
    ahead: timedelta | None
    """How long before the first reply of the server under test; None if that did not answer."""
    probably: str
    after: timedelta | None = None
    """How long after the message it answers, where that is long over."""

    def __str__(self) -> str:
        return f"{self.reply.sender} {_content(self.reply)}, {self._when}; probably {self.probably}"

    @property
    def _when(self) -> str:
        if self.after is not None:
            return f"{self.after.total_seconds():.1f} s after it was asked"
        return _when(self.ahead)


def is_provided_for(reply: Reply, segment: Segment) -> bool:
    """Whether the contract provides for its sender: the server under test, or the site's own."""
    return _is_own(reply, segment) or _is_site(reply, segment)


def late_rogue(reply: Reply, asked: Exchange | None, segment: Segment) -> RogueReply:
    """An unexpected reply to a message of the run; None for one that is not known."""
    after = None if asked is None else timedelta(seconds=reply.frame.at - asked.sent.at)
    return RogueReply(reply, None, probably(reply, segment), after)


def rogue_replies(exchange: Exchange, segment: Segment) -> tuple[RogueReply, ...]:
    """The replies of an exchange that the contract does not provide for, in order of arrival.

    The server under test may answer a message once, from whichever of its addresses, and so may
    the site's own server where the contract has one; whoever else answers, or answers twice, is a
    rogue.
    """
    own = next((reply for reply in exchange.replies if _is_server(reply, segment)), None)
    return tuple(
        RogueReply(reply, None if own is None else _between(reply, own), probably(reply, segment, earlier))
        for reply, earlier in _unexpected(exchange.replies, segment)
    )


def rogue_finding(rogues: Sequence[RogueReply], segment: Segment) -> Finding:
    """Unexpected replies as one finding, whose cause is their sender; of each sender one reply is told."""
    first = {rogue.reply.sender: rogue for rogue in reversed(rogues)}
    told = "; ".join(str(first[sender]) for sender in dict.fromkeys(each.reply.sender for each in rogues))
    others = len(rogues) - len(first)
    more = f"; and {others} further such repl{'y' if others == 1 else 'ies'}" if others else ""
    return Finding(
        SERVERS,
        segment.contract.servers,
        tuple(dict.fromkeys(rogue.reply.sender for rogue in rogues)),
        Sender.of(rogues[0].reply),
        tuple(dict.fromkeys(stranger(rogue.reply.sender, rogue.probably) for rogue in rogues)),
        f"a rogue server answers: {told}{more}",
    )


def stranger(sender: str, what: str) -> Cause:
    """A machine that does not belong on the segment as a cause."""
    return Cause(None, None, f"{sender} answers, too: {what}")


def attributed(finding: Finding, rogues: Sequence[RogueReply], segment: Segment) -> Finding:
    """The finding with the cause that lies outside of the server's configuration, if there is one.

    A value from a rogue has no line of the server's file as its cause; neither has one from a second
    process at the server's own address that no applied line gives, nor the server's other address.
    """
    sender = finding.sender
    if sender is None:
        return finding
    foreign = [rogue for rogue in rogues if Sender.of(rogue.reply) == sender]
    if foreign and (sender.mac != segment.server_mac or not finding.causes):
        cause = stranger(str(sender), foreign[0].probably)
        return replace(finding, causes=(cause,))
    others = [address for address in segment.server_addresses if address != segment.server]
    if sender.mac == segment.server_mac and sender.address in others:
        first = ", ".join(map(str, segment.server_addresses))
        text = f"the server's interface has the addresses {first}: dnsmasq answers from the first that fits"
        return replace(finding, causes=(Cause(None, None, text), *finding.causes))
    return finding


def probably(reply: Reply, segment: Segment, earlier: Reply | None = None) -> str:
    """What the sender most likely is, by the first clue in its reply that fits.

    Args:
        reply: the unexpected one.
        segment: what belongs there.
        earlier: the reply of the same sender to the same message; None if this is its first.
    """
    contract, datagram = segment.contract, reply.datagram
    if datagram.source_mac == segment.server_mac:
        if earlier is not None and datagram.payload == earlier.datagram.payload:
            return "the same reply twice: a loop, or a second server with the same configuration on its node"
        if earlier is None and datagram.source != segment.server and not segment.server_addresses:
            return f"the server's own machine, where {datagram.source} stands first, or another Pod there"
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


def _unexpected(replies: Sequence[Reply], segment: Segment) -> Iterator[tuple[Reply, Reply | None]]:
    """Each with the reply that its machine has sent already."""
    answered: dict[object, Reply] = {}
    for reply in replies:
        key = segment.server_mac if _is_own(reply, segment) else reply.datagram.source
        earlier = answered.get(key)
        if earlier is not None or not is_provided_for(reply, segment):
            yield reply, earlier
        answered.setdefault(key, reply)


def _is_own(reply: Reply, segment: Segment) -> bool:
    """Whether it comes from the server's machine, at an address that is known to be its own.

    One that names another server is another process's; one without option 54 names nobody.
    """
    own = {segment.server, *segment.server_addresses}
    named = reply.server_identifier in {None, reply.datagram.source, *own}
    return reply.datagram.source_mac == segment.server_mac and reply.datagram.source in own and named


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
