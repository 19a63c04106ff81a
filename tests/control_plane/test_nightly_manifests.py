"""manifests/nightly at a real API server: it is accepted, and a run's exit status decides what follows."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
import yaml
from kubernetes import client

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import MANIFESTS, PROJECT
from tests.control_plane.kubelet import end, fail_init_container
from tests.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane
OF_THE_JOB = "job-name=by-hand"


def rendered(plane: ControlPlane, name: str, namespace: str) -> str:
    """The manifests of a kustomization, in the namespace of the test."""
    text = plane.kubectl("kustomize", str(MANIFESTS / "nightly" / name))
    return text.replace("namespace: orch-infra", f"namespace: {namespace}")


@pytest.mark.parametrize("name", ["base", "overlays/poc", "overlays/chart"])
def test_api_server_accepts_every_object(plane: ControlPlane, namespace: str, name: str) -> None:
    """By its own validation, strictly: a misspelt field would be an error."""
    arguments = ("apply", "--dry-run=server", "--validate=strict", "-f", "-")
    printed = plane.kubectl(*arguments, content=rendered(plane, name, namespace))
    assert "cronjob.batch/edgeboot-nightly created (server dry run)" in printed


def test_reader_is_of_the_digest_that_our_image_is_based_on(plane: ControlPlane, namespace: str) -> None:
    """A tag is another image one day; and the API server accepts the Pod."""
    text = (MANIFESTS / "nightly" / "reader.yaml").read_text(encoding="utf-8")
    [base] = [
        line.partition("=")[2]
        for line in (PROJECT / "images" / "edgeboot" / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("ARG BASE=")
    ]
    assert [each["image"] for each in yaml.safe_load(text)["spec"]["containers"]] == [base]
    here = text.replace("namespace: orch-infra", f"namespace: {namespace}")
    plane.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", content=here)


def test_namespace_of_a_lower_level_is_told_when_it_is_installed(plane: ControlPlane, namespace: str) -> None:
    """Pod Security names what it will refuse, as docs/operations.md says it."""
    plane.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/warn=baseline")
    command = [str(plane.directory / "bin" / "kubectl"), f"--kubeconfig={plane.kubeconfig}"]
    told = subprocess.run(
        [*command, "apply", "--dry-run=server", "-f", "-"],
        input=rendered(plane, "overlays/poc", namespace),
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    for each in ("host namespaces (hostNetwork=true)", "NET_ADMIN", 'hostPath volumes (volume "libvirt")'):
        assert each in told


@pytest.fixture
def pod(plane: ControlPlane, core: client.CoreV1Api, namespace: str) -> client.V1Pod:
    """Of a Job that was made from the CronJob by hand."""
    plane.kubectl("apply", "-f", "-", content=rendered(plane, "base", namespace))
    of = ("--from=cronjob/edgeboot-nightly", f"--namespace={namespace}")
    plane.kubectl("create", "job", "by-hand", *of)
    [first] = eventually("its Pod", lambda: pods(core, namespace) or None, Wait.CLUSTER, "see the log")
    return first


def pods(core: client.CoreV1Api, namespace: str) -> list[client.V1Pod]:
    """Of the Job."""
    return list(core.list_namespaced_pod(namespace, label_selector=OF_THE_JOB).items)


def failed(batch: client.BatchV1Api, namespace: str) -> Any | None:
    """The condition of a Job that has failed; None before that."""
    conditions = batch.read_namespaced_job("by-hand", namespace).status.conditions or []
    return next((each for each in conditions if each.type == "Failed"), None)


@pytest.mark.parametrize("status", [1, 4, 5])
def test_verdict_and_usage_error_fail_the_job_at_once(
    core: client.CoreV1Api, batch: client.BatchV1Api, namespace: str, pod: client.V1Pod, status: int
) -> None:
    """The next night would show the same; nothing is retried."""
    end(core, pod, status)
    condition = eventually("its failure", lambda: failed(batch, namespace), Wait.CLUSTER, "see the log")
    assert condition.reason == "PodFailurePolicy"
    assert f"exit code {status} matching FailJob" in condition.message
    assert len(pods(core, namespace)) == 1


@pytest.mark.parametrize("status", [3, 137])
def test_lab_that_could_not_come_up_and_a_killed_run_are_tried_again(
    core: client.CoreV1Api, batch: client.BatchV1Api, pod: client.V1Pod, status: int
) -> None:
    """After the Job's back-off; the second Pod gives back what the first one has left."""
    end(core, pod, status)
    await_next(core, batch, pod)


@pytest.mark.parametrize("status", [1, 4])
def test_clean_that_fails_has_no_verdict_and_is_tried_again(
    core: client.CoreV1Api, batch: client.BatchV1Api, pod: client.V1Pod, status: int
) -> None:
    """Its 1 is an error of its own: nothing was verified, and what was left is still to be given back."""
    fail_init_container(core, pod, status)
    await_next(core, batch, pod)


def await_next(core: client.CoreV1Api, batch: client.BatchV1Api, pod: client.V1Pod) -> None:
    """Until the Job has a Pod beside this one, and has not failed.

    Raises:
        AssertionError: it has failed, with its words.
    """
    namespace = pod.metadata.namespace

    def following() -> client.V1Pod | None:
        condition = failed(batch, namespace)
        assert condition is None, condition.message
        others = [each for each in pods(core, namespace) if each.metadata.name != pod.metadata.name]
        return others[0] if others else None

    eventually("a second Pod", following, Wait.CLUSTER, "see the log")
