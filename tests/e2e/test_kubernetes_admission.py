"""What the API server does with the Pod: stores it as the manifest has it, admits it where permitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.report.check import Check
from edgeboot.report.pod_check import PodCheck
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
    term: str, admitted: PodSpec, contract: Contract, settings: Settings, check_pod: PodCheck
) -> None:
    """No default and no admission plugin has changed the field."""
    field, value_in = TERMS[term]
    expected, kept = getattr(contract.deployment, term), value_in(admitted)
    place = settings.deployment.place(field)
    told = f"{term}: expected {expected}, the API server has {kept}: {place}"
    check_pod(field, expected, kept, told)


@pytest.mark.covers("K8S-unchanged")
def test_api_server_kept_every_field_of_the_manifest(changes_by_the_cluster: list[str], check: Check) -> None:
    """The Pod in the cluster has every field of the rendered Pod."""
    told = f"changed on the way: {changes_by_the_cluster}"
    check.value(None, "manifest", changes_by_the_cluster, [], told)


@pytest.mark.covers("K8S-image")
def test_kubelet_runs_the_image_of_the_manifest(
    dhcp_pod: DeployedPod, settings: Settings, check_pod: PodCheck
) -> None:
    """The container that answers edge nodes was made from the image that was reviewed."""
    intended, container = settings.deployment.pod.container.image, dhcp_pod.container()
    running = None if container is None else container.image
    told = f"expected image {intended}, the kubelet runs {running or 'no container'}"
    check_pod("image", intended, running, told)


@pytest.mark.covers("K8S-pod-security")
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_pod_security_refuses_the_pod(
    level: str, refused_at: RefusedAt, contract: Contract, check: Check
) -> None:
    """Where a lower Pod Security level is enforced the Pod is refused, for each privilege it needs."""
    refusal, expected = refused_at(level), getattr(contract.deployment.refused_by, level)
    told = f"expected a refusal by {level} for {expected}, the Pod was admitted"
    check.that(refusal is not None, None, "refused_by", None, expected, told)
    missing = [reason for reason in expected if reason not in (refusal or "")]
    told = f"expected {missing} among the reasons, received {refusal}"
    check.value(None, "refused_by", missing, [], told)


@pytest.mark.covers("K8S-pod-security")
def test_pod_security_admits_the_pod_as_privileged(refused_at: RefusedAt, check: Check) -> None:
    """The namespace of the Orchestrator has to be labelled privileged, nothing less."""
    refusal = refused_at("privileged")
    told = f"expected to be admitted as privileged, refused: {refusal}"
    check.value(None, "refused_by", refusal, None, told)


@pytest.mark.covers("K8S-host-ports")
def test_second_pod_with_the_same_ports_stays_pending(
    twin: ExtraPod, contract: Contract, check_pod: PodCheck
) -> None:
    """The hostPorts keep a second server off the node: the scheduler reports that they are taken."""
    condition, ports = twin.scheduling(), sorted(contract.deployment.host_ports)
    told = f"expected no room for a second {ports}, the Pod was scheduled"
    check_pod("ports", "False", condition.status, told)
    received = (condition.reason, "free ports" in condition.message)
    expected = f"expected Unschedulable for lack of free ports {ports}"
    told = f"{expected}, received {condition.reason}: {condition.message}"
    check_pod("ports", ("Unschedulable", True), received, told)


def seccomp(spec: PodSpec) -> SeccompProfile | None:
    """The container's own profile, else the Pod's."""
    return spec.server.security_context.seccomp_profile or spec.security_context.seccomp_profile
