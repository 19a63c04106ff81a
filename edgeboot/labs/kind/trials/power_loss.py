"""A power loss of the node, whose interfaces come back later than the node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError, ServerDied
from edgeboot.host import links
from edgeboot.host.docker import container_pid, docker
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.labs.kind.pod import DeployedPod
from edgeboot.labs.kind.pod_server import PodServer
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.server.pod.pod_status import PodTerminated, WatchedPod
from edgeboot.spec.manifests.deployment import POD
from edgeboot.spec.manifests.network import load_node_interfaces

_COMPLAINT = "unknown interface"


@dataclass(frozen=True, slots=True)
class PowerLoss:
    """The state after the node has power again."""

    before: str
    """The Pod's uid before the power loss."""
    after: str
    """The Pod's uid at the end."""
    log: str
    """The log of the server's start without its interface."""


def cut_power(node: str, pod: DeployedPod, server: PodServer) -> PowerLoss:
    """Cut the node's power, and restore its interfaces once the server has failed without them.

    The kubelet then restarts the server; it serves on return.

    Raises:
        ServerDied: the kubelet does not restart it, by its restartPolicy.
        LabError: the cluster or the server did not come back in time.
    """
    before, container = _uid(pod), server.instance
    hint = "see the kubelet's log"
    try:
        with _without_power(node, pod.run):
            what = f"a new start of pod {POD} on its node"
            log = eventually(what, lambda: next_log(pod, container), Wait.CLUSTER, hint)
        # Another start may fail before the interface is back: the next one comes 10 s later or more.
        eventually(f"a start of pod {POD} with its interface", lambda: serves(pod), Wait.CLUSTER, hint)
        server.start()
    except PodTerminated as error:
        raise ServerDied(str(error)) from error
    return PowerLoss(before, _uid(pod), log)


@contextmanager
def _without_power(node: str, run: str) -> Iterator[None]:
    """The node, restarted without its interfaces; they are restored at the end.

    Interfaces in a container's network namespace are destroyed with it, while those of a real
    machine survive a power loss: so they are moved to a holding namespace meanwhile.
    """
    holding, interfaces = f"edgeboot-{run}-holding", load_node_interfaces()
    with Journal(f"{run}-holding") as journal:
        journal.about_to_make(Namespace(holding))
        create_namespace(holding)
        for each in interfaces:
            links.move(LinkEnd(_namespace(node), each.name), holding)
        docker("restart", "--time=0", node)
        try:
            yield
        finally:
            for each in interfaces:
                links.move(LinkEnd(holding, each.name), _namespace(node))
                links.add_address(LinkEnd(_namespace(node), each.name), each.address)


def next_log(pod: WatchedPod, before: str) -> str | None:
    """The log of the container after ``before``, once it shows the failure or that it serves; else None."""
    status, log = _container_and_log(pod)
    if status is None or status.container_id == before:
        return None
    runs = status.state.running is not None
    return log.strip() if re.search(DNSMASQ_READY if runs else _COMPLAINT, log) else None


def serves(pod: WatchedPod) -> bool | None:
    """True once its container runs and its log shows that the server is ready; else None."""
    status, log = _container_and_log(pod)
    runs = status is not None and status.state.running is not None
    return True if runs and re.search(DNSMASQ_READY, log) else None


def _container_and_log(pod: WatchedPod) -> tuple[Any | None, str]:
    """The status of a container and its own log; no status while the two cannot be had of one container."""
    try:
        pod.check_not_terminated()
        return pod.container_and_log()
    except (ApiException, urllib3.exceptions.HTTPError):
        return None, ""  # The API server runs on the restarted node, too.


def _uid(pod: DeployedPod) -> str:
    current = pod.read()
    return "none" if current is None else str(current.metadata.uid)


def _namespace(node: str) -> str:
    pid = container_pid(node)
    if pid is None:
        raise LabError(f"node {node}", "does not run", "see docker ps --all")
    return f"/proc/{pid}/ns/net"
