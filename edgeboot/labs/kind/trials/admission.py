"""Whether the API server admits the Pod under a Pod Security Standard."""

from __future__ import annotations

from typing import Any

from kubernetes.client.exceptions import ApiException

from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.pod import FIELD_MANAGER
from edgeboot.server.pod.api import refusal_reason
from edgeboot.server.pod.extra_pods import ScratchNamespace


def refusal(cluster: Cluster, body: dict[str, Any], scratch: ScratchNamespace, level: str) -> str | None:
    """The API server's reason to refuse the Pod under this Pod Security Standard; None if it is admitted.

    A server-side dry run: nothing is created.
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
