"""A script in the place of all kubelets: it says of each Pod what the kubelet of its node would say.

For each Pod as many requests as a kubelet of Kubernetes 1.33 makes for one container: a token of its service
account, three changes of its status, each with the read before it, and three events.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Self

from benchmarks.indexed_job.api import MERGE_PATCH, Api

VERDICT: Final = {0: "would boot " * 30, 1: "would not boot " * 60, 3: "lab could not come up " * 10}
"""A termination message of the usual length, by the exit status."""
_INDEX: Final = "batch.kubernetes.io/job-completion-index"
_FAILURES: Final = "batch.kubernetes.io/job-index-failure-count"
_TIME: Final = "2026-01-01T00:00:00Z"
_WORKERS: Final = 8


def exit_status(index: int, failures: int) -> int:
    """Of a hundred segments two have a broken server, and the lab of one comes up at the second try only."""
    if index % 50 == 7:
        return 1
    return 3 if index % 100 == 3 and not failures else 0


class Kubelets:
    """Completes each Pod as soon as it has a node, until the ``with`` ends."""

    def __init__(self, api: Api, namespace: str) -> None:
        self._api, self._namespace = api, namespace
        self._pods: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self._seen: set[str] = set()
        self.completed = 0
        self.problems: list[str] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._watch, daemon=True).start()
        self._workers = [threading.Thread(target=self._work, daemon=True) for _ in range(_WORKERS)]
        for each in self._workers:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for _each in self._workers:
            self._pods.put(None)
        for each in self._workers:
            each.join()

    def _watch(self) -> None:
        # The server ends before this thread does.
        with suppress(OSError):
            for kind, pod in self._api.again().watch(f"/api/v1/namespaces/{self._namespace}/pods"):
                uid, is_new = pod["metadata"]["uid"], pod["status"].get("phase") == "Pending"
                if kind != "DELETED" and is_new and pod["spec"].get("nodeName") and uid not in self._seen:
                    self._seen.add(uid)
                    self._pods.put(pod)

    def _work(self) -> None:
        api = self._api.again()
        while (pod := self._pods.get()) is not None:
            try:
                self._complete(api, pod)
                self.completed += 1
            except OSError as error:
                self.problems.append(str(error))

    def _complete(self, api: Api, pod: Mapping[str, Any]) -> None:
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{self._namespace}/pods/{metadata['name']}"
        notes = metadata["annotations"]
        status = exit_status(int(notes[_INDEX]), int(notes.get(_FAILURES, "0")))
        account = pod["spec"]["serviceAccountName"]
        token = f"/api/v1/namespaces/{self._namespace}/serviceaccounts/{account}/token"
        api.text("POST", token, {"spec": {"audiences": [], "expirationSeconds": 3607}})
        waiting = {"waiting": {"reason": "ContainerCreating"}}
        self._say(api, path, pod, "Pending", waiting)
        for reason in ("Pulled", "Created", "Started"):
            self._event(api, pod, reason)
        self._say(api, path, pod, "Running", {"running": {"startedAt": _TIME}})
        ended = {"exitCode": status, "reason": "Error" if status else "Completed", "message": VERDICT[status]}
        terminated = {"terminated": ended | {"startedAt": _TIME, "finishedAt": _TIME}}
        self._say(api, path, pod, "Failed" if status else "Succeeded", terminated)

    def _say(self, api: Api, path: str, pod: Mapping[str, Any], phase: str, state: dict[str, Any]) -> None:
        api.text("GET", path)
        container = pod["spec"]["containers"][0]
        ready = phase == "Running"
        conditions = [
            {"type": each, "status": str(ready or each == "Initialized"), "lastTransitionTime": _TIME}
            for each in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady")
        ]
        about = {"name": container["name"], "image": container["image"], "imageID": "sha256:" + "0" * 64}
        about |= {"ready": ready, "restartCount": 0, "state": state}
        body = {
            "phase": phase,
            "conditions": conditions,
            "containerStatuses": [about],
            "hostIP": "192.0.2.1",
            "startTime": _TIME,
        }
        api.text("PATCH", f"{path}/status", {"status": body}, MERGE_PATCH)

    def _event(self, api: Api, pod: Mapping[str, Any], reason: str) -> None:
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        image = pod["spec"]["containers"][0]["image"]
        event = {
            "metadata": {"generateName": f"{name}."},
            "involvedObject": {
                "kind": "Pod",
                "namespace": self._namespace,
                "name": name,
                "uid": uid,
                "apiVersion": "v1",
            },
            "reason": reason,
            "message": f"{reason}: container image {image} is already present on machine",
            "type": "Normal",
            "source": {"component": "kubelet", "host": pod["spec"]["nodeName"]},
            "firstTimestamp": _TIME,
            "lastTimestamp": _TIME,
            "count": 1,
        }
        api.text("POST", f"/api/v1/namespaces/{self._namespace}/events", event)
