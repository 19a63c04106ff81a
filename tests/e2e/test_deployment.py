"""The Pod that is deployed is what the contract's deployment part says."""

from __future__ import annotations

import pytest

from edgeboot.contract import Contract
from edgeboot.manifests.deployment import PodSpec
from edgeboot.settings import Settings

pytestmark = pytest.mark.e2e


@pytest.fixture
def spec(settings: Settings) -> PodSpec:
    """The rendered Pod's spec."""
    return settings.deployment.pod.spec


@pytest.mark.covers("K8S-host-network")
def test_pod_stands_on_the_node_s_network(spec: PodSpec, contract: Contract) -> None:
    """DHCP is broadcast: without hostNetwork the Pod hears no edge node."""
    assert spec.host_network == contract.deployment.host_network


@pytest.mark.covers("K8S-host-ports")
def test_pod_claims_the_dhcp_ports_of_the_node(spec: PodSpec, contract: Contract) -> None:
    """HostPort lets the scheduler keep a second server off the node."""
    assert {str(port) for port in spec.containers[0].ports} == contract.deployment.host_ports


@pytest.mark.covers("K8S-capabilities")
def test_pod_adds_only_the_capabilities_dnsmasq_needs(spec: PodSpec, contract: Contract) -> None:
    """Every capability more is one an attacker would have."""
    assert set(spec.containers[0].security_context.capabilities.add) == contract.deployment.capabilities


@pytest.mark.covers("K8S-seccomp")
def test_pod_is_confined_by_seccomp(spec: PodSpec, contract: Contract) -> None:
    """The system call filter is the runtime's default, on the Pod or on its container."""
    profile = spec.containers[0].security_context.seccomp_profile or spec.security_context.seccomp_profile
    assert profile is not None, "no seccompProfile on the Pod or its container"
    assert profile.type == contract.deployment.seccomp_profile


@pytest.mark.covers("K8S-restart-policy")
def test_pod_is_restarted_when_it_fails(spec: PodSpec, contract: Contract) -> None:
    """The kubelet starts a server that crashed again."""
    assert spec.restart_policy == contract.deployment.restart_policy
