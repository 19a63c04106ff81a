"""What a run creates in a site's cluster: a ConfigMap and a Pod, each journalled first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from edgeboot.base.deadline import Wait, eventually
from edgeboot.host.journal import Journal
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.manifest_objects import RUN_LABEL
from edgeboot.server.pod.rights import Right

_GRACE: Final = 1
"""Seconds; with 0 the object would be deleted before its container has ended."""


class ClusterObjects:
    """Creates objects in one namespace; an existing object of the same name is never changed."""

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
        self._journal.about_to_make(ClusterObject(kind, name, self._run, self._access))
        right, create = {
            "Pod": (Right.CREATE_POD, self._core.create_namespaced_pod),
            "ConfigMap": (Right.CREATE_CONFIG_MAP, self._core.create_namespaced_config_map),
        }[kind]
        body["metadata"]["namespace"] = self._access.namespace
        self._access.do(right, lambda: create(self._access.namespace, body))


@dataclass(frozen=True, slots=True)
class ClusterObject:
    """An object of one run in a site's cluster as a leftover."""

    kind: ClassVar[str] = "cluster object"
    resource: str
    """Its kind in Kubernetes: Pod or ConfigMap."""
    name: str
    run: str
    """By its label; an object of that name without it is not this run's."""
    access: Access

    def __str__(self) -> str:
        name = f"{self.access.namespace}/{self.name}"
        return f"cluster object {self.resource} {name} of run {self.run} in the {self.access.place}"

    def to_json(self) -> dict[str, Any]:
        """The object, and the access to its cluster."""
        return {
            "resource": self.resource,
            "name": self.name,
            "run": self.run,
            **self.access.to_json(),
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Of ``to_json``."""
        access = Access.from_json(fields)
        return cls(str(fields["resource"]), str(fields["name"]), str(fields["run"]), access)

    def undo(self) -> bool:
        """Delete it, if it is still that run's; else False; the deletion is complete on return.

        Raises:
            EdgebootError: the cluster cannot be reached, or refuses; with its reason.
        """
        core, namespace = self.access.core(), self.access.namespace
        may_read, read, may_delete, delete = _calls(core)[self.resource]
        found = self.access.find(may_read, lambda: read(self.name, namespace))
        if found is None or (found.metadata.labels or {}).get(RUN_LABEL) != self.run:
            return False
        self.access.find(may_delete, lambda: delete(self.name, namespace, grace_period_seconds=_GRACE))

        def gone() -> bool | None:
            now = self.access.find(may_read, lambda: read(self.name, namespace))
            return True if now is None or now.metadata.uid != found.metadata.uid else None

        what = f"{self.resource} {self.name}'s deletion"
        eventually(what, gone, Wait.CLUSTER, "see the kubelet's log")
        return True


def _calls(core: Any) -> dict[str, tuple[Right, Callable[..., Any], Right, Callable[..., Any]]]:
    """How each resource is read and deleted, and the right to do so."""
    return {
        "Pod": (Right.GET_POD, core.read_namespaced_pod, Right.DELETE_POD, core.delete_namespaced_pod),
        "ConfigMap": (
            Right.GET_CONFIG_MAP,
            core.read_namespaced_config_map,
            Right.DELETE_CONFIG_MAP,
            core.delete_namespaced_config_map,
        ),
    }
