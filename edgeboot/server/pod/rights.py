"""Exactly the rights a run needs in a cluster, as ``manifests/rbac`` grants them."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Right(Enum):
    """One verb on one resource, as ``manifests/rbac`` grants it: ``resource.group/subresource``."""

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
    GET_SECRET = ("get", "secrets")
    PATCH_POD = ("patch", "pods")
    WATCH_PODS = ("watch", "pods")
    LIST_JOBS = ("list", "jobs.batch")
    GET_LEASE = ("get", "leases.coordination.k8s.io")
    CREATE_LEASE = ("create", "leases.coordination.k8s.io")
    UPDATE_LEASE = ("update", "leases.coordination.k8s.io")

    def __str__(self) -> str:
        return " ".join(self.value)

    @property
    def verb(self) -> str:
        """As a Role has it."""
        return self.value[0]

    @property
    def group(self) -> str:
        """The resource's API group; empty for the core."""
        return self.value[1].partition("/")[0].partition(".")[2]

    @property
    def resource(self) -> str:
        """Without group and subresource."""
        return self.value[1].partition("/")[0].partition(".")[0]

    @property
    def subresource(self) -> str:
        """Empty for the resource itself."""
        return self.value[1].partition("/")[2]


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
TO_HOLD_LEASE: Final = (Right.GET_LEASE, Right.CREATE_LEASE, Right.UPDATE_LEASE)
"""Beside those of either, with ``--lease``."""
OF_ONE_LEASE: Final = (Right.GET_LEASE, Right.UPDATE_LEASE)
"""Those of them that a Role may grant for one name (resourceNames); creation has none to be granted by."""
TO_PLACE: Final = (Right.LIST_PODS, Right.WATCH_PODS, Right.PATCH_POD, Right.GET_CONFIG_MAP)
"""Gated Pods of many segments."""
