"""Deploys the profile's Pod into a site's namespace, where its names must be free."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from edgeboot.base.errors import LabError
from edgeboot.host.journal import Journal
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.manifest_objects import RUN_LABEL, owned_objects
from edgeboot.server.pod.objects import ClusterObjects
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.server.pod.rights import Right
from edgeboot.spec.manifests.deployment import POD, Deployment


class Deployer:
    """One deployment of one run; what it makes is the journal's to remove."""

    def __init__(self, access: Access, deployment: Deployment, run: str, journal: Journal) -> None:
        self.pod = WatchedPod(access.core(), access.namespace, POD)
        self._access = access
        self._deployment = deployment
        self._run = run
        self._journal = journal

    def deploy(self) -> None:
        """ConfigMap and Pod; the Pod is being started on return.

        Raises:
            LabError: the API server refuses one of them, or the names are taken.
        """
        objects = ClusterObjects(self._access, self._run, self._journal)
        for each in sorted(planned(self._deployment, self._run), key=lambda each: each["kind"] == "Pod"):
            objects.create(each)


def planned(deployment: Deployment, run: str) -> list[dict[str, Any]]:
    """What is created: the rendered objects, which name no namespace of their own any more."""
    bodies = [deepcopy(each) for each in owned_objects(deployment, run)]
    unknown = sorted({each["kind"] for each in bodies} - {"Pod", "ConfigMap"})
    if unknown:
        raise LabError(
            f"profile {deployment.profile}",
            f"renders a {unknown[0]}, which manifests/rbac lets nobody create",
            "deploy it by hand, and verify it with --deploy no",
        )
    for each in bodies:
        each["metadata"].pop("namespace", None)
    return bodies


def check_names_are_free(access: Access, deployment: Deployment) -> None:
    """Return where nothing of the names that would be made exists.

    Raises:
        LabError: a Pod or ConfigMap exists; with how its configuration differs.
    """
    core, namespace = access.core(), access.namespace
    names = [each["metadata"]["name"] for each in planned(deployment, "") if each["kind"] == "ConfigMap"]

    def config_map(name: str) -> Any | None:
        return access.find(Right.GET_CONFIG_MAP, lambda: core.read_namespaced_config_map(name, namespace))

    pod: Any | None = access.find(Right.GET_POD, lambda: core.read_namespaced_pod(POD, namespace))
    maps = [each for each in map(config_map, names) if each is not None]
    there = {f"pod/{POD}": pod} if pod is not None else {}
    there |= {f"configmap/{each.metadata.name}": each for each in maps}
    if not there:
        return
    what, existing = next(iter(there.items()))
    delete = f"kubectl delete --namespace {namespace} {' '.join(there)}"
    run = (existing.metadata.labels or {}).get(RUN_LABEL)
    if run is not None:
        raise LabError(
            f"{what} in namespace {namespace}",
            f"belongs to run {run}, which is running or was killed on another machine",
            f"wait for its end, or {delete}",
        )
    config = deployment.config
    of_config = [each for each in maps if each.metadata.name == config.config_map]
    texts = [text for each in of_config if (text := (each.data or {}).get(config.key)) is not None]
    raise LabError(
        f"{what} in namespace {namespace}",
        f"is there already{_difference(deployment, texts)}",
        f"verify it with --deploy no, or {delete}",
    )


def _difference(deployment: Deployment, texts: list[str]) -> str:
    if not texts:
        return ", and its configuration is not in a ConfigMap of the profile's"
    theirs, ours = set(texts[0].splitlines()), set(deployment.config.text.splitlines())
    if theirs == ours:
        return ", with the profile's own configuration"
    changes = [
        *(f"+{line}" for line in sorted(theirs - ours)),
        *(f"-{line}" for line in sorted(ours - theirs)),
    ]
    return f", with another configuration than profile {deployment.profile}'s: {', '.join(changes[:4])}"
