"""What a run makes in somebody's cluster: a ConfigMap and a Pod, journalled before they are made."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.labs.clean import Kind, Made
from edgeboot.machine.journal import Journal
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.api import RUN_LABEL
from edgeboot.server.pod.rights import Right

_ENTRY: Final = re.compile(
    r"(?P<kind>Pod|ConfigMap) (?P<namespace>[^/]+)/(?P<name>\S+) of run (?P<run>\S+)"
    r" by (?P<kubeconfig>.+?)(?: context (?P<context>\S+))?"
)
_GRACE: Final = 1
"""Seconds; without any the object would be gone before its container is."""


class ClusterObjects:
    """Creates objects in one namespace; a name that is taken already is somebody else's."""

    def __init__(self, access: Access, run: str, journal: Journal) -> None:
        self._access = access
        self._core = access.core()
        self._run = run
        self._journal = journal

    def create(self, body: dict[str, Any]) -> None:
        """Make an object in our namespace, with our label.

        Raises:
            LabError: the API server refuses it, or there is one of that name.
        """
        kind, name = body["kind"], body["metadata"]["name"]
        made = self._entry(kind, name)
        self._journal.about_to_make(made)
        right, create = {
            "Pod": (Right.CREATE_POD, self._core.create_namespaced_pod),
            "ConfigMap": (Right.CREATE_CONFIG_MAP, self._core.create_namespaced_config_map),
        }[kind]
        body["metadata"]["namespace"] = self._access.namespace
        self._access.do(right, lambda: create(self._access.namespace, body))

    def _entry(self, kind: str, name: str) -> Made:
        context = f" context {self._access.context}" if self._access.context else ""
        return Made(
            Kind.CLUSTER_OBJECT,
            f"{kind} {self._access.namespace}/{name} of run {self._run}"
            f" by {self._access.kubeconfig}{context}",
        )


def delete_recorded(entry: str) -> bool:
    """Delete an object of the journal, if it is still that run's; False where it is not.

    Returns when it is gone.

    Raises:
        OSError: the cluster cannot be reached, or refuses; with its reason.
    """
    told = _ENTRY.fullmatch(entry)
    if told is None:
        return False
    way = Access(told["kubeconfig"], told["context"], told["namespace"])
    try:
        return _delete(way, told["kind"], told["name"], told["run"])
    except LabError as error:
        raise OSError(str(error)) from error


def _delete(way: Access, kind: str, name: str, run: str) -> bool:
    core = way.core()
    reads: dict[str, tuple[Right, Callable[..., Any], Right, Callable[..., Any]]] = {
        "Pod": (Right.GET_POD, core.read_namespaced_pod, Right.DELETE_POD, core.delete_namespaced_pod),
        "ConfigMap": (
            Right.GET_CONFIG_MAP,
            core.read_namespaced_config_map,
            Right.DELETE_CONFIG_MAP,
            core.delete_namespaced_config_map,
        ),
    }
    may_read, read, may_delete, delete = reads[kind]
    found = way.find(may_read, lambda: read(name, way.namespace))
    if found is None or (found.metadata.labels or {}).get(RUN_LABEL) != run:
        return False
    way.find(may_delete, lambda: delete(name, way.namespace, grace_period_seconds=_GRACE))

    def gone() -> bool | None:
        now = way.find(may_read, lambda: read(name, way.namespace))
        return True if now is None or now.metadata.uid != found.metadata.uid else None

    eventually(f"{kind} {name}'s deletion", gone, Wait.CLUSTER, "see the kubelet's log")
    return True
