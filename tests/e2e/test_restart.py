"""A server that was stopped and started, and the leases it had given."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from edgeboot.labs.protocol import Lab
from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import renew
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.restart, pytest.mark.address_server]


@dataclass(frozen=True)
class Aftermath:
    """The server's instances before and after it was killed, and a node that held a lease all the time."""

    before: str
    after: str
    holder: EdgeNode


@pytest.fixture(scope="module")
def aftermath(
    lab: Lab,
    edge_nodes: NewEdgeNode,
    remembered: None,  # noqa: ARG001 - for what it does in the end
) -> Aftermath:
    """The server after SIGKILL and a new start."""
    holder, before = edge_nodes(), lab.server.instance
    holder.boot()
    lab.server.kill()
    lab.server.restart()
    return Aftermath(before, lab.server.instance, holder)


@pytest.mark.covers("dnsmasq-restart")
def test_killed_server_answers_again_after_its_restart(
    aftermath: Aftermath, edge_node: EdgeNode, dhcp_server: DhcpServer, contract: Contract
) -> None:
    """A node boots from the new container as before, from the same server."""
    ack = edge_node.boot()
    assert aftermath.after != aftermath.before
    assert (ack.server_identifier, ack.datagram.source_mac) == (contract.server_identifier, dhcp_server.mac)


@pytest.mark.covers("RFC2131-2.2-not-given-twice", "RFC2131-2.1-survives-reboots")
def test_restarted_server_gives_no_address_twice(
    aftermath: Aftermath, new_edge_node: NewEdgeNode, settings: Settings
) -> None:
    """A node that is switched off for a moment answers no ping: only the book keeps its address for it."""
    held = aftermath.holder.held.address
    offer = new_edge_node().discover(requested_address=held).offer
    assert offer.address != held, (
        f"{aftermath.holder.mac} holds {held}, and {offer.sender} offers it on; {book(settings)}"
    )


@pytest.mark.covers("RFC2131-2.1-survives-reboots", "K8S-container-storage")
def test_lease_outlives_the_container_of_the_server(aftermath: Aftermath, settings: Settings) -> None:
    """A node that runs renews its lease with the restarted server, and notices nothing."""
    before, replies = aftermath.holder.held.address, renew(aftermath.holder).replies
    told = [(reply.message.name, str(reply.address), reply.sender) for reply in replies]
    assert [each[:2] for each in told] == [("DHCPACK", str(before))], (
        f"expected {before} to be renewed, received {told}; {book(settings)}"
    )


def book(settings: Settings) -> str:
    """Where leases are kept, for a message."""
    return f"are leases kept in a volume? {settings.deployment.place('volumeMounts')}"
