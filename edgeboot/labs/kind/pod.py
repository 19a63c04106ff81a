"""The deployed Pod: the rendered manifests, applied server-side, and what became of them."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import Any, Final

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from edgeboot.deadline import Wait, eventually
from edgeboot.errors import LabError
from edgeboot.labs.kind.beside import RUN_LABEL, remove_leftovers, words
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.manifests.deployment import POD, Deployment

FIELD_MANAGER: Final = "edgeboot"
_CONFIG_HASH: Final = "edgeboot.dev/config-hash"
_TOUCHED: Final = "edgeboot.dev/touched"
_YOUNG_NODE: Final = ("node.kubernetes.io/not-ready", "node-role.kubernetes.io/control-plane")
"""Taints kind takes off at its end: a hostNetwork Pod need not wait for that."""
_BLOCKED: Final = {
    "ErrImageNeverPull": "the image is not in the node: make kind-image, or kind load docker-image",
    "ErrImagePull": "the image cannot be pulled: load it into the node",
    "ImagePullBackOff": "the image cannot be pulled: load it into the node",
    "CreateContainerConfigError": "an object it refers to is missing",
    "CreateContainerError": "the container cannot be made: see its events",
}
_CRASHES: Final = "CrashLoopBackOff"


class EndedForGood(LabError):
    """The Pod's containers have ended, and nobody starts them again."""


class EndsByItself(LabError):
    """Its container was started, and ended, again and again."""


