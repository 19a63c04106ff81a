"""The server of the netns lab: the Pod's container, run as the kubelet would run it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

from edgeboot.base.deadline import Deadline, Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host.container import Container
from edgeboot.host.host_view import HostView
from edgeboot.host.inside import inside
from edgeboot.host.journal import Journal
from edgeboot.host.processes import Process, descendants
from edgeboot.labs.netns.container_memory import ContainerMemory
from edgeboot.labs.netns.kubelet import Kubelet
from edgeboot.labs.netns.own_command import has_bound_the_dhcp_port, server_command
from edgeboot.labs.netns.own_files import OwnFiles
from edgeboot.labs.netns.pod_actions import PodActions
from edgeboot.labs.netns.pod_container import container_spec
from edgeboot.labs.protocol import NodeContent
from edgeboot.server.dnsmasq.lease_file import lease_file
from edgeboot.server.dnsmasq.leases import parse_leases
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.server.dnsmasq.startup import start_failure
from edgeboot.server.dnsmasq.version import logged_version
from edgeboot.server.log import ServerLog
from edgeboot.server.memory import resident_memory
from edgeboot.server.protocol import Lease, ProbeFailure
from edgeboot.spec.manifests.network import NodeInterface


class NetnsServer:
    """One container of the Pod at a time; a restart is a new one, with a new file system."""

    def __init__(
        self,
        node: NodeContent,
        *,
        namespace: str,
        interface: NodeInterface,
        mac: MacAddress,
        directory: Path,
        journal: Journal,
        command: str | None,
        output: Path | None = None,
    ) -> None:
        self.log = ServerLog()
        self.mac = mac
        self.interface = interface.name
        self._address = interface.address.ip
        deployment = node.deployment
        self._config = deployment.config
        self._namespace = namespace
        self._directory = directory
        self._is_dnsmasq = command is None and deployment.runs_dnsmasq
        own = None if command is None else server_command(command, interface.name, self._config.mount_path)
        self._files = OwnFiles.of(node, directory)
        spec = container_spec(deployment, namespace, directory, own)
        self._memory = ContainerMemory.of(deployment, namespace, journal)
        self._spec = replace(spec, control_groups=self._memory.control_groups, output=output)
        self._deployment = deployment
        self._actions = PodActions(deployment.pod.container, namespace, self._address)
        self._kubelet: Kubelet | None = None
        self._death_is_told = False
        self._container: Container | None = None
        self._port_kept: Deadline | None = None
        """Until when a server that is not known must hold the DHCP port to count as ready."""

    @property
    def address(self) -> IPv4Address:
        """The address its datagrams come from."""
        return self._address

    @property
    def version(self) -> str:
        """dnsmasq's version from its log; for another server its command."""
        version = logged_version(self.log)
        return f"dnsmasq {version}" if version is not None else " ".join(self._spec.command)

    @property
    def instance(self) -> str:
        """The container's process id."""
        return str(self._container.pid) if self._container is not None else "none"

    @property
    def running(self) -> bool:
        """Whether its process is alive; a death for want of memory is noted in the log."""
        alive = self._container is not None and self._container.exit_status is None
        killed = self._memory.shortage
        if not alive and killed is not None and not self._death_is_told:
            self._death_is_told = True
            self.log.add(f"kubelet: {killed}")
        return alive

    @property
    def processes(self) -> Sequence[Process]:
        """The container's first process, and those that it has started."""
        if self._container is None or self._container.exit_status is not None:
            return ()
        return (Process(self._container.pid), *descendants(self._container.pid))

    @property
    def resident_memory(self) -> int:
        """VmRSS of its process, in octets; 0 once it has ended."""
        if self._container is None:
            return 0
        try:
            return resident_memory(Path(f"/proc/{self._container.pid}/status").read_text(encoding="utf-8"))
        except (FileNotFoundError, ProcessLookupError):
            return 0

    def start(self) -> None:
        """Start a container and wait until it is ready.

        Raises:
            LabError: it ended, or did not become ready; with its last line and a hint.
        """
        if self._kubelet is None:
            self._kubelet = Kubelet(self._deployment, self._actions, self._directory, self.log.add)
            self._kubelet.start_pod()
        self._kubelet.check()
        since, self._death_is_told = self.log.end, False
        self._memory.container_starts()
        self._container = Container(self._spec, self._directory, self.log.add)
        try:
            self._kubelet.started(self._container)
            self._await_ready(since)
            self._kubelet.settle()
        except LabError:
            self.kill()
            raise

    def _await_ready(self, since: int) -> None:
        def observe() -> bool | None:
            assert self._container is not None  # noqa: S101 - set above
            status = self._container.exit_status
            if status is not None:
                self._container.kill()  # It has ended already: this waits for the rest of its output.
                raise self._start_failure(since, status)
            return True if self._is_ready(since) else None

        self._port_kept = None
        try:
            eventually("dhcp-server", observe, Wait.SERVER_START, "see its log")
        except LabError:
            assert self._container is not None  # noqa: S101 - set above
            status = self._container.exit_status
            self._container.kill()
            raise self._start_failure(since, status) from None

    def kill(self) -> None:
        """Send SIGKILL; a no-op where it does not run."""
        if self._kubelet is not None:
            self._kubelet.let_go()
        if self._container is not None:
            self._container.kill()

    def end(self) -> None:
        """End the server and what runs around it, as the Pod's deletion does."""
        if self._kubelet is not None:
            self._kubelet.end_pod()
            self._kubelet = None
        self.kill()

    def failed_probes(self) -> Sequence[ProbeFailure]:
        """Each probe of its container that fails now, made from where the kubelet makes it."""
        return () if self._kubelet is None else self._kubelet.failed_probes()

    def suspend(self) -> None:
        """SIGSTOP."""
        if self._container is not None:
            self._container.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        if self._container is not None:
            self._container.signal(signal.SIGCONT)

    def restart(self) -> None:
        """Kill it and start a new container; leases stored inside the old one are lost.

        Raises:
            LabError: a probe or a deadline of the Pod has ended it; or as ``start``.
        """
        self.kill()
        self.start()

    def put_boot_file(self, name: str, content: bytes) -> None:
        """Put a file where its TFTP finds it; raises LabError as ``OwnFiles.put``."""
        self._files.put(name, content)

    def leases(self) -> Sequence[Lease]:
        """dnsmasq's lease file, read inside the running container, where its configuration has it."""
        assert self._container is not None, "the server was never started"  # noqa: S101
        path = inside(self._container.root, lease_file(self._config, self._spec.command).path)
        return parse_leases(path.read_text(encoding="ascii")) if path.exists() else ()

    def _start_failure(self, since: int, status: int | None) -> LabError:
        if self._kubelet is not None:
            self._kubelet.check()
        killed = self._memory.shortage
        if killed is not None:
            return LabError("dhcp-server", killed, "give it more")
        host = HostView(self._namespace, self.interface)
        return start_failure(self.log, since, status, self._config, host.interfaces)

    def _is_ready(self, since: int) -> bool:
        """dnsmasq logs that it serves; any other server has bound the DHCP port, and keeps it.

        For dnsmasq, which a command of the user's own may end in, binds it before it looks for its
        interface.
        """
        says_so = self.log.find(DNSMASQ_READY, since) is not None
        if self._is_dnsmasq or says_so:
            return says_so
        if not has_bound_the_dhcp_port(self._namespace):
            self._port_kept = None
        elif self._port_kept is None:
            self._port_kept = Deadline.after(Wait.PORT_KEPT)
        return self._port_kept is not None and self._port_kept.passed
