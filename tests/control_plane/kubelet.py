"""What a kubelet would say: a node is ready, a Pod's container or init container has ended with a status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from kubernetes import client

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def add_node(core: client.CoreV1Api, name: str, labels: Mapping[str, str] = _NONE) -> None:
    """A node on which the scheduler may place 200 Pods."""
    metadata = {"name": name, "labels": {"kubernetes.io/hostname": name, **labels}}
    core.create_node({"metadata": metadata})
    room = {"cpu": "100", "memory": "100Gi", "pods": "200"}
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": ""}
    core.patch_node_status(name, {"status": {"capacity": room, "allocatable": room, "conditions": [ready]}})
    core.patch_node(name, {"spec": {"taints": None}})  # A new node has one until it is ready.


def end(core: client.CoreV1Api, pod: client.V1Pod, status: int, message: str = "") -> None:
    """The Pod's only container has ended; its message is that of /dev/termination-log.

    Raises:
        ApiException: there is no such Pod any more.
    """
    ended = [_ended(pod.spec.containers[0], status, message)]
    phase = "Failed" if status else "Succeeded"
    _say(core, pod, {"phase": phase, "containerStatuses": ended})


def fail_init_container(core: client.CoreV1Api, pod: client.V1Pod, status: int) -> None:
    """The first init container of a Pod that is never restarted has ended with a status other than 0."""
    ended = [_ended(pod.spec.init_containers[0], status, "")]
    _say(core, pod, {"phase": "Failed", "initContainerStatuses": ended})


def _say(core: client.CoreV1Api, pod: client.V1Pod, status: dict[str, Any]) -> None:
    core.patch_namespaced_pod_status(pod.metadata.name, pod.metadata.namespace, {"status": status})


def _ended(container: client.V1Container, status: int, message: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    terminated = {
        "exitCode": status,
        "reason": "Error" if status else "Completed",
        "message": message,
        "startedAt": now,
        "finishedAt": now,
    }
    return {
        "name": container.name,
        "image": container.image,
        "imageID": "",
        "ready": False,
        "restartCount": 0,
        "state": {"terminated": terminated},
    }
