"""What happens to the server, its leases and its configuration when its Pod changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.server.pod.variants import with_lease_time
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.network import load_node_interfaces
from fixtures.cluster import Measured, SuccessorsOf

if TYPE_CHECKING:
    from edgeboot.server.pod.extra_pods import ExtraPod
    from fixtures.cluster import DeployedPod, PodServer, PowerLoss, ReplicaSetPod

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes, pytest.mark.address_server]


@pytest.mark.covers("K8S-restart-policy")
def test_killed_server_offers_again_by_itself(
    redeployed: DeployedPod,
    dhcp_server: DhcpServer,
    edge_node: EdgeNode,
    measured: Measured,
    check: Check,
) -> None:
    """The kubelet restarts it (OnFailure); the report records how long no node could boot."""
    dhcp_server.kill()
    gap = edge_node.discover(
        retransmit_every=Wait.RETRANSMISSION, within=Wait.SERVER_BACK, grace=None
    ).round_trip
    told = f"expected an offer within {Wait.SERVER_BACK}, seen none; {redeployed.describe()}"
    check.that(gap is not None, None, "answer", None, "an offer", told)
    assert gap is not None
    measured("seconds_to_next_offer", gap)


@pytest.mark.covers("dnsmasq-address-by-mac")
def test_restarted_server_gives_the_node_its_address_again(
    redeployed: DeployedPod, dhcp_server: DhcpServer, edge_node: EdgeNode, check: Check
) -> None:
    """dnsmasq derives the address from the node's MAC, also where the lease database was lost."""
    before = edge_node.boot().address
    dhcp_server.kill()
    dhcp_server.restart()
    ack = edge_node.boot()
    told = f"expected {before} again, given {ack.address}; {redeployed.describe()}"
    check.value(ack, "address", ack.address, before, told)


@pytest.mark.covers("K8S-bare-pod")
def test_deleted_pod_is_not_recreated(
    redeployed: DeployedPod, controlled_pod: ReplicaSetPod, successors_of: SuccessorsOf, check: Check
) -> None:
    """Known limit: a bare Pod has no controller; a controlled Pod deleted after it is replaced first."""
    redeployed.delete()
    replacement = controlled_pod.delete_and_await_the_next()
    successors = successors_of(redeployed)
    told = f"expected no server where {replacement} was replaced, found {successors}"
    check.value(None, "successors", successors, [], told)


@pytest.mark.covers("K8S-node-power")
def test_server_is_back_by_itself_after_a_power_loss_of_its_node(
    power_loss: PowerLoss, edge_node: EdgeNode, check: Check
) -> None:
    """The kubelet starts the same Pod, which names the missing interface and fails until it is back."""
    edge = load_node_interfaces()[0]
    told = f"expected the same Pod as before, found {power_loss}"
    check.value(None, "instance", power_loss.after, power_loss.before, told)
    expected = f"unknown interface {edge.name}"
    told = f"expected it to end for want of {edge.name} (bind-interfaces), its log: {power_loss.log!r}"
    check.that(expected in power_loss.log, None, "log", power_loss.log, expected, told)
    check(edge_node.boot(), "server_identifier", edge.address.ip)


@pytest.mark.covers("K8S-config-map-roll")
def test_edited_config_is_not_served_before_the_pod_is_rolled(
    redeployed: DeployedPod,
    pod_server: PodServer,
    booted_node: EdgeNode,
    settings: Settings,
    contract: Contract,
    check: Check,
) -> None:
    """The kubelet renews the mounted file, but dnsmasq reads it once: until then leases are the old ones."""
    pod_server.edit_config(with_lease_time(settings.deployment.config, contract.lease_time / 2))
    before = booted_node.discover().offer.lease_time
    redeployed.roll()
    pod_server.start()
    offer = booted_node.discover().offer
    times, wanted = (before, offer.lease_time), (contract.lease_time, contract.lease_time / 2)
    expected = f"expected {wanted[0]} until the Pod is rolled, then {wanted[1]}"
    told = f"{expected}; offered {times[0]} and {times[1]}: a reloader?"
    check.value(offer, "lease_time", times, wanted, told)


@pytest.mark.covers("K8S-overlap")
def test_overlapping_servers_both_answer(
    overlapping_server: ExtraPod, booted_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """A rolling update runs two servers on one node: both answer, with the same server identifier."""
    exchange, expected = booted_node.discover(grace=Wait.OTHER_SERVERS), contract.servers + 1
    answers = [(reply.sender, reply.server_identifier) for reply in exchange.replies]
    told = f"expected {expected} replies to {exchange.summary}, received {answers}"
    check.value(exchange, SERVERS, len(answers), expected, told)
    told = f"expected {overlapping_server.name} to be named as the first server is, received {answers}"
    identifiers = {identifier for _, identifier in answers}
    check.value(exchange, "server_identifier", identifiers, {contract.server_identifier}, told)
