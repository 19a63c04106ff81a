"""A Pod that has a controller, for comparison with the server's, which has none."""

from __future__ import annotations

from typing import Any, Final

from kubernetes.client import AppsV1Api, CoreV1Api

from edgeboot.base.deadline import Wait, eventually
from edgeboot.server.pod.extra_pods import ScratchNamespace
from edgeboot.server.pod.manifest_objects import RUN_LABEL

_NAME: Final = "controlled"
_LABELS: Final = {"app.kubernetes.io/name": _NAME}
_SEE: Final = "see the controller manager's log"


class ReplicaSetPod:
    """One Pod of a ReplicaSet. It is never scheduled: only the controllers' reaction is tested."""

    def __init__(self, core: CoreV1Api, scratch: ScratchNamespace, image: str) -> None:
        self._core = core
        self._namespace = scratch.name
        labels = _LABELS | {RUN_LABEL: scratch.run}
        gated = {
            "schedulingGates": [{"name": "edgeboot.dev/never"}],
            "containers": [{"name": _NAME, "image": image}],
        }
        spec = {
            "replicas": 1,
            "selector": {"matchLabels": _LABELS},
            "template": {"metadata": {"labels": labels}, "spec": gated},
        }
        body = {"metadata": {"name": _NAME, "labels": labels}, "spec": spec}
        AppsV1Api(core.api_client).create_namespaced_replica_set(self._namespace, body)
        self.name = self._await(other_than=None)

    def delete_and_await_the_next(self) -> str:
        """Delete it and return the name of the Pod that its controller creates instead.

        The controllers have then processed every earlier deletion, too.
        """
        self._core.delete_namespaced_pod(self.name, self._namespace)
        self.name = self._await(other_than=self.name)
        return self.name

    def _await(self, other_than: str | None) -> str:
        def another() -> str | None:
            pods: list[Any] = self._core.list_namespaced_pod(self._namespace).items
            names = [str(pod.metadata.name) for pod in pods if pod.metadata.owner_references]
            return next((name for name in names if name != other_than), None)

        return eventually("the controller's Pod", another, Wait.CLUSTER, _SEE)
