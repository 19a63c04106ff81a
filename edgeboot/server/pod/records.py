"""What a cluster says about a Pod, as files of evidence: its description, events, node and last log."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.pod import of_server

_LOG_LINES: Final = 2000
_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")
_AS_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation in which kubectl keeps a whole manifest, with the values of its environment."""


def records(pod: WatchedPod) -> Mapping[str, str]:
    """Texts by file name; one that may not be read, or is not there, says so.

    Values of the containers' environment are left out: they may be secrets.
    """
    readers: dict[str, Callable[[], str]] = {
        "pod.json": lambda: _description(pod),
        "events.txt": lambda: _events(pod),
        "node.txt": lambda: _node(pod),
        "previous-container.log": lambda: _previous_log(pod),
    }
    return {name: _readable(read) for name, read in readers.items()}


def _readable(read: Callable[[], str]) -> str:
    try:
        return read()
    except ApiException as error:
        return f"not to be had: {error.status} {error.reason}"
    except HTTPError as error:
        return f"not to be had: {error}"


def _description(pod: WatchedPod) -> str:
    found = pod.read()
    if found is None:
        return "the Pod is absent"
    data: dict[str, Any] = pod.core.api_client.sanitize_for_serialization(found)
    every = (each for kind in _CONTAINERS for each in data.get("spec", {}).get(kind, ()))
    for variable in (each for container in every for each in container.get("env", ())):
        if "value" in variable:
            variable["value"] = "(left out)"
    metadata = data.get("metadata", {})
    metadata.pop("managedFields", None)
    metadata.get("annotations", {}).pop(_AS_APPLIED, None)
    return json.dumps(data, indent=2, sort_keys=True)


def _events(pod: WatchedPod) -> str:
    selector = f"involvedObject.name={pod.name}"
    events = pod.core.list_namespaced_event(pod.namespace, field_selector=selector).items
    lines = (
        f"{each.last_timestamp or each.event_time} {each.type} {each.reason}: {each.message}"
        for each in events
    )
    return "\n".join(lines) or "none"


def _node(pod: WatchedPod) -> str:
    found = pod.read()
    if found is None or not found.spec.node_name:
        return "the Pod is on no node"
    node = pod.core.read_node(found.spec.node_name)
    conditions = (
        f"{each.type}: {each.status} ({each.reason}: {each.message})" for each in node.status.conditions
    )
    return "\n".join((f"node {found.spec.node_name}", *conditions))


def _previous_log(pod: WatchedPod) -> str:
    found = pod.read()
    names = [each.name for each in found.spec.containers] if found is not None else []
    which = {"container": of_server(names)} if len(names) > 1 else {}
    try:
        text = pod.core.read_namespaced_pod_log(
            pod.name, pod.namespace, previous=True, tail_lines=_LOG_LINES, **which
        )
    except ApiException as error:
        if error.status != HTTPStatus.BAD_REQUEST:
            raise
        return "there was none: the container is the Pod's first"
    return str(text)
