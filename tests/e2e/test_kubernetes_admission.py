"""What the API server makes of the Pod: kept as the manifest has it, admitted where it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import PodSpec, SeccompProfile
from fixtures.cluster import RefusedAt

if TYPE_CHECKING:
    from edgeboot.server.pod.extra_pods import ExtraPod
    from fixtures.cluster import DeployedPod

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes]

TERMS: Final[dict[str, tuple[str, Callable[[PodSpec], object]]]] = {
    "host_network": ("hostNetwork", lambda spec: spec.host_network),
    "host_ports": ("ports", lambda spec: {str(port) for port in spec.containers[0].ports}),
    "capabilities": ("capabilities", lambda spec: set(spec.containers[0].security_context.capabilities.add)),
    "seccomp_profile": ("seccompProfile", lambda spec: getattr(seccomp(spec), "type", None)),
    "restart_policy": ("restartPolicy", lambda spec: spec.restart_policy),
}
"""The fields of the contract's deployment part, their names in a manifest, and where a spec has them."""


@pytest.mark.covers(
    "K8S-unchanged",
    "K8S-host-network",
    "K8S-host-ports",
    "K8S-capabilities",
    "K8S-seccomp",
    "K8S-restart-policy",
)
@pytest.mark.parametrize("term", TERMS)
def test_api_server_admitted_what_the_contract_says(
    term: str, admitted: PodSpec, contract: Contract, settings: Settings
) -> None:
    """No default and no admission plugin has made another Pod of it."""
    field, of = TERMS[term]
    expected, kept, place = getattr(contract.deployment, term), of(admitted), settings.deployment.place(field)
    assert kept == expected, f"{term}: expected {expected}, the API server has {kept}: {place}"


@pytest.mark.covers("K8S-unchanged")
def test_api_server_kept_every_field_of_the_manifest(changes_on_the_way: list[str]) -> None:
    """What the rendered Pod states is stated by the Pod in the cluster."""
    assert changes_on_the_way == [], f"changed on the way: {changes_on_the_way}"


@pytest.mark.covers("K8S-image")
def test_kubelet_runs_the_image_of_the_manifest(dhcp_pod: DeployedPod, settings: Settings) -> None:
    """The container that answers edge nodes was made from the image that was reviewed."""
    intended, container = settings.deployment.pod.container.image, dhcp_pod.container()
    assert container is not None, f"expected a container of {intended}, the kubelet tells of none"
    assert container.image == intended, f"expected image {intended}, the kubelet runs {container.image}"


@pytest.mark.covers("K8S-pod-security")
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_pod_security_refuses_the_pod(level: str, refused_at: RefusedAt, contract: Contract) -> None:
    """Where a lower Pod Security level is enforced the Pod is refused, for each privilege it needs."""
    told, expected = refused_at(level), getattr(contract.deployment.refused_by, level)
    assert told is not None, f"expected a refusal by {level} for {expected}, the Pod was admitted"
    untold = [each for each in expected if each not in told]
    assert untold == [], f"expected {untold} among the reasons, told {told}"


@pytest.mark.covers("K8S-pod-security")
def test_pod_security_admits_the_pod_as_privileged(refused_at: RefusedAt) -> None:
    """The namespace of the Orchestrator has to be labelled privileged, nothing less."""
    told = refused_at("privileged")
    assert told is None, f"expected to be admitted as privileged, refused: {told}"


@pytest.mark.covers("K8S-host-ports")
def test_second_pod_with_the_same_ports_stays_pending(twin: ExtraPod, contract: Contract) -> None:
    """The hostPorts keep a second server off the node: the scheduler finds them taken, and says so."""
    found, ports = twin.scheduling(), sorted(contract.deployment.host_ports)
    assert found.status == "False", f"expected no room for a second {ports}, the Pod was scheduled"
    assert (found.reason, "free ports" in found.message) == ("Unschedulable", True), (
        f"expected Unschedulable for want of free ports {ports}, told {found.reason}: {found.message}"
    )


def seccomp(spec: PodSpec) -> SeccompProfile | None:
    """The container's own profile, else the Pod's."""
    return spec.containers[0].security_context.seccomp_profile or spec.security_context.seccomp_profile
