"""What a test makes in the cluster in addition to the deployed Pod: other Pods, a namespace of its own.

All of it carries the run's label, by which the next run on the same cluster finds the leftovers of a
killed one.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from kubernetes.client import CoreV1Api
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError, NotAnswered
from edgeboot.server.pod.api import SEE_DESCRIBE, none_if_absent, refusal_reason, remove_pods
from edgeboot.server.pod.manifest_objects import RUN_LABEL


class ExtraPod:
    """One Pod of a test, from ``create`` to ``remove``.

    Args:
        core: the API.
        body: a Pod's object; of its metadata only labels are kept.
        name: what it is called instead.
        namespace: where it is made.
    """

    def __init__(self, core: CoreV1Api, body: dict[str, Any], name: str, namespace: str) -> None:
        self.name = name
        self.namespace = namespace
        self._core = core
        self._body = deepcopy(body)
        self._body["metadata"] = {"name": name, "labels": body["metadata"]["labels"]}

    def create(self) -> None:
        """Create it.

        Raises:
            LabError: it is refused.
        """
        try:
            self._core.create_namespaced_pod(self.namespace, self._body)
        except ApiException as error:
            raise LabError(
                f"pod {self.name}", f"is refused ({refusal_reason(error)})", SEE_DESCRIBE
            ) from error

    def read(self) -> Any | None:
        """The Pod as the API server has it, or None."""
        return none_if_absent(lambda: self._core.read_namespaced_pod(self.name, self.namespace))

    def scheduling(self) -> Any:
        """Its condition PodScheduled, once the scheduler has set it."""

        def condition() -> Any | None:
            pod = self.read()
            conditions = (pod.status.conditions if pod is not None else None) or []
            return next((each for each in conditions if each.type == "PodScheduled"), None)

        return eventually(
            f"scheduling of pod {self.name}", condition, Wait.CLUSTER, "see the scheduler's log"
        )

    def state(self) -> Any | None:
        """Its container's state, or None before the kubelet has reported one."""
        pod = self.read()
        statuses = pod.status.container_statuses if pod is not None else None
        return statuses[0].state if statuses else None

    def _started(self) -> bool | None:
        state = self.state()
        return True if state is not None and state.waiting is None else None

    def log_text(self) -> str:
        """The log of its container so far; empty before it runs."""

        def log() -> str:
            return str(self._core.read_namespaced_pod_log(self.name, self.namespace))

        # 404: the kubelet does not know of the Pod yet.
        return none_if_absent(log, unless=(400, 404)) or ""

    def wait_for_log(self, pattern: str) -> None:
        """Wait for a line in its container's log that the regular expression matches.

        Raises:
            NotAnswered: there is none in time; with the last lines.
        """
        expected = f"{pattern!r} in the log of pod {self.name}"
        try:
            eventually(f"start of pod {self.name}", self._started, Wait.CLUSTER, SEE_DESCRIBE)
            eventually(expected, lambda: re.search(pattern, self.log_text()), Wait.SERVER_START, SEE_DESCRIBE)
        except LabError as error:
            last = self.log_text().strip().splitlines()[-3:] or ["nothing"]
            raise NotAnswered(f"expected {expected}, its last lines: {last}") from error

    def remove(self) -> None:
        """Delete it and wait until its container has ended; a no-op if it is already deleted."""
        none_if_absent(
            lambda: self._core.delete_namespaced_pod(self.name, self.namespace, grace_period_seconds=1)
        )
        eventually(
            f"end of pod {self.name}", lambda: None if self.read() else True, Wait.CLUSTER, SEE_DESCRIBE
        )


class ScratchNamespace:
    """A Kubernetes namespace of one test's own; its objects are removed with it."""

    def __init__(self, core: CoreV1Api, run: str) -> None:
        self.core = core
        self.run = run
        metadata = {"generateName": "edgeboot-scratch-", "labels": {RUN_LABEL: run}}
        self.name = str(core.create_namespace({"metadata": metadata}).metadata.name)
        # A Pod is refused while there is no such account; its controller would make it later.
        account = {"metadata": {"name": "default"}}
        none_if_absent(lambda: core.create_namespaced_service_account(self.name, account), unless=(409,))

    def enforce(self, level: str) -> None:
        """Enforce a level of the Pod Security Standards on Pods created from now on."""
        labels = {"pod-security.kubernetes.io/enforce": level}
        self.core.patch_namespace(self.name, {"metadata": {"labels": labels}})

    def add_config_map(self, body: dict[str, Any]) -> None:
        """A ConfigMap like this one; in place of one of that name."""
        name = body["metadata"]["name"]
        config_map = {"metadata": {"name": name}, "data": body["data"]}
        none_if_absent(lambda: self.core.delete_namespaced_config_map(name, self.name))
        self.core.create_namespaced_config_map(self.name, config_map)

    def remove(self) -> None:
        """Delete it; on return nothing can be made in it, and its Pods' containers have ended.

        The namespace's controller removes its other objects some seconds later.
        """
        self.core.delete_namespace(self.name)
        remove_pods(self.core, RUN_LABEL, self.name)
