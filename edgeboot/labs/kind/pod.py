"""The deployed Pod: the rendered manifests, applied server-side, and what became of them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.server.pod.api import refusal_reason, remove_other_runs
from edgeboot.server.pod.manifest_objects import config_hash, is_of, owned_objects
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.deployment import POD, Deployment

FIELD_MANAGER: Final = "edgeboot"
_TOUCHED: Final = "edgeboot.dev/touched"


class DeployedPod(WatchedPod):
    """The dhcp-server Pod in its namespace."""

    def __init__(self, cluster: Cluster, deployment: Deployment, run: str) -> None:
        self.cluster = cluster
        self.run = run
        self.config = deployment.config
        self.command = (*deployment.pod.container.command, *deployment.pod.container.args)
        self._objects = owned_objects(deployment, run)
        namespace = str(self._objects[0]["metadata"]["namespace"])
        super().__init__(client.CoreV1Api(cluster.api()), namespace, POD)

    def apply(self) -> None:
        """Namespace, ConfigMap and Pod by server-side apply; a Pod of an earlier run is replaced.

        Raises:
            LabError: the API server refuses an object; with its reason.
        """
        dynamic = self.cluster.dynamic()
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}
        self.apply_object(dynamic, namespace)
        remove_other_runs(self.core, self.run)
        self.delete()
        # A Pod is refused while its namespace has no service account: made here, it need not
        # wait for the controller that would make it.
        account = {"name": "default", "namespace": self.namespace}
        self.apply_object(dynamic, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
        for each in sorted(self._objects, key=lambda each: each["kind"] == "Pod"):
            self.apply_object(dynamic, each)

    def roll(self) -> None:
        """Replace the Pod by a new one, which reads the ConfigMap as it is now."""
        self.delete()
        self.apply_object(self.cluster.dynamic(), self.copy_of("Pod"))

    def edit_config(self, text: str) -> None:
        """Change its configuration in the ConfigMap of the running Pod, and have the kubelet sync it at once.

        By itself it syncs about once a minute; a changed annotation of the Pod makes it sync now.
        """
        data = {"data": {self.config.key: text}}
        self.core.patch_namespaced_config_map(self.config.config_map, self.namespace, data)
        touched = {"metadata": {"annotations": {_TOUCHED: config_hash(text)}}}
        self.core.patch_namespaced_pod(POD, self.namespace, touched)

    def copy_of(self, kind: str) -> dict[str, Any]:
        """A copy of the object of a kind, as it is applied."""
        return next(deepcopy(each) for each in self._objects if each["kind"] == kind)

    def config_maps(self, text: str) -> list[dict[str, Any]]:
        """Copies of its ConfigMaps, with another configuration."""
        copies = [deepcopy(each) for each in self._objects if each["kind"] == "ConfigMap"]
        for each in copies:
            if is_of(self.config, each):
                each["data"][self.config.key] = text
        return copies

    def delete(self) -> None:
        """Delete the Pod and wait until it is gone; one that is not there is fine."""
        pod = self.read()
        if pod is None:
            return
        try:
            # With a grace period of 0 the object would be gone before its container is.
            self.core.delete_namespaced_pod(POD, self.namespace, grace_period_seconds=1)
        except ApiException as error:
            if error.status != 404:
                raise LabError(
                    f"pod {POD}", f"cannot be deleted ({error.reason})", "see kubectl describe"
                ) from error
            return

        def gone() -> bool | None:
            current = self.read()  # Another may have been created meanwhile.
            return True if current is None or current.metadata.uid != pod.metadata.uid else None

        eventually(f"pod {POD}'s deletion", gone, Wait.CLUSTER, "see kubelet")

    def apply_object(self, dynamic: Any, body: dict[str, Any]) -> None:
        """Apply one object server-side; every object of the Pod's goes through here.

        Args:
            dynamic: a client that knows every kind of object (``Cluster.dynamic``).
            body: the object as it is applied.

        Raises:
            LabError: the API server refuses it; with its reason.
        """
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
            hint = "correct the manifest, or what refuses it"
            raise LabError(where, f"is refused ({refusal_reason(error)})", hint) from error
