"""What a storm's nodes send to boot servers: ARP, requests to port 4011, and TFTP from ports of their own."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.node.boot.tftp_packets import BLOCK_NUMBERS
from edgeboot.stress.storm.boot_plans import BootPlan
from edgeboot.stress.storm.fetch_columns import MAC_OCTETS, FetchColumns
from edgeboot.stress.storm.numbering import FIRST_TRANSACTION, identity_of, xid_of
from edgeboot.stress.storm.round_parts import RoundParts
from edgeboot.stress.storm.unicast import acknowledgement, datagram, is_at, who_has

FIRST_PORT: Final = 20_000
"""Of the nodes' own ports: each round has sixteen of them, one for each read request."""
PORTS: Final = 16


class FetchFrames:
    """The frames of a round's nodes.

    Args:
        of: what the round works with; its nodes have an address.
        columns: of its fetches.
    """

    def __init__(self, of: RoundParts, columns: FetchColumns) -> None:
        self._client = of.round.client
        self._transaction = of.transaction
        self._first_port = FIRST_PORT + PORTS * (of.transaction - FIRST_TRANSACTION)
        self._addresses = of.nodes.address
        self._columns = columns
        self._put = of.send
        self._own = of.own

    def port(self, number: int) -> int:
        """The node's own, another one for each read request."""
        return self._first_port + self._columns.asked[number]

    def who_has(self, number: int) -> None:
        """A node asks by ARP for the machine that it sends to."""
        self._put(who_has(self._own(number), self._addresses[number], self._columns.hop[number]))

    def is_at(self, number: int, address: int, asker_mac: bytes, asker: int) -> None:
        """A node answers who has asked by ARP for its address."""
        self._put(is_at(self._own(number), address, asker_mac, asker))

    def ask(self, number: int, plan: BootPlan) -> None:
        """A node asks port 4011 of a boot server."""
        assert plan.request is not None, "it asks a boot server"  # noqa: S101
        own, address = self._own(number), self._addresses[number]
        xid = xid_of(own, self._transaction)
        message = identity_of(own, self._client).ask_boot_server(xid, IPv4Address(address), plan.request)
        ends = (address, plan.request.client_port), (plan.server, BOOT_SERVER_PORT)
        self._put(datagram(own, self._hop(number), *ends, message.encode()))

    def tftp(self, number: int, port: int, payload: bytes) -> None:
        """A node sends a packet to a port of its TFTP server."""
        ends = (self._addresses[number], self.port(number)), (self._columns.server[number], port)
        self._put(datagram(self._own(number), self._hop(number), *ends, payload))

    def acknowledge(self, number: int) -> None:
        """A node acknowledges the blocks that it has got."""
        columns = self._columns
        columns.unacknowledged[number] = 0
        own = self._addresses[number], self.port(number)
        to = columns.server[number], columns.server_port[number]
        block = columns.blocks[number] % BLOCK_NUMBERS
        self._put(acknowledgement(self._own(number), self._hop(number), own, to, block))

    def _hop(self, number: int) -> bytes:
        return bytes(self._columns.hop_mac[number * MAC_OCTETS : (number + 1) * MAC_OCTETS])
