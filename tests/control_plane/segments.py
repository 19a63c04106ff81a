"""Many segments in a namespace of the control plane: rendered, applied, placed, and ended by index."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import MANIFESTS, PROJECT
from tests.control_plane.kubelet import end
from tests.control_plane.plane import ControlPlane

JOB = "nightly"
INDEX = "batch.kubernetes.io/job-completion-index"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command has ended."""

    status: int
    output: str
    error: str


@dataclass(frozen=True, slots=True)
class Site:
    """A namespace with segments."""

    plane: ControlPlane
    namespace: str
    directory: Path
    core: client.CoreV1Api
    batch: client.BatchV1Api

    def edgeboot(self, *arguments: str) -> Ran:
        """The result of ``edgeboot segments`` with these arguments."""
        command = [sys.executable, "-m", "edgeboot.cli.main", "segments", *arguments]
        finished = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
        return Ran(finished.returncode, finished.stdout, finished.stderr)

    def in_cluster(self, *arguments: str) -> Ran:
        """The same with the cluster's options."""
        return self.edgeboot(*arguments, f"--kubeconfig={self.plane.kubeconfig}", "-n", self.namespace)

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Within it ``edgeboot segments place`` runs; at the end it is killed."""
        options = (f"--kubeconfig={self.plane.kubeconfig}", "-n", self.namespace)
        command = ["setpriv", "--pdeathsig=KILL", sys.executable, "-m", "edgeboot.cli.main", "segments"]
        process = subprocess.Popen([*command, "place", *options], cwd=PROJECT, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.kill()
            process.wait()

    def as_account(self, account: str, *arguments: str) -> Ran:
        """The same as a service account of the overlay many-segments, which is applied."""
        manifests = self.plane.kubectl("kustomize", str(MANIFESTS / "nightly/overlays/many-segments"))
        manifests = manifests.replace("namespace: orch-infra", f"namespace: {self.namespace}")
        self.plane.kubectl("apply", "--validate=strict", "-f", "-", content=manifests)
        token = self.plane.kubectl("create", "token", account, f"--namespace={self.namespace}").strip()
        kubeconfig = yaml.safe_load(self.plane.kubeconfig.read_text(encoding="utf-8"))
        kubeconfig["users"] = [{"name": "admin", "user": {"token": token}}]
        file = self.directory / "account-kubeconfig"
        file.write_text(yaml.safe_dump(kubeconfig), encoding="utf-8")
        return self.edgeboot(*arguments, f"--kubeconfig={file}", "-n", self.namespace)

    def render(self, text: str) -> Ran:
        """Render a segments.toml of this text."""
        file = self.directory / "segments.toml"
        file.write_text(text, encoding="utf-8")
        return self.edgeboot("render", str(file))

    def apply(self, text: str) -> None:
        """Render it and apply it."""
        done = self.render(text)
        assert done.status == 0, done.error
        self.plane.kubectl("apply", "-n", self.namespace, "-f", "-", content=done.output)

    def prepare(self) -> None:
        """What stands in a namespace before the first Job: account and volume."""
        self.core.create_namespaced_service_account(self.namespace, {"metadata": {"name": "edgeboot"}})
        size = {"storage": "1Gi"}
        volume = {"accessModes": ["ReadWriteMany"], "storageClassName": ""}
        self.core.create_persistent_volume(
            {
                "metadata": {"name": self.namespace},
                "spec": {**volume, "capacity": size, "hostPath": {"path": "/var/lib/edgeboot"}},
            }
        )
        claim = {**volume, "resources": {"requests": size}, "volumeName": self.namespace}
        self.core.create_namespaced_persistent_volume_claim(
            self.namespace, {"metadata": {"name": "edgeboot"}, "spec": claim}
        )

    def pod(self, index: int, *, placed: bool = False, but: str = "") -> client.V1Pod:
        """The newest Pod of an index that has not ended, once it is there and, if asked, on a node."""

        def found() -> client.V1Pod | None:
            selector = f"{INDEX}={index}"
            pods = self.core.list_namespaced_pod(self.namespace, label_selector=selector).items
            alive = (each for each in pods if each.status.phase == "Pending" and each.metadata.name != but)
            return next((each for each in alive if each.spec.node_name or not placed), None)

        return eventually(f"a Pod of index {index}", found, Wait.CLUSTER, "read the logs")

    def end(self, index: int, status: int, message: str = "") -> str:
        """Its Pod has ended so; returns the Pod's name."""
        pod = self.pod(index)
        end(self.core, pod, status, message)
        return str(pod.metadata.name)

    def job(self, seen: Callable[[client.V1JobStatus], Any]) -> Any:
        """What is seen of the Job's status once that is something."""

        def look() -> Any:
            return seen(self.batch.read_namespaced_job_status(JOB, self.namespace).status) or None

        return eventually("the Job's status", look, Wait.CLUSTER, "read the logs")

    def status(self) -> dict[str, Any]:
        """Of the one Job, as ``status --json`` has it."""
        [job] = json.loads(self.in_cluster("status", "--json").output)
        return dict(job)
