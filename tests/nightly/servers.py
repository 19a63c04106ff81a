"""The DHCP server of each segment: a Pod on the Orchestrator, which is the cluster's control plane."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from kubernetes.client import CoreV1Api

from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.deployment import load_deployment
from tests.nightly.segments import PROFILE, Segment
from tests.rehearsal.site import NAMESPACE


def deploy_server(core: CoreV1Api, segment: Segment, node: str) -> WatchedPod:
    """Deploy the profile's Pod for one segment; its container runs on return.

    Raises:
        LabError: it does not.
    """
    bodies: dict[str, Any] = {
        each["kind"]: deepcopy(each) for each in load_deployment(PROFILE).rendered.objects
    }
    pod, config_map = bodies["Pod"], bodies["ConfigMap"]
    for each in (pod, config_map):
        each["metadata"]["name"] = segment.server
    config_map["data"] = dict.fromkeys(config_map["data"], segment.configuration)
    pod["spec"]["nodeName"] = node
    # Three servers on one node: each has port 67 on its own interface, which Kubernetes cannot know.
    pod["spec"]["containers"][0].pop("ports")
    for volume in pod["spec"]["volumes"]:
        if "configMap" in volume:
            volume["configMap"]["name"] = segment.server
    core.create_namespaced_config_map(NAMESPACE, config_map)
    core.create_namespaced_pod(NAMESPACE, pod)
    server = WatchedPod(core, NAMESPACE, segment.server)
    server.wait_until_running()
    return server
