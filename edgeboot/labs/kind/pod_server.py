"""The server of the kind lab: the Pod's container, through the API and on the node."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from ipaddress import IPv4Address

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError, ServerDied
from edgeboot.base.mac import MacAddress
from edgeboot.host.container_processes import (
    container_processes,
    kill_inside,
    read_inside,
    signal_inside,
    status_of,
)
from edgeboot.host.processes import Process
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.pod import DeployedPod
from edgeboot.server.dnsmasq.lease_file import lease_file
from edgeboot.server.dnsmasq.leases import parse_leases
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.server.log import LogLine
from edgeboot.server.memory import resident_memory
from edgeboot.server.pod.pod_status import CrashLooping, PodTerminated
from edgeboot.server.pod.server_in_pod import ServerInPod
from edgeboot.server.protocol import Lease
from edgeboot.spec.manifests.deployment import POD, ServerConfig


class PodServer(ServerInPod):
    """dnsmasq in the Pod that the lab has deployed, on a node that this machine runs."""

    def __init__(self, cluster: Cluster, pod: DeployedPod, mac: MacAddress, address: IPv4Address) -> None:
        super().__init__(cluster.api, pod, mac, address)
        self._pod = pod
        self._killed: str | None = None

    def start(self) -> None:
        """Follow the Pod's log, and wait until it shows that the server serves.

        Raises:
            LabError: it cannot start; with the Pod's state and events.
        """
        self._follower.start()
        before = self._container_id

        def ready() -> LogLine | None:
            since = self._follower.begin_after(before)  # dnsmasq says so in several lines of each start.
            return None if since is None else self.log.find(DNSMASQ_READY, since)

        try:
            self._container_id = self._pod.wait_until_running(other_than=before)
        except CrashLooping:
            raise self.failure(self._pod.config) from None
        try:
            eventually(f"the server in pod {POD}", ready, Wait.SERVER_START, "see its log")
        except LabError:
            raise self.failure(self._pod.config) from None

    def kill(self) -> None:
        """SIGKILL; the kubelet starts a new container by the Pod's restartPolicy."""
        kill_inside(self.instance)
        self._killed = self._container_id

    def suspend(self) -> None:
        """SIGSTOP."""
        signal_inside(self.instance, signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        signal_inside(self.instance, signal.SIGCONT)

    def restart(self) -> None:
        """Wait for the container that the kubelet starts in place of a killed one.

        Raises:
            ServerDied: by its restartPolicy the kubelet starts none.
            LabError: that container cannot start.
        """
        # The API reports a killed container as running for a moment.
        if self.running and self._killed != self._container_id:
            self.kill()
        try:
            self.start()
        except PodTerminated as error:
            raise ServerDied(str(error)) from error

    def leases(self) -> Sequence[Lease]:
        """dnsmasq's lease file, inside the container where its configuration has it."""
        return parse_leases(self.read(str(lease_file(self._pod.config, self._pod.command).path)))

    @property
    def processes(self) -> Sequence[Process]:
        """Those of the container that runs now: the kubelet may have started another one."""
        status = self._watched.container()
        identity = None if status is None else status.container_id
        return tuple(container_processes(identity)) if identity else ()

    @property
    def resident_memory(self) -> int:
        """VmRSS of its container's first process, in octets; 0 once it has ended."""
        return resident_memory(status_of(self.instance))

    def read(self, path: str) -> str:
        """A file as the server sees it; empty where there is none."""
        return read_inside(self.instance, path)

    def edit_config(self, config: ServerConfig) -> None:
        """Change the ConfigMap, and wait until the running server could read the new file.

        Raises:
            LabError: the kubelet does not renew it in time.
        """
        self._pod.edit_config(config.text)
        eventually(
            f"the edited {config.mount_path} in pod {POD}",
            lambda: True if self.read(config.mount_path) == config.text else None,
            Wait.CLUSTER,
            "see the kubelet's log",
        )
