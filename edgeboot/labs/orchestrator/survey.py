"""A survey of a segment before a run changes it: DHCP servers, booting clients, addresses in use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.message import BOOTREQUEST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import SERVER_PORT, MessageType
from edgeboot.host.wire import arp
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.neighbour import Neighbour
from edgeboot.host.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.node.matching import dhcp_message, reply_to

_MOST_PROBES: Final = 1024
"""ARP probes of one sweep; of a larger pool only the first addresses are probed."""
_BOOTS: Final = {MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST}


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """The observations of one survey."""

    offers: tuple[Reply, ...] = ()
    """Offers of every server to a client unknown to it."""
    booting: dict[MacAddress, str] = field(default_factory=dict)
    """Foreign clients that requested an address during the survey, with the name of their message."""
    owners: dict[IPv4Address, tuple[MacAddress, ...]] = field(default_factory=dict)
    """Which MAC addresses answered ARP for each address in use."""
    others_of_ours: frozenset[MacAddress] = frozenset()
    """Nodes of another run: MAC addresses with the suite's prefix that are not this run's."""

    heard: frozenset[MacAddress] = frozenset()
    """Machines, not the suite's nodes, that sent anything to everybody."""

    def owner(self, address: IPv4Address) -> MacAddress | None:
        """The only machine that has an address; None if none or several have it."""
        macs = self.owners.get(address, ())
        return macs[0] if len(macs) == 1 else None


def run_survey(node: EdgeNode, addresses: Iterable[IPv4Address]) -> SurveyResult:
    """Send one DHCPDISCOVER and an ARP probe for each address, and listen for ``Wait.LOOK``.

    No lease is taken: an offer that is not requested expires. A client in the middle of booting
    retransmits within that time.
    """
    deadline = Deadline.after(Wait.LOOK)
    message = node.identity.discover(node.new_xid())
    node.send(message)
    for address in sorted(set(addresses))[:_MOST_PROBES]:
        arp.ask(node.port, UNSPECIFIED, address)
    with waiting("survey of the segment", Wait.LOOK):
        frames = node.port.collect(deadline)
    return _evaluated(node.port, message, frames)


def owner_of(port: Port, address: IPv4Address) -> MacAddress | None:
    """The MAC address that answers an ARP probe within ``Wait.NEIGHBOUR``; None without an answer."""
    neighbour = Neighbour.find(port, UNSPECIFIED, address)
    return None if neighbour is None else neighbour.mac


def _evaluated(port: Port, discover: DhcpMessage, frames: Iterable[Frame]) -> SurveyResult:
    offers: list[Reply] = []
    booting: dict[MacAddress, str] = {}
    owners: dict[IPv4Address, tuple[MacAddress, ...]] = {}
    others_of_ours: set[MacAddress] = set()
    heard: set[MacAddress] = set()
    for frame in frames:
        reply = reply_to(discover, frame)
        if reply is not None and reply.message.message_type is MessageType.DHCPOFFER:
            offers.append(reply)
        client = _client(frame)
        if client is not None and client.chaddr != port.mac:
            booting[client.chaddr] = client.name
        source = MacAddress(frame.octets[6:12])
        if is_ours(source) and source != port.mac:
            others_of_ours.add(source)
        if not is_ours(source):
            heard.add(source)
        claim = arp.claim(frame)
        if claim is not None:
            address, mac = claim
            owners[address] = tuple(dict.fromkeys((*owners.get(address, ()), mac)))
    foreign = {mac: name for mac, name in booting.items() if not is_ours(mac)}
    return SurveyResult(tuple(offers), foreign, owners, frozenset(others_of_ours), frozenset(heard))


def _client(frame: Frame) -> DhcpMessage | None:
    parsed = dhcp_message(frame)
    if parsed is None or parsed[1].destination_port != SERVER_PORT:
        return None
    message = parsed[0]
    return message if message.op == BOOTREQUEST and message.message_type in _BOOTS else None
