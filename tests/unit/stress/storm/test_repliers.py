"""Who answered a storm, and which nodes have one address."""

from __future__ import annotations

from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame
from edgeboot.spec.contract.storm_terms import MacOrder
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.grants import Grants, grants, runs
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.numbering import (
    CONSECUTIVE,
    FIRST_TRANSACTION,
    Numbering,
    mac_of,
    scattered,
    xid_of,
)
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.repliers import Replier, repliers
from edgeboot.stress.storm.round_result import Recorded
from edgeboot.stress.storm.shared_address import SharedAddress, shared_addresses

OWN, ROGUE = IPv4Address("192.168.99.10"), IPv4Address("192.168.99.66")
OWN_MAC, ROGUE_MAC = MacAddress.parse("52:54:00:00:00:10"), MacAddress.parse("52:54:00:66:66:66")
UDP_HEADERS = bytes((0x45, *bytes(8), 17, *bytes(10))) + bytes(8)


def reply(kind: MessageType, server: IPv4Address, mac: MacAddress, node: MacAddress | None = None) -> Frame:
    """To the storm's seventh node, or to another machine."""
    options = Options((option(Code.DHCP_MESSAGE_TYPE, kind), option(Code.SERVER_IDENTIFIER, server)))
    message = DhcpMessage(BOOTREPLY, xid_of(7, FIRST_TRANSACTION), node or mac_of(7), options)
    return Frame(bytes(6) + mac.packed + b"\x08\x00" + UDP_HEADERS + message.encode(), 0.0)


def test_repliers_are_told_apart_by_machine_and_identifier() -> None:
    """Those with most replies first; replies to others, and what is no reply, do not count."""
    frames = [
        reply(MessageType.DHCPNAK, ROGUE, ROGUE_MAC),
        *[reply(MessageType.DHCPOFFER, OWN, OWN_MAC)] * 2,
        reply(MessageType.DHCPACK, OWN, OWN_MAC),
        reply(MessageType.DHCPOFFER, OWN, OWN_MAC, node=OWN_MAC),
        Frame(bytes(60), 0.0),
    ]
    assert repliers(frames) == (
        Replier(str(OWN_MAC), OWN, offers=2, acks=1, naks=0),
        Replier(str(ROGUE_MAC), ROGUE, offers=0, acks=0, naks=1),
    )


def test_a_shared_address_has_its_nodes_and_servers() -> None:
    """What an operator looks for first: which machines, and who gave it."""
    nodes = VirtualNodes(3)
    for number, (address, server) in enumerate(((1, OWN), (2, OWN), (1, ROGUE))):
        nodes.phase[number] = Phase.BOUND
        nodes.bound_at[number], nodes.address[number], nodes.server[number] = 1.0, address, int(server)
    recorded = Recorded(StormPlan(nodes=3).rounds[0], nodes, Counters())
    assert grants([recorded, recorded]) == (Grants(OWN, 2), Grants(ROGUE, 1))
    for macs, own in (CONSECUTIVE, int), (Numbering(MacOrder.SCATTERED), scattered):
        holders = (str(mac_of(own(0))), str(mac_of(own(2))))
        shared = SharedAddress(IPv4Address(1), holders, (OWN, ROGUE))
        assert shared_addresses([recorded], [shared.address], macs) == (shared,)


def test_granted_addresses_are_told_as_runs() -> None:
    """A pool of a thousand has a few of them, whichever nodes have its addresses."""
    addresses = [(IPv4Address(1), IPv4Address(3)), (IPv4Address(9), IPv4Address(9))]
    assert list(runs([3, 1, 9, 2])) == addresses
    assert list(runs([])) == []
