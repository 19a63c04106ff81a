"""Whether the Pod that the server is in lives, by the kubelet's own rules."""

from __future__ import annotations

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.report.pod_check import PodCheck
from edgeboot.server.protocol import DhcpServer

pytestmark = pytest.mark.e2e


@pytest.mark.covers("K8S-probes")
def test_probes_of_the_pod_succeed(dhcp_server: DhcpServer, booted_node: EdgeNode, check: Check) -> None:
    """A liveness probe that fails has the kubelet kill a server that answers every node."""
    assert booted_node.lease is not None
    failed = dhcp_server.failed_probes()
    causes = tuple(probe.cause for probe in failed if probe.cause is not None)
    received = tuple(probe.what for probe in failed)
    check.that(not failed, None, "probes", received, (), "; ".join(map(str, failed)), causes)


@pytest.mark.covers("K8S-active-deadline")
def test_pod_has_no_deadline(settings: Settings, check_pod: PodCheck) -> None:
    """Edge nodes boot, and renew, as long as the site is there; a Pod past its deadline is not replaced."""
    deadline = settings.deployment.pod.spec.active_deadline_seconds
    place = settings.deployment.place_of("spec", "activeDeadlineSeconds")
    told = f"the kubelet ends the Pod after {deadline} s, for good: {place}"
    check_pod("activeDeadlineSeconds", None, deadline, told)
