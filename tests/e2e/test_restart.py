"""A server that was stopped and started, and the leases it had given."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from edgeboot.labs.protocol import Lab
from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import renew
from edgeboot.report.check import Check
from edgeboot.server.dnsmasq.lease_file import lease_storage
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.restart, pytest.mark.address_server]


@dataclass(frozen=True)
class ServerRestart:
    """The server's instances before and after SIGKILL, and a node that held a lease meanwhile."""

    before: str
    after: str
    holder: EdgeNode


@pytest.fixture(scope="module")
def server_restart(
    lab: Lab,
    edge_nodes: NewEdgeNode,
    contract: Contract,
    known_node: EdgeNode,
    known_nodes_rebooted: None,  # noqa: ARG001 - for its teardown
) -> ServerRestart:
    """The server, restarted after SIGKILL; of few reserved machines one that all tests use had a lease."""
    holder = known_node if contract.known_clients_only else edge_nodes()
    before = lab.server.instance
    holder.boot()
    lab.server.kill()
    lab.server.restart()
    return ServerRestart(before, lab.server.instance, holder)


@pytest.mark.covers("dnsmasq-restart")
def test_killed_server_answers_again_after_its_restart(
    server_restart: ServerRestart, edge_node: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """A node boots from the new container as before, from the same server."""
    ack = edge_node.boot()
    check.another(dhcp_server, "instance", server_restart.after, server_restart.before)
    check(ack, "server_identifier")
    check.value(ack, "source_mac", ack.datagram.source_mac, dhcp_server.mac)


@pytest.mark.ability("keeps_leases")
@pytest.mark.covers("RFC2131-2.2-not-given-twice", "RFC2131-2.1-survives-reboots")
def test_restarted_server_gives_no_address_twice(
    server_restart: ServerRestart, new_edge_node: NewEdgeNode, settings: Settings, check: Check
) -> None:
    """A node that is switched off answers no ping: only the lease database protects its address."""
    held = server_restart.holder.held.address
    offer = new_edge_node().discover(requested_address=held).offer
    offered_on = f"{server_restart.holder.mac} holds {held}, and {offer.sender} offers it on"
    storage = lease_storage(settings.deployment)
    told, causes = f"{offered_on}; {storage}", (storage.cause,)
    check.another(offer, "address", offer.address, held, told, causes)


@pytest.mark.ability("keeps_leases")
@pytest.mark.covers("RFC2131-2.1-survives-reboots", "K8S-container-storage")
def test_lease_outlives_the_container_of_the_server(
    server_restart: ServerRestart, settings: Settings, check: Check
) -> None:
    """A running node renews its lease with the restarted server as before."""
    before, exchange = server_restart.holder.held.address, renew(server_restart.holder)
    answers = [(reply.message.name, str(reply.address), reply.sender) for reply in exchange.replies]
    received, expected = [answer[:2] for answer in answers], [("DHCPACK", str(before))]
    storage = lease_storage(settings.deployment)
    told = f"expected {before} to be renewed, received {answers}; {storage}"
    causes = (storage.cause,)
    check.that(received == expected, exchange, "answer", received, expected, told, causes)
