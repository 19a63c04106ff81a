"""What the API server does with the Pod: stores it as the manifest has it, admits it where permitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.pod import PodSpec, SeccompProfile
from fixtures.cluster import RefusedAt

if TYPE_CHECKING:
    from edgeboot.server.pod.extra_pods import ExtraPod
    from fixtures.cluster import DeployedPod

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes]

TERMS: Final[dict[str, tuple[str, Callable[[PodSpec], object]]]] = {
    "host_network": ("hostNetwork", lambda spec: spec.host_network),
    "host_ports": ("ports", lambda spec: {str(port) for port in spec.server.ports}),
    "capabilities": ("capabilities", lambda spec: set(spec.server.security_context.capabilities.add)),
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
    """No default and no admission plugin has changed the field."""
    field, value_in = TERMS[term]
    expected, kept, place = (
        getattr(contract.deployment, term),
        value_in(admitted),
        settings.deployment.place(field),
    )
    assert kept == expected, f"{term}: expected {expected}, the API server has {kept}: {place}"


@pytest.mark.covers("K8S-unchanged")
def test_api_server_kept_every_field_of_the_manifest(changes_by_the_cluster: list[str]) -> None:
    """The Pod in the cluster has every field of the rendered Pod."""
    assert changes_by_the_cluster == [], f"changed on the way: {changes_by_the_cluster}"


@pytest.mark.covers("K8S-image")
def test_kubelet_runs_the_image_of_the_manifest(dhcp_pod: DeployedPod, settings: Settings) -> None:
    """The container that answers edge nodes was made from the image that was reviewed."""
    intended, container = settings.deployment.pod.container.image, dhcp_pod.container()
    assert container is not None, f"expected a container of {intended}, the kubelet reports none"
    assert container.image == intended, f"expected image {intended}, the kubelet runs {container.image}"


@pytest.mark.covers("K8S-pod-security")
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_pod_security_refuses_the_pod(level: str, refused_at: RefusedAt, contract: Contract) -> None:
    """Where a lower Pod Security level is enforced the Pod is refused, for each privilege it needs."""
    refusal, expected = refused_at(level), getattr(contract.deployment.refused_by, level)
    assert refusal is not None, f"expected a refusal by {level} for {expected}, the Pod was admitted"
    missing = [reason for reason in expected if reason not in refusal]
    assert missing == [], f"expected {missing} among the reasons, received {refusal}"


@pytest.mark.covers("K8S-pod-security")
def test_pod_security_admits_the_pod_as_privileged(refused_at: RefusedAt) -> None:
    """The namespace of the Orchestrator has to be labelled privileged, nothing less."""
    refusal = refused_at("privileged")
    assert refusal is None, f"expected to be admitted as privileged, refused: {refusal}"


@pytest.mark.covers("K8S-host-ports")
def test_second_pod_with_the_same_ports_stays_pending(twin: ExtraPod, contract: Contract) -> None:
    """The hostPorts keep a second server off the node: the scheduler reports that they are taken."""
    condition, ports = twin.scheduling(), sorted(contract.deployment.host_ports)
    assert condition.status == "False", f"expected no room for a second {ports}, the Pod was scheduled"
    assert (condition.reason, "free ports" in condition.message) == ("Unschedulable", True), (
        f"expected Unschedulable for lack of free ports {ports}, "
        f"received {condition.reason}: {condition.message}"
    )


def seccomp(spec: PodSpec) -> SeccompProfile | None:
    """The container's own profile, else the Pod's."""
    return spec.server.security_context.seccomp_profile or spec.security_context.seccomp_profile
