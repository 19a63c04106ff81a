"""Whether the API server admits the Pod where a Pod Security Standard is enforced."""

from __future__ import annotations

from typing import Any

from kubernetes.client.exceptions import ApiException

from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.pod import FIELD_MANAGER
from edgeboot.server.pod.api import refusal_reason
from edgeboot.server.pod.extra_pods import ScratchNamespace


def refusal(cluster: Cluster, body: dict[str, Any], scratch: ScratchNamespace, level: str) -> str | None:
    """Why the Pod would be refused where this Pod Security Standard is enforced; None if it would not.

    A dry run on the server: nothing is made.
    """
    scratch.enforce(level)
    moved = body | {"metadata": body["metadata"] | {"namespace": scratch.name}}
    try:
        cluster.dynamic().resources.get(api_version="v1", kind="Pod").server_side_apply(
            body=moved,
            name=body["metadata"]["name"],
            namespace=scratch.name,
            field_manager=FIELD_MANAGER,
            dry_run="All",
        )
    except ApiException as error:
        if error.status != 403:
            raise
        return refusal_reason(error)
    return None
