"""Exactly the rights a run needs in a cluster, as ``manifests/rbac`` grants them."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Right(Enum):
    """One verb on one resource, as ``manifests/rbac`` grants it."""

    GET_NAMESPACE = ("get", "namespaces")
    GET_POD = ("get", "pods")
    LIST_PODS = ("list", "pods")
    GET_LOG = ("get", "pods/log")
    LIST_EVENTS = ("list", "events")
    CREATE_POD = ("create", "pods")
    DELETE_POD = ("delete", "pods")
    GET_CONFIG_MAP = ("get", "configmaps")
    CREATE_CONFIG_MAP = ("create", "configmaps")
    DELETE_CONFIG_MAP = ("delete", "configmaps")

    def __str__(self) -> str:
        verb, resource = self.value
        return f"{verb} {resource}"


TO_VERIFY: Final = (
    Right.GET_NAMESPACE,
    Right.GET_POD,
    Right.LIST_PODS,
    Right.GET_LOG,
    Right.LIST_EVENTS,
)
TO_DEPLOY: Final = (
    *TO_VERIFY,
    Right.CREATE_POD,
    Right.DELETE_POD,
    Right.GET_CONFIG_MAP,
    Right.CREATE_CONFIG_MAP,
    Right.DELETE_CONFIG_MAP,
)
