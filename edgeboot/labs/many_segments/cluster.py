"""Access to the cluster that runs the segments."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any, Final

from kubernetes import client, config

from edgeboot.base.strict_model import read_text
from edgeboot.labs.many_segments.rendering import ROWS
from edgeboot.labs.orchestrator.cluster_access import cluster_access
from edgeboot.labs.orchestrator.kubeconfig import SERVICE_ACCOUNT
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import Right

_PAGE: Final = 500
"""Objects of one answer, as kubectl asks for them."""
_DEFAULT: Final = "default"


def access_of(options: argparse.Namespace) -> Access:
    """The access that --kubeconfig, --context and --namespace describe, else kubectl's own or the Pod's.

    Raises:
        UsageError: there is none, or it cannot be used.
    """
    given = OrchestratorOptions(kubeconfig=options.kubeconfig, context=options.context)
    access = cluster_access(given, options.namespace or _DEFAULT)
    if options.namespace:
        return access
    return Access(access.kubeconfig, access.context, _namespace(access))


def _namespace(access: Access) -> str:
    """The context's, as kubectl has it, or that of the Pod which this is in."""
    if access.kubeconfig is None:
        return read_text(SERVICE_ACCOUNT.parent / "namespace", "service account").strip()
    contexts, current = config.list_kube_config_contexts(access.kubeconfig)
    named = (each for each in contexts if each["name"] == access.context)
    context = current if access.context is None else next(named)
    return str(context["context"].get("namespace") or _DEFAULT)


def listed(access: Access, right: Right, ask: Any, **selected: str) -> Iterator[dict[str, Any]]:
    """The objects as the API has them, page by page; thousands are not made into classes.

    Args:
        access: to the cluster.
        right: that is needed.
        ask: a list function of the client.
        selected: such as ``label_selector``.

    Raises:
        LabError: it is refused, or the API server does not answer.
    """
    token = None
    while True:
        more: dict[str, Any] = {} if token is None else {"_continue": token}

        def page(more: dict[str, Any] = more) -> Any:
            return ask(access.namespace, limit=_PAGE, _preload_content=False, **selected, **more)

        answer = json.loads(access.do(right, page).data)
        yield from answer["items"]
        token = answer["metadata"].get("continue")
        if not token:
            return


class MountedRows:
    """The ConfigMaps that Pods mount as their rows: each is read once, since it never changes."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._core = access.core()
        self._read: dict[str, dict[str, str] | None] = {}

    def files(self, spec: dict[str, Any]) -> dict[str, str]:
        """The files of rows of a Pod's specification, by their names; none where a ConfigMap is gone.

        Raises:
            LabError: one cannot be read.
        """
        files: dict[str, str] = {}
        for name in _sources(spec):
            if name not in self._read:
                self._read[name] = self._ask(name)
            files |= self._read[name] or {}
        return files

    def _ask(self, name: str) -> dict[str, str] | None:
        right, namespace = Right.GET_CONFIG_MAP, self._access.namespace
        found: client.V1ConfigMap | None = self._access.find(
            right, lambda: self._core.read_namespaced_config_map(name, namespace)
        )
        return None if found is None else dict(found.data or {})


def _sources(spec: dict[str, Any]) -> Iterator[str]:
    for volume in spec.get("volumes") or ():
        if volume["name"] == ROWS:
            sources = (volume.get("projected") or {}).get("sources") or ()
            yield from (each["configMap"]["name"] for each in sources if "configMap" in each)
