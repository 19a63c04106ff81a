"""A look at a segment before anything is done on it: who serves, who boots, who has which address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.message import BOOTREQUEST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import SERVER_PORT, MessageType
from edgeboot.machine.wire import arp
from edgeboot.machine.wire.frame import Frame
from edgeboot.machine.wire.neighbour import Neighbour
from edgeboot.machine.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.node.matching import dhcp_message, reply_to

_MOST_PROBES: Final = 1024
"""Of one sweep; of a larger pool the first so many."""
_BOOTS: Final = {MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST}


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What there was to see."""

    offers: tuple[Reply, ...] = ()
    """To a node never seen before, by every server that answered."""
    booting: dict[MacAddress, str] = field(default_factory=dict)
    """Strangers that asked for an address meanwhile, and by which message."""
    owners: dict[IPv4Address, tuple[MacAddress, ...]] = field(default_factory=dict)
    """Who answers ARP for each address that somebody has."""
    others_of_ours: frozenset[MacAddress] = frozenset()
    """Nodes of another run: with our prefix, and not this run's."""

    def owner(self, address: IPv4Address) -> MacAddress | None:
        """The one machine that has an address; None where nobody has it, or several have."""
        found = self.owners.get(address, ())
        return found[0] if len(found) == 1 else None


def look(node: EdgeNode, addresses: Iterable[IPv4Address]) -> SurveyResult:
    """Listen for ``Wait.LOOK``, and meanwhile ask for offers once and for every address by ARP.

    Nothing is taken: an offer that is not requested lapses. A client in the middle of booting
    asks again within that time.
    """
    deadline = Deadline.after(Wait.LOOK)
    message = node.identity.discover(node.new_xid())
    node.send(message)
    for address in sorted(set(addresses))[:_MOST_PROBES]:
        arp.ask(node.port, UNSPECIFIED, address)
    return _told(node.port, message, node.port.collect(deadline))


def owner_of(port: Port, address: IPv4Address) -> MacAddress | None:
    """Who answers an ARP probe for an address within ``Wait.NEIGHBOUR``; None for nobody."""
    found = Neighbour.find(port, UNSPECIFIED, address)
    return None if found is None else found.mac


def _told(port: Port, asked: DhcpMessage, frames: Iterable[Frame]) -> SurveyResult:
    offers: list[Reply] = []
    booting: dict[MacAddress, str] = {}
    owners: dict[IPv4Address, tuple[MacAddress, ...]] = {}
    ours: set[MacAddress] = set()
    for frame in frames:
        reply = reply_to(asked, frame)
        if reply is not None and reply.message.message_type is MessageType.DHCPOFFER:
            offers.append(reply)
        client = _client(frame)
        if client is not None and client.chaddr != port.mac:
            booting[client.chaddr] = client.name
        source = MacAddress(frame.octets[6:12])
        if is_ours(source) and source != port.mac:
            ours.add(source)
        claim = arp.claim(frame)
        if claim is not None:
            address, mac = claim
            owners[address] = tuple(dict.fromkeys((*owners.get(address, ()), mac)))
    strangers = {mac: name for mac, name in booting.items() if not is_ours(mac)}
    return SurveyResult(tuple(offers), strangers, owners, frozenset(ours))


def _client(frame: Frame) -> DhcpMessage | None:
    found = dhcp_message(frame)
    if found is None or found[1].destination_port != SERVER_PORT:
        return None
    message = found[0]
    return message if message.op == BOOTREQUEST and message.message_type in _BOOTS else None
