"""What a kubelet would say: a node is ready, and a Pod's container has ended with a status and a message."""

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
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    terminated = {
        "exitCode": status,
        "reason": "Error" if status else "Completed",
        "message": message,
        "startedAt": now,
        "finishedAt": now,
    }
    container = pod.spec.containers[0]
    statuses: list[dict[str, Any]] = [
        {
            "name": container.name,
            "image": container.image,
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": {"terminated": terminated},
        }
    ]
    phase = "Failed" if status else "Succeeded"
    body = {"status": {"phase": phase, "containerStatuses": statuses}}
    core.patch_namespaced_pod_status(pod.metadata.name, pod.metadata.namespace, body)
