"""The server of the netns lab: the Pod's container, run as the kubelet would run it."""

from __future__ import annotations

import os
import re
import shlex
import signal
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError, UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.labs.netns.pod_container import container_spec
from edgeboot.labs.protocol import NodeContent
from edgeboot.machine.container import Container
from edgeboot.machine.inside import inside
from edgeboot.machine.namespace import in_namespace
from edgeboot.server.dnsmasq.lease_file import lease_file
from edgeboot.server.dnsmasq.leases import parse_leases
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.server.dnsmasq.startup import start_failure
from edgeboot.server.dnsmasq.version import logged_version
from edgeboot.server.log import ServerLog
from edgeboot.server.memory import resident_memory
from edgeboot.server.protocol import Lease
from edgeboot.spec.manifests.deployment import BOOT_FILES, BOOT_FILES_OWNER
from edgeboot.spec.manifests.network import NodeInterface

_BOOTPS_SOCKET: Final = re.compile(r"^\s*\d+: [0-9A-F]{8}:0043 ", re.MULTILINE)


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
        command: str | None,
    ) -> None:
        self.log = ServerLog()
        self.mac = mac
        self.interface = interface.name
        self._address = interface.address.ip
        deployment = node.deployment
        self._config = deployment.config
        self._namespace = namespace
        self._directory = directory
        self._is_dnsmasq = command is None and Path(deployment.pod.container.command[0]).name == "dnsmasq"
        own = None if command is None else server_command(command, interface.name, self._config.mount_path)
        boot_files = _put(node.boot_files, directory / "boot-files")
        self._spec = container_spec(deployment, namespace, own, {BOOT_FILES: boot_files})
        self._container: Container | None = None

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
        """Whether its process is alive."""
        return self._container is not None and self._container.exit_status is None

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
        since = self.log.end
        self._container = Container(self._spec, self._directory, self.log.add)

        def observe() -> bool | None:
            assert self._container is not None  # noqa: S101 - set above
            status = self._container.exit_status
            if status is not None:
                self._container.kill()  # It has ended already: this waits for the rest of its output.
                raise start_failure(self.log, since, status, self._config)
            return True if self._is_ready(since) else None

        try:
            eventually("dhcp-server", observe, Wait.SERVER_START, "see its log")
        except LabError:
            status = self._container.exit_status
            self._container.kill()
            raise start_failure(self.log, since, status, self._config) from None

    def kill(self) -> None:
        """Send SIGKILL; a no-op where it does not run."""
        if self._container is not None:
            self._container.kill()

    def suspend(self) -> None:
        """SIGSTOP."""
        if self._container is not None:
            self._container.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        if self._container is not None:
            self._container.signal(signal.SIGCONT)

    def restart(self) -> None:
        """Kill it and start a new container; leases stored inside the old one are lost."""
        self.kill()
        self.start()

    def leases(self) -> Sequence[Lease]:
        """dnsmasq's lease file, read inside the running container, where its configuration has it."""
        assert self._container is not None, "the server was never started"  # noqa: S101
        path = inside(self._container.root, lease_file(self._config, self._spec.command).path)
        return parse_leases(path.read_text(encoding="ascii")) if path.exists() else ()

    def _is_ready(self, since: int) -> bool:
        """dnsmasq logs that it serves; any other server has bound the DHCP port."""
        if self._is_dnsmasq:
            return self.log.find(DNSMASQ_READY, since) is not None
        return _BOOTPS_SOCKET.search(in_namespace(self._namespace, _udp_sockets)) is not None


def _put(files: Mapping[str, Path], directory: Path) -> Path:
    """A directory with these files, owned by the user nobody, as tftp-secure requires.

    Raises:
        LabError: this process may not change a file's owner.
    """
    directory.mkdir(mode=0o755)
    for name, source in files.items():
        target = directory / name
        target.write_bytes(source.read_bytes())
        target.chmod(0o644)
        try:
            os.chown(target, BOOT_FILES_OWNER, BOOT_FILES_OWNER)
        except OSError as error:
            problem = f"cannot be given to user {BOOT_FILES_OWNER}, who serves it ({error.strerror})"
            raise LabError(
                f"boot file {name}", problem, "run as root: a user namespace has one user"
            ) from error
    return directory


def _udp_sockets() -> str:
    return Path("/proc/thread-self/net/udp").read_text(encoding="ascii")


def server_command(text: str, interface: str = "", config: str = "") -> tuple[str, ...]:
    """``--dhcp-command`` as words, with {interface} and {config} filled in.

    Raises:
        UsageError: it has an open quote, another placeholder, or no words.
    """
    try:
        words = tuple(word.format(interface=interface, config=config) for word in shlex.split(text))
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise UsageError(
            f"--dhcp-command {text!r}",
            f"cannot be read ({error})",
            "use {interface} and {config}, and close every quote",
        ) from error
    if not words:
        raise UsageError(f"--dhcp-command {text!r}", "names no program", "name one, or leave the option out")
    return words
