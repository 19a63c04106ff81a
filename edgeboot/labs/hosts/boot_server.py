"""The machine that serves the boot file: dnsmasq for TFTP and nginx for HTTP boot, from one directory.

``manifests/boot-server`` describes it: its address and MAC, and both programs' configurations.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import MANIFESTS, shown
from edgeboot.host.container import Container, Mount
from edgeboot.labs.hosts.boot_file_server import BootFileServer
from edgeboot.labs.hosts.boot_files import WEB_SERVER, web_server
from edgeboot.labs.hosts.host import Host
from edgeboot.server.log import ServerLog

ROOT: Final = "/srv/boot"
"""The directory that both configurations serve."""
_MANIFESTS: Final = MANIFESTS / "boot-server"
PLACE: Final = _MANIFESTS / "network.yaml"
_CONFIGURATION: Final = "/etc/edgeboot"
_PROGRAMS: Final = "/opt/edgeboot"
_TFTP_STARTED: Final = r"\bdnsmasq: started, version "
_TFTP_SOCKET: Final = re.compile(r"^\s*\d+: [0-9A-F]{8}:0045 ", re.MULTILINE)
_HTTP_SOCKET: Final = re.compile(r"^\s*\d+: [0-9A-F]{8}:0050 \S+ 0A ", re.MULTILINE)
"""proc(5): port 80 in state LISTEN."""


@dataclass(frozen=True, slots=True)
class BootServerConfig:
    """The configurations of its two programs."""

    tftp: str
    """A dnsmasq.conf."""
    http: str
    """An nginx.conf."""


def load_boot_server_config() -> BootServerConfig:
    """The manifests'."""
    texts = ((_MANIFESTS / name).read_text(encoding="utf-8") for name in ("dnsmasq.conf", "nginx.conf"))
    return BootServerConfig(*texts)


@dataclass(frozen=True, slots=True)
class BootServer(BootFileServer):
    """The host, and the directory it serves as both programs see it."""

    host: Host
    directory: Path

    @property
    def address(self) -> IPv4Address:
        """Where it serves."""
        return self.host.address.ip

    @property
    def mac(self) -> MacAddress:
        """The Ethernet address that its answers come from."""
        return self.host.mac

    @property
    def log(self) -> ServerLog:
        """The output of its two programs."""
        return self.host.log

    def content(self, file: str) -> bytes:
        """Of a file it serves; raises FileNotFoundError."""
        return self._path(file).read_bytes()

    def put(self, file: str, content: bytes) -> None:
        """Make it serve a file."""
        path = self._path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)  # dnsmasq as root serves only what everybody may read.

    def remove(self, file: str) -> None:
        """Serve a file no longer; raises FileNotFoundError."""
        self._path(file).unlink()

    def _path(self, file: str) -> Path:
        """Where a name leads, as both programs read it: a slash at its beginning is their directory."""
        return self.directory / file.lstrip("/")


@contextlib.contextmanager
def boot_server_on(
    host: Host, files: dict[str, Path], config: BootServerConfig | None = None
) -> Iterator[BootServer]:
    """A boot server that serves on return, as long as the context lasts.

    Args:
        host: what it runs on.
        files: what it serves, by their names.
        config: in place of the manifests'.

    Raises:
        LabError: one of its files is missing, or a program ended or does not serve.
    """
    config = config or load_boot_server_config()
    server = BootServer(host, host.directory / "boot")
    server.directory.mkdir(mode=0o755)
    for name, path in files.items():
        server.put(name, path.read_bytes())
    programs = {"dnsmasq": _run_tftp(server, config), "nginx": _run_http(server, config)}

    def observe() -> bool | None:
        for name, program in programs.items():
            if program.exit_status is not None:
                program.kill()  # It has ended already: this waits for the rest of its output.
                raise _ended(server, name, program.exit_status)
        # dnsmasq binds its port before it looks at its directory, and says that it started after that.
        return True if host.log.find(_TFTP_STARTED) and host.do(_serves) else None

    eventually("boot server", observe, Wait.SERVER_START, "see manifests/boot-server")
    yield server


def _run_tftp(server: BootServer, config: BootServerConfig) -> Container:
    path = f"{_CONFIGURATION}/dnsmasq.conf"
    return server.host.run(
        "dnsmasq",
        "--no-daemon",
        f"--conf-file={path}",
        files={path: config.tftp},
        mounts=(Mount(server.directory, ROOT),),
    )


def _run_http(server: BootServer, config: BootServerConfig) -> Container:
    path = f"{_CONFIGURATION}/nginx.conf"
    return server.host.run(
        f"{_PROGRAMS}/{WEB_SERVER}",
        "-c",
        path,
        files={path: config.http},
        mounts=(Mount(server.directory, ROOT), Mount(web_server().parent, _PROGRAMS)),
    )


def _serves() -> bool:
    """Whether both ports are bound, in the namespace of the caller."""
    net = Path("/proc/thread-self/net")
    udp, tcp = ((net / name).read_text(encoding="ascii") for name in ("udp", "tcp"))
    return _TFTP_SOCKET.search(udp) is not None and _HTTP_SOCKET.search(tcp) is not None


def _ended(server: BootServer, program: str, status: int) -> LabError:
    # Both write into one log; a program's errors name it, or its configuration file.
    last_line = next((line.text for line in reversed(server.log.lines) if program in line.text), "nothing")
    return LabError(
        "boot server",
        f"{program} ended with status {status}, saying {last_line.strip()!r}",
        f"look at {shown(_MANIFESTS)}",
    )
