"""The control plane runs Jobs as a cluster's does."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes import client

from edgeboot.base.deadline import Wait, eventually
from tests.control_plane.kubelet import add_node, end

pytestmark = pytest.mark.control_plane
JOB = {
    "metadata": {"name": "one"},
    "spec": {
        "backoffLimit": 0,
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "only", "image": "none"}]}},
    },
}


@pytest.mark.parametrize("status, condition", [(0, "Complete"), (1, "Failed")])
def test_job_ends_as_its_pod_does(
    core: client.CoreV1Api, batch: client.BatchV1Api, namespace: str, status: int, condition: str
) -> None:
    """Jobs, the scheduler and an invented kubelet work together, so other tests may rely on them."""
    add_node(core, f"node-{namespace}")
    batch.create_namespaced_job(namespace, JOB)

    def placed() -> Any:
        pods = core.list_namespaced_pod(namespace).items
        return next((each for each in pods if each.spec.node_name), None)

    end(core, eventually("the Pod on a node", placed, Wait.CLUSTER, "read the logs"), status)

    def ended() -> set[str] | None:
        stated = batch.read_namespaced_job_status("one", namespace).status.conditions or []
        types = {each.type for each in stated if each.status == "True"}
        return types if types & {"Complete", "Failed"} else None

    assert condition in eventually("the Job's end", ended, Wait.CLUSTER, "read the logs")
