"""The state of a Pod, as the API server reports it."""

from __future__ import annotations

from typing import Any, Final

from kubernetes.client import CoreV1Api
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.spec.manifests.pod import of_server

_BLOCKED: Final = {
    "ErrImageNeverPull": "the image is not in the node: make kind-image, or kind load docker-image",
    "ErrImagePull": "the image cannot be pulled: load it into the node",
    "ImagePullBackOff": "the image cannot be pulled: load it into the node",
    "CreateContainerConfigError": "an object it refers to is missing",
    "CreateContainerError": "the container cannot be made: see its events",
}
_CRASHES: Final = "CrashLoopBackOff"


class PodTerminated(LabError):
    """The Pod's containers have ended, and its restartPolicy does not restart them."""


class CrashLooping(LabError):
    """Its container ends after every start."""


class WatchedPod:
    """One Pod, made by this lab or by another user."""

    def __init__(self, core: CoreV1Api, namespace: str, name: str) -> None:
        self.core = core
        self.namespace = namespace
        self.name = name

    def read(self) -> Any | None:
        """The Pod as the API server has it, or None."""
        try:
            return self.core.read_namespaced_pod(self.name, self.namespace)
        except ApiException as error:
            if error.status == 404:
                return None
            raise

    def log_text(self) -> str:
        """The log of its container, as ``kubectl logs`` prints it."""
        pod = self.read()
        names = [each.name for each in pod.spec.containers] if pod is not None else []
        which = {"container": of_server(names)} if len(names) > 1 else {}
        return str(self.core.read_namespaced_pod_log(self.name, self.namespace, **which))

    def container(self) -> Any | None:
        """The container's status, or None before the kubelet has one."""
        pod = self.read()
        statuses = pod.status.container_statuses if pod is not None else None
        if not statuses:
            return None
        wanted = of_server([each.name for each in statuses])
        return next(each for each in statuses if each.name == wanted)

    def wait_until_running(self, other_than: str | None = None) -> str:
        """Wait until the container runs, with an id other than ``other_than``; returns its id.

        Raises:
            PodTerminated: it has ended, and is not restarted.
            CrashLooping: it is restarted again and again; not raised with ``other_than``, since
                the kubelet delays the restart after a single crash in the same way.
            LabError: it cannot be started, with the reason and a hint; or not in time.
        """

        def running() -> str | None:
            self.check_not_terminated()
            status = self.container()
            if status is None:
                return None
            waiting = status.state.waiting
            if waiting is not None and waiting.reason == _CRASHES and other_than is None:
                raise CrashLooping(f"pod {self.name}", "ends as often as it is started", "see its log")
            if waiting is not None and waiting.reason in _BLOCKED:
                raise LabError(
                    f"pod {self.name}", f"{waiting.reason}: {waiting.message}", _BLOCKED[waiting.reason]
                )
            started = status.state.running is not None and status.container_id != other_than
            return str(status.container_id) if started else None

        try:
            return eventually(f"pod {self.name}", running, Wait.CLUSTER, "see the events below")
        except (PodTerminated, CrashLooping):
            raise
        except LabError as error:
            raise LabError(f"pod {self.name}", f"{error.problem}; {self.describe()}", error.hint) from error

    def check_not_terminated(self) -> None:
        """Check that the Pod runs, or is going to.

        Raises:
            PodTerminated: its container has ended, and its restartPolicy does not restart it.
        """
        pod = self.read()
        if pod is not None and pod.status.phase in {"Failed", "Succeeded"}:
            raise PodTerminated(
                f"pod {self.name}",
                f"has ended and is not started again ({self.describe()})",
                "set restartPolicy: OnFailure in the manifest",
            )

    def exit_status(self) -> int | None:
        """Its container's exit status; None while it runs, or before its first start."""
        status = self.container()
        if status is None or status.state.running is not None:
            return None
        ended = status.state.terminated or status.last_state.terminated
        return None if ended is None else int(ended.exit_code)

    def unhealthy(self) -> tuple[str, ...]:
        """The messages of its events about probes that failed."""
        selector = f"involvedObject.name={self.name},reason=Unhealthy"
        events = self.core.list_namespaced_event(self.namespace, field_selector=selector).items
        return tuple(dict.fromkeys(str(event.message) for event in events))

    def describe(self) -> str:
        """Phase, container state and the last events, in one line, as kubectl describe shows them."""
        pod, status = self.read(), self.container()
        phase = "absent"
        if pod is not None:
            phase = f"{pod.status.phase}, restartPolicy {pod.spec.restart_policy}"
        waiting = status.state.waiting if status is not None else None
        events = self.core.list_namespaced_event(
            self.namespace, field_selector=f"involvedObject.name={self.name}"
        ).items
        messages = [f"{event.reason}: {event.message}" for event in events[-5:]]
        state = f", waiting: {waiting.reason}" if waiting is not None else ""
        return f"phase {phase}{state}; events: {messages or 'none'}"
