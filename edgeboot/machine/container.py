"""Runs a Pod's container in a network namespace of this machine, without a kubelet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.machine.capabilities import CAPABILITIES
from edgeboot.machine.namespace import NAMED_NAMESPACES

DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH that containerd gives where an image states none."""
WRITABLE: Final = ("/run", "/tmp", "/var/lib/misc", "/var/tmp")  # noqa: S108 - the container's own
"""Where programs of this machine write, as scratch directories inside."""
_ROOT: Final = "root"


@dataclass(frozen=True, slots=True)
class Mount:
    """A directory of this machine mounted into a container."""

    source: Path
    target: str
    read_only: bool = True


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """The command of a container and its environment; paths are those inside the container."""

    command: tuple[str, ...]
    namespace: str
    files: dict[str, str]
    scratch: tuple[str, ...]
    capabilities: frozenset[str]
    environment: dict[str, str]
    mounts: tuple[Mount, ...] = ()
    volumes: tuple[tuple[str, str], ...] = ()
    writable: tuple[str, ...] = ()
    """Directories of this machine in which new files may be made, beside their read-only entries."""

    def to_json(self, directory: Path) -> str:
        """The input of ``container_init``; root and volumes are created in ``directory``."""
        volumes = (Mount(directory / name, path, read_only=False) for path, name in self.volumes)
        return json.dumps(
            {
                "parent": os.getpid(),
                "root": str(directory / _ROOT),
                "namespace": str(NAMED_NAMESPACES / self.namespace),
                "command": self.command,
                "files": self.files,
                "scratch": self.scratch,
                "writable": self.writable,
                "mounts": [
                    (str(mount.source), mount.target, mount.read_only) for mount in (*self.mounts, *volumes)
                ],
                "capabilities": sorted(CAPABILITIES[name] for name in self.capabilities),
                "environment": self.environment,
            }
        )


class Container:
    """A running container process; each line of its output is passed to ``sink``."""

    def __init__(self, spec: ContainerSpec, directory: Path, sink: Callable[[str], None]) -> None:
        (directory / _ROOT).mkdir(parents=True, exist_ok=True)
        for _, name in spec.volumes:
            (directory / name).mkdir(exist_ok=True)
            (directory / name).chmod(0o777)  # The mode the kubelet gives an emptyDir.
        spec_path = directory / "container.json"
        spec_path.write_text(spec.to_json(directory), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "edgeboot.machine.container_init", str(spec_path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )
        self._reader = Thread(target=self._read, args=(sink,), name="container output", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id on this machine."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """The exit status; None while it runs, the negative signal number if a signal ended it."""
        return self._process.poll()

    @property
    def root(self) -> Path:
        """Its root directory as seen from this machine, while it runs."""
        return Path(f"/proc/{self.pid}/root")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; a no-op once it has ended."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """Send SIGKILL, then wait for its end and the rest of its output."""
        self._process.kill()
        self._process.wait(Wait.SERVER_STOP.total_seconds())
        self._reader.join(Wait.SERVER_STOP.total_seconds())

    def _read(self, sink: Callable[[str], None]) -> None:
        assert self._process.stdout is not None  # noqa: S101 - PIPE above
        with self._process.stdout as lines:
            for line in lines:
                sink(line)