class DeployedPod:
    """The dhcp-server Pod in its namespace."""

    def __init__(self, cluster: Cluster, deployment: Deployment, run: str) -> None:
        self._cluster = cluster
        self.run = run
        self.config = deployment.config
        self._objects = [_owned(each, run, deployment) for each in deployment.rendered.objects]
        self.namespace = str(self._objects[0]["metadata"]["namespace"])
        self.core = client.CoreV1Api(cluster.api())

    def apply(self) -> None:
        """Namespace, ConfigMap and Pod by server-side apply; a Pod of an earlier run is replaced.

        Raises:
            LabError: the API server refuses an object; with its reason.
        """
        dynamic = self._cluster.dynamic()
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}
        self._apply(dynamic, namespace)
        remove_leftovers(self.core, self.run)
        self.delete()
        # A Pod is refused while its namespace has no service account: made here, it need not
        # wait for the controller that would make it.
        account = {"name": "default", "namespace": self.namespace}
        self._apply(dynamic, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
        for each in sorted(self._objects, key=lambda each: each["kind"] == "Pod"):
            self._apply(dynamic, each)

    def roll(self) -> None:
        """A new Pod in place of the old one, with the ConfigMap as it is by now."""
        self.delete()
        self._apply(self._cluster.dynamic(), self.copy_of("Pod"))

    def edit_config(self, text: str) -> None:
        """Change the ConfigMap of the running Pod; the kubelet is told to look at once.

        By itself it looks every minute or so.
        """
        edited = self.copy_of("ConfigMap")
        data = {"data": dict.fromkeys(edited["data"], text)}
        self.core.patch_namespaced_config_map(edited["metadata"]["name"], self.namespace, data)
        touched = {"metadata": {"annotations": {_TOUCHED: _hash(text)}}}
        self.core.patch_namespaced_pod(POD, self.namespace, touched)

    def copy_of(self, kind: str) -> dict[str, Any]:
        """The object of a kind, as it is applied, to be changed."""
        return next(deepcopy(each) for each in self._objects if each["kind"] == kind)

    def delete(self) -> None:
        """Delete the Pod and wait until it is gone; one that is not there is fine."""
        pod = self.read()
        if pod is None:
            return
        try:
            # Without any grace the object would be gone before its container is.
            self.core.delete_namespaced_pod(POD, self.namespace, grace_period_seconds=1)
        except ApiException as error:
            if error.status != 404:
                raise LabError(
                    f"pod {POD}", f"cannot be deleted ({error.reason})", "see kubectl describe"
                ) from error
            return

        def gone() -> bool | None:
            found = self.read()  # Somebody may have made another meanwhile.
            return True if found is None or found.metadata.uid != pod.metadata.uid else None

        eventually(f"pod {POD}'s deletion", gone, Wait.CLUSTER, "see kubelet")

    def read(self) -> Any | None:
        """The Pod as the API server has it, or None."""
        try:
            return self.core.read_namespaced_pod(POD, self.namespace)
        except ApiException as error:
            if error.status == 404:
                return None
            raise

    def said(self) -> str:
        """The log of its container, as ``kubectl logs`` prints it."""
        return str(self.core.read_namespaced_pod_log(POD, self.namespace))

    def container(self) -> Any | None:
        """The container's status, or None before the kubelet has one."""
        pod = self.read()
        statuses = pod.status.container_statuses if pod is not None else None
        return statuses[0] if statuses else None

    def wait_until_running(self, other_than: str | None = None) -> str:
        """The container's id once it runs, and is another than the one given.

        Raises:
            EndedForGood: it has ended, and is not started again.
            EndsByItself: it is started again and again; not where one was there before, which
                the kubelet lets wait likewise.
            LabError: it cannot, with the reason and what mends it; or not in time.
        """

        def running() -> str | None:
            self.check_that_it_goes_on()
            status = self.container()
            if status is None:
                return None
            waiting = status.state.waiting
            if waiting is not None and waiting.reason == _CRASHES and other_than is None:
                raise EndsByItself(f"pod {POD}", "ends as often as it is started", "see its log")
            if waiting is not None and waiting.reason in _BLOCKED:
                raise LabError(f"pod {POD}", f"{waiting.reason}: {waiting.message}", _BLOCKED[waiting.reason])
            started = status.state.running is not None and status.container_id != other_than
            return str(status.container_id) if started else None

        try:
            return eventually(f"pod {POD}", running, Wait.CLUSTER, "see the events below")
        except (EndedForGood, EndsByItself):
            raise
        except LabError as error:
            raise LabError(f"pod {POD}", f"{error.problem}; {self.story()}", error.mend) from error

    def check_that_it_goes_on(self) -> None:
        """Return if the Pod runs, or will.

        Raises:
            EndedForGood: its container has ended, and its restartPolicy leaves it at that.
        """
        pod = self.read()
        if pod is not None and pod.status.phase in {"Failed", "Succeeded"}:
            raise EndedForGood(
                f"pod {POD}",
                f"has ended, and nobody starts it again ({self.story()})",
                "restartPolicy: OnFailure in the manifest has the kubelet do it",
            )

    def exit_status(self) -> int | None:
        """How its container ended; None where it runs, or was never started."""
        status = self.container()
        if status is None or status.state.running is not None:
            return None
        ended = status.state.terminated or status.last_state.terminated
        return None if ended is None else int(ended.exit_code)

    def story(self) -> str:
        """Phase, container state and events, in a line: what kubectl describe would tell."""
        pod, status = self.read(), self.container()
        phase = "absent"
        if pod is not None:
            phase = f"{pod.status.phase}, restartPolicy {pod.spec.restart_policy}"
        waiting = status.state.waiting if status is not None else None
        events = self.core.list_namespaced_event(
            self.namespace, field_selector=f"involvedObject.name={POD}"
        ).items
        told = [f"{event.reason}: {event.message}" for event in events[-5:]]
        state = f", waiting: {waiting.reason}" if waiting is not None else ""
        return f"phase {phase}{state}; events: {told or 'none'}"

    def _apply(self, dynamic: Any, body: dict[str, Any]) -> None:
        where = f"{body['kind']} {body['metadata']['name']}"
        try:
            resource = dynamic.resources.get(api_version=body["apiVersion"], kind=body["kind"])
            resource.server_side_apply(
                body=body,
                name=body["metadata"]["name"],
                namespace=body["metadata"].get("namespace"),
                field_manager=FIELD_MANAGER,
                force_conflicts=True,
            )
        except ApiException as error:
            mend = "mend the manifest, or what refuses it"
            raise LabError(where, f"is refused ({words(error)})", mend) from error


def config_hash(deployment: Deployment) -> str:
    """What the Pod is annotated with: another configuration is another hash."""
    return _hash(deployment.config.text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _owned(original: dict[str, Any], run: str, deployment: Deployment) -> dict[str, Any]:
    """The object with our labels.

    The Pod also with its configuration's hash, allowed on a young node, and never pulling.
    """
    body = deepcopy(original)
    body["metadata"].setdefault("labels", {})[RUN_LABEL] = run
    if body["kind"] == "ConfigMap":
        body["data"] = dict.fromkeys(body["data"], deployment.config.text)
    if body["kind"] == "Pod":
        body["metadata"].setdefault("annotations", {})[_CONFIG_HASH] = config_hash(deployment)
        body["spec"]["tolerations"] = [{"key": key, "operator": "Exists"} for key in _YOUNG_NODE]
        for container in body["spec"]["containers"]:
            if container["image"].startswith("localhost/"):
                container["imagePullPolicy"] = "Never"
    return body
