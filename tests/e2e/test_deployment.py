"""The Pod that is deployed is what the contract's deployment part says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.report.lease_advisory import leases_end_with_the_container
from edgeboot.spec.contract.advisory_terms import AdvisoryLevel
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.pod import PodSpec
from fixtures.advisories import Advise

pytestmark = pytest.mark.e2e

PlaceOf = Callable[[str], str]


@pytest.fixture
def spec(settings: Settings) -> PodSpec:
    """The rendered Pod's spec."""
    return settings.deployment.pod.spec


@pytest.fixture
def place(settings: Settings) -> PlaceOf:
    """Which lines of the manifests state a field."""
    return settings.deployment.place


@pytest.mark.covers("K8S-host-network")
def test_pod_uses_the_network_of_the_node(spec: PodSpec, contract: Contract, place: PlaceOf) -> None:
    """DHCP is broadcast: without hostNetwork the Pod hears no edge node."""
    expected = contract.deployment.host_network
    assert spec.host_network == expected, f"expected hostNetwork {expected}: {place('hostNetwork')}"


@pytest.mark.covers("K8S-host-ports")
def test_pod_claims_the_dhcp_ports_of_the_node(spec: PodSpec, contract: Contract, place: PlaceOf) -> None:
    """HostPort lets the scheduler keep a second server off the node."""
    expected, claimed = contract.deployment.host_ports, {str(port) for port in spec.server.ports}
    assert claimed == expected, f"expected {sorted(expected)}, claimed {sorted(claimed)}: {place('ports')}"


@pytest.mark.covers("K8S-capabilities")
def test_pod_adds_only_the_capabilities_dnsmasq_needs(
    spec: PodSpec, contract: Contract, place: PlaceOf
) -> None:
    """Every further capability would also be an attacker's."""
    expected, added = contract.deployment.capabilities, spec.server.security_context.capabilities.add
    assert set(added) == expected, f"expected {sorted(expected)}: {place('capabilities')}"


@pytest.mark.covers("K8S-capabilities")
def test_pod_is_not_privileged(spec: PodSpec, place: PlaceOf) -> None:
    """Privileged is every capability there is, and no system call filter."""
    assert not spec.server.security_context.privileged, f"expected false: {place('privileged')}"


@pytest.mark.covers("K8S-seccomp")
def test_pod_is_confined_by_seccomp(spec: PodSpec, contract: Contract, place: PlaceOf) -> None:
    """The system call filter is the runtime's default, on the Pod or on its container."""
    expected = contract.deployment.seccomp_profile
    profile = spec.server.security_context.seccomp_profile or spec.security_context.seccomp_profile
    stated = None if profile is None else profile.type
    assert stated == expected, (
        f"expected seccompProfile {expected}, found {stated}: {place('seccompProfile')}"
    )


@pytest.mark.covers("K8S-restart-policy")
def test_pod_is_restarted_when_it_fails(spec: PodSpec, contract: Contract, place: PlaceOf) -> None:
    """The kubelet restarts a server that crashed."""
    expected = contract.deployment.restart_policy
    assert spec.restart_policy == expected, f"expected {expected}: {place('restartPolicy')}"


@pytest.mark.address_server
@pytest.mark.covers("K8S-container-storage")
def test_lease_database_outside_of_every_volume_is_told(
    settings: Settings, contract: Contract, advise: Advise
) -> None:
    """Where the configuration puts it there, leases end with the container, by choice or by oversight."""
    advice = leases_end_with_the_container(settings.switched_off, settings.deployment)
    if advice is not None:
        advise(advice)
    level = contract.advisories.leases_end_with_the_container
    assert advice is None or level is AdvisoryLevel.ADVISE, str(advice)
