"""Common to callers of the Kubernetes API: objects of other runs, absent ones, reasons of refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any, Final, TypeVar

from kubernetes.client import CoreV1Api
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.server.pod.manifest_objects import RUN_LABEL

T = TypeVar("T")

SEE_DESCRIBE: Final = "see kubectl describe"
"""The hint of errors whose cause is in the events of an object."""


def remove_other_runs(core: CoreV1Api, run: str) -> None:
    """Remove the Pods and scratch namespaces of all runs but this one; Pods have ended on return."""
    others = f"{RUN_LABEL},{RUN_LABEL}!={run}"
    for namespace in core.list_namespace(label_selector=others).items:
        core.delete_namespace(namespace.metadata.name)
    for namespace in {pod.metadata.namespace for pod in _pods(core, others)}:
        remove_pods(core, others, namespace)


def remove_pods(core: CoreV1Api, selector: str, namespace: str) -> None:
    """Delete the Pods that a label selector selects, and wait until their containers have ended."""
    core.delete_collection_namespaced_pod(namespace, label_selector=selector, grace_period_seconds=1)

    def gone() -> bool | None:
        return True if all(pod.metadata.namespace != namespace for pod in _pods(core, selector)) else None

    eventually(f"end of the pods in {namespace}", gone, Wait.CLUSTER, SEE_DESCRIBE)


def none_if_absent(ask: Callable[[], T], *, unless: Collection[int] = (404,)) -> T | None:
    """The API's answer; None if it refuses with one of these HTTP statuses.

    Raises:
        ApiException: it refuses for another reason.
    """
    try:
        return ask()
    except ApiException as error:
        if error.status in unless:
            return None
        raise


def refusal_reason(error: ApiException) -> str:
    """Why the API server refuses: the message of its Status object, else the HTTP status."""
    try:
        return str(json.loads(error.body)["message"])
    except (TypeError, ValueError, KeyError):
        return f"{error.status} {error.reason}"


def _pods(core: CoreV1Api, selector: str) -> list[Any]:
    return list(core.list_pod_for_all_namespaces(label_selector=selector).items)
