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
_STATIC: Final = "kubernetes.io/config.hash"
"""The annotation of a Pod that a kubelet runs by a file of its own: the uid by which it knows that Pod."""


class PodTerminated(LabError):
    """The Pod's containers have ended, and its restartPolicy does not restart them."""


class CrashLooping(LabError):
    """Its container ends after every start."""


def container_of(pod: Any | None) -> Any | None:
    """The status of the server's container, or None before the kubelet has one."""
    statuses = pod.status.container_statuses if pod is not None and pod.status is not None else None
    if not statuses:
        return None
    wanted = of_server([each.name for each in statuses])
    return next(each for each in statuses if each.name == wanted)


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

    def log_text(self, *, previous: bool = False) -> str:
        """The log of its container, as ``kubectl logs`` prints it; or of the one that it ran before."""
        pod = self.read()
        names = [each.name for each in pod.spec.containers] if pod is not None else []
        which = {"container": of_server(names)} if len(names) > 1 else {}
        return str(self.core.read_namespaced_pod_log(self.name, self.namespace, previous=previous, **which))

    def container(self) -> Any | None:
        """The container's status, or None before the kubelet has one."""
        return container_of(self.read())

    def container_and_log(self) -> tuple[Any | None, str]:
        """A container's status and its own log; no status while the two cannot be had of one container.

        The API has the log of the container that runs when it is asked, and no word whose log it is.
        """
        before, log, status = self.container(), self.log_text(), self.container()
        same = before is not None and status is not None and before.container_id == status.container_id
        return (status, log) if same else (None, "")

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

    def events(self, pod: Any | None) -> list[Any]:
        """The events about this very Pod, and no other of its name; all of that name where there is none.

        An event is kept for an hour. Those of a static Pod name it by its configuration's hash.
        """
        selector = f"involvedObject.name={self.name}"
        found: list[Any] = self.core.list_namespaced_event(self.namespace, field_selector=selector).items
        if pod is None:
            return found
        own = {pod.metadata.uid, (pod.metadata.annotations or {}).get(_STATIC)}
        return [each for each in found if each.involved_object.uid in own]

    def describe(self) -> str:
        """Phase, container state and the last events, in one line, as kubectl describe shows them."""
        pod = self.read()
        status = container_of(pod)
        phase = "absent"
        if pod is not None:
            phase = f"{pod.status.phase}, restartPolicy {pod.spec.restart_policy}"
        waiting = status.state.waiting if status is not None else None
        messages = [f"{event.reason}: {event.message}" for event in self.events(pod)[-5:]]
        state = f", waiting: {waiting.reason}" if waiting is not None else ""
        return f"phase {phase}{state}; events: {messages or 'none'}"
