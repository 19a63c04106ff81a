"""What happens to a run in a cluster: its container is killed, its Pod deleted, its node drained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import urllib3
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.host.docker import docker
from edgeboot.server.pod.pod_status import WatchedPod
from tests.nightly.nightly import Nightly
from tests.nightly.segments import Segment
from tests.nightly.site import NightlySite

_API_SERVER: Final = "kube-apiserver"


def kill_container(nightly: Nightly, segment: Segment, pod: str) -> None:
    """SIGKILL for the run, which the kernel ends at once."""
    status = nightly.kubectl.get("pod", pod)["status"]["containerStatuses"][0]
    _kill(segment.worker, status["containerID"])


def delete_by_force(nightly: Nightly, _: Segment, pod: str) -> None:
    """The Pod is deleted without a grace period: its object is gone while its container still runs."""
    nightly.kubectl("delete", "pod", pod, "--force", "--grace-period=0", "--wait=false")


@contextmanager
def drained(nightly: Nightly, segment: Segment) -> Iterator[None]:
    """The node is drained, and takes no Pod within the context."""
    try:
        nightly.kubectl("drain", segment.worker, "--ignore-daemonsets", "--delete-emptydir-data")
        yield
    finally:
        nightly.kubectl("uncordon", segment.worker)


def drain(nightly: Nightly, segment: Segment, _: str) -> None:
    """The node is drained for maintenance, which is over at once."""
    with drained(nightly, segment):
        pass


def restart_api_server(nightly: Nightly, _: Segment, __: str) -> None:
    """SIGKILL for the API server, which the kubelet starts again; it answers on return."""
    site = nightly.site
    before = _api_servers_container(site)
    assert before is not None, "the API server's Pod is not known"
    _kill(site.cluster.node, before)

    def another() -> bool | None:
        now = _api_servers_container(site)
        return True if now is not None and now != before else None

    eventually("API server after its restart", another, Wait.CLUSTER, "see crictl ps on the control plane")


def _api_servers_container(site: NightlySite) -> str | None:
    """The running container of the API server; None while it does not answer."""
    pod = WatchedPod(site.core, "kube-system", f"{_API_SERVER}-{site.cluster.node}")
    with suppress(ApiException, urllib3.exceptions.HTTPError):
        status = pod.container()
        if status is not None and status.state.running is not None:
            return str(status.container_id)
    return None


def _kill(node: str, container: str) -> None:
    identifier = container.removeprefix("containerd://")
    docker("exec", node, "ctr", "--namespace=k8s.io", "tasks", "kill", "--signal=SIGKILL", identifier)
