"""A gated Pod gets the nodes of its segment, and its gate is removed: then the scheduler takes it.

The only fields of a gated Pod that may be changed: labels can be added to its node selector (Kubernetes,
"Pod Scheduling Readiness", mutable Pod scheduling directives). Nothing is remembered from Pod to Pod: this
may be ended and started again at any moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kubernetes.client.exceptions import ApiException

from edgeboot.labs.many_segments.cluster import MountedRows, listed
from edgeboot.labs.many_segments.kubernetes_names import INDEX_LABEL
from edgeboot.labs.many_segments.planned import nodes_of_index
from edgeboot.labs.many_segments.rendering import COMPONENT, GATE
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import Right

_GONE: Final = 404
_CHANGED: Final = 409
_INVALID: Final = 422
_PENDING: Final = "status.phase=Pending"


class Placer:
    """Places Pods of one namespace.

    Args:
        access: with the rights of ``manifests/rbac/place.yaml``.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._core = access.core()
        self._rows = MountedRows(access)

    def place_all(self) -> Iterator[str]:
        """Every gated Pod that is there; a line for each, and for one that cannot be placed.

        Raises:
            LabError: the API server refuses or does not answer.
        """
        ask = self._core.list_namespaced_pod
        for pod in listed(
            self._access, Right.LIST_PODS, ask, label_selector=COMPONENT, field_selector=_PENDING
        ):
            yield from self.place(pod)

    def place(self, pod: dict[str, Any]) -> Iterator[str]:
        """One Pod, if it is gated by us; what was done, or why it could not be."""
        gates = pod["spec"].get("schedulingGates") or []
        if GATE not in {each["name"] for each in gates} or pod["metadata"].get("deletionTimestamp"):
            return
        name, index = pod["metadata"]["name"], pod["metadata"]["labels"].get(INDEX_LABEL, "")
        files = self._rows.files(pod["spec"])
        try:
            row = nodes_of_index(files, int(index)) if index.isdecimal() else None
        except (ValueError, TypeError, KeyError) as error:
            yield f"pod {name} stays gated: its row of index {index} cannot be read ({error})"
            return
        if row is None:
            yield f"pod {name} stays gated: its ConfigMaps have no row for index {index or '(none)'}"
            return
        left = [each for each in gates if each["name"] != GATE]
        segment, nodes = row
        try:
            if self._patch(pod, {"nodeSelector": nodes, "schedulingGates": left}):
                yield f"pod {name}: {_told(segment, nodes)}"
        except _NotTaken as error:
            yield f"pod {name} stays gated: the API server refuses {_told(segment, nodes)} ({error})"

    def _patch(self, pod: dict[str, Any], spec: dict[str, Any]) -> bool:
        """Whether it was still there as it was seen; a change of it is another event.

        Raises:
            _NotTaken: this Pod cannot be changed so, as where another has written its nodes already.
            LabError: the API server refuses, or does not answer.
        """
        metadata = pod["metadata"]
        body = {"metadata": {"resourceVersion": metadata["resourceVersion"]}, "spec": spec}

        def patch() -> bool:
            try:
                self._core.patch_namespaced_pod(
                    metadata["name"],
                    metadata["namespace"],
                    body,
                    _content_type="application/merge-patch+json",
                    _preload_content=False,
                )
            except ApiException as error:
                if error.status in {_GONE, _CHANGED}:
                    return False
                if error.status == _INVALID:
                    raise _NotTaken(_words(error)) from None
                raise
            return True

        return self._access.do(Right.PATCH_POD, patch)


class _NotTaken(Exception):
    """The API server has answered that a Pod cannot be so; others may be placed."""


def _words(error: ApiException) -> str:
    """Of the answer's Status."""
    try:
        return str(json.loads(error.body)["message"])
    except (ValueError, TypeError, KeyError):
        return str(error.reason)


def _told(segment: str, nodes: Mapping[str, str]) -> str:
    selector = ",".join(f"{key}={value}" for key, value in sorted(nodes.items()))
    return f"segment {segment}, nodes {selector or 'of any labels'}"
