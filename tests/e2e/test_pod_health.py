"""Whether the Pod that the server is in lives, by the kubelet's own rules."""

from __future__ import annotations

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.server.protocol import DhcpServer

pytestmark = pytest.mark.e2e


@pytest.mark.covers("K8S-probes")
def test_probes_of_the_pod_succeed(dhcp_server: DhcpServer, booted_node: EdgeNode) -> None:
    """A liveness probe that fails has the kubelet kill a server that answers every node."""
    assert booted_node.lease is not None
    failed = dhcp_server.failed_probes()
    assert not failed, "; ".join(failed)


@pytest.mark.covers("K8S-active-deadline")
def test_pod_has_no_deadline(settings: Settings) -> None:
    """Edge nodes boot, and renew, as long as the site is there; a Pod past its deadline is not replaced."""
    deadline = settings.deployment.pod.spec.active_deadline_seconds
    place = settings.deployment.place_of("spec", "activeDeadlineSeconds")
    assert deadline is None, f"the kubelet ends the Pod after {deadline} s, for good: {place}"
