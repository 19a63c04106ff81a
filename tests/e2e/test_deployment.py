"""The Pod that is deployed is what the contract's deployment part says."""

from __future__ import annotations

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.report.check import Check
from edgeboot.report.lease_advisory import leases_end_with_the_container
from edgeboot.report.pod_check import PodCheck
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.pod import PodSpec
from fixtures.advisories import Advise

pytestmark = pytest.mark.e2e


@pytest.fixture
def spec(settings: Settings) -> PodSpec:
    """The rendered Pod's spec."""
    return settings.deployment.pod.spec


@pytest.mark.covers("K8S-host-network")
def test_pod_uses_the_network_of_the_node(spec: PodSpec, contract: Contract, check_pod: PodCheck) -> None:
    """DHCP is broadcast: without hostNetwork the Pod hears no edge node."""
    check_pod("hostNetwork", contract.deployment.host_network, spec.host_network)


@pytest.mark.covers("K8S-host-ports")
def test_pod_claims_the_dhcp_ports_of_the_node(
    spec: PodSpec, contract: Contract, check_pod: PodCheck
) -> None:
    """HostPort lets the scheduler keep a second server off the node."""
    check_pod("ports", contract.deployment.host_ports, {str(port) for port in spec.server.ports})


@pytest.mark.covers("K8S-capabilities")
def test_pod_adds_only_the_capabilities_dnsmasq_needs(
    spec: PodSpec, contract: Contract, check_pod: PodCheck
) -> None:
    """Every further capability would also be an attacker's."""
    added = spec.server.security_context.capabilities.add
    check_pod("capabilities", contract.deployment.capabilities, set(added))


@pytest.mark.covers("K8S-capabilities")
def test_pod_is_not_privileged(spec: PodSpec, check_pod: PodCheck) -> None:
    """Privileged is every capability there is, and no system call filter."""
    check_pod("privileged", False, spec.server.security_context.privileged)


@pytest.mark.covers("K8S-seccomp")
def test_pod_is_confined_by_seccomp(spec: PodSpec, contract: Contract, check_pod: PodCheck) -> None:
    """The system call filter is the runtime's default, on the Pod or on its container."""
    profile = spec.server.security_context.seccomp_profile or spec.security_context.seccomp_profile
    stated = None if profile is None else profile.type
    check_pod("seccompProfile", contract.deployment.seccomp_profile, stated)


@pytest.mark.covers("K8S-restart-policy")
def test_pod_is_restarted_when_it_fails(spec: PodSpec, contract: Contract, check_pod: PodCheck) -> None:
    """The kubelet restarts a server that crashed."""
    check_pod("restartPolicy", contract.deployment.restart_policy, spec.restart_policy)


@pytest.mark.address_server
@pytest.mark.covers("K8S-container-storage")
def test_lease_database_outside_of_every_volume_is_told(
    settings: Settings, advise: Advise, check: Check
) -> None:
    """Where the configuration puts it there, leases end with the container, by choice or by oversight."""
    advice = leases_end_with_the_container(settings.switched_off, settings.deployment)
    if advice is not None:
        advise(advice)
        check.advises_only(advice)
