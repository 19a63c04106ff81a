"""Runs a Pod's container in a network namespace of this machine, without a kubelet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any, Final

from edgeboot.base.deadline import Wait
from edgeboot.host.capabilities import CAPABILITIES
from edgeboot.host.kept_process import KeptOutput
from edgeboot.host.namespace import NAMED_NAMESPACES

DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH that containerd gives where an image states none."""
WRITABLE: Final = ("/run", "/tmp", "/var/lib/misc", "/var/tmp")  # noqa: S108 - the container's own
"""Where programs of this machine write, as scratch directories inside."""
_ROOT: Final = "root"


@dataclass(frozen=True, slots=True)
class Mount:
    """A directory or file of this machine mounted into a container."""

    source: Path
    target: str
    read_only: bool = True
    mode: int | None = None
    """Of the directory, which is made if it is missing; None where the source exists."""


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
    sealed: tuple[str, ...] = ()
    """Directories that are made read-only once ``files`` are in them."""
    writable: tuple[str, ...] = ()
    """Directories of this machine in which new files may be made, beside their read-only entries."""
    directory: str = "/"
    """The working directory."""
    user: int | None = None
    """Its user id; None for that of this process, as for ``group``."""
    group: int | None = None
    groups: tuple[int, ...] = ()
    """Supplementary groups."""
    no_new_privileges: bool = False
    """Whether a program that it executes can never have more rights than it has."""
    control_groups: tuple[Path, ...] = ()
    """The ``cgroup.procs`` of the control groups that it joins."""
    output: Path | None = None
    """A file for its output, of one that does not end with this process; None for one that does."""

    def to_json(self, directory: Path) -> str:
        """The input of ``container_init``; the root is created in ``directory``."""
        return json.dumps(
            self.rights
            | {
                "parent": os.getpid() if self.output is None else None,
                "root": str(directory / _ROOT),
                "namespace": str(NAMED_NAMESPACES / self.namespace),
                "command": self.command,
                "files": self.files,
                "scratch": self.scratch,
                "writable": self.writable,
                "sealed": self.sealed,
                "mounts": [(str(mount.source), mount.target, mount.read_only) for mount in self.mounts],
                "control_groups": [str(path) for path in self.control_groups],
            }
        )

    @property
    def rights(self) -> dict[str, Any]:
        """What a process in the container is allowed, and its environment, as ``container_init`` reads it."""
        return {
            "directory": self.directory,
            "user": self.user,
            "group": self.group,
            "groups": self.groups,
            "no_new_privileges": self.no_new_privileges,
            "capabilities": sorted(CAPABILITIES[name] for name in self.capabilities),
            "environment": self.environment,
        }


class Container:
    """A running container process; each line of its output is passed to ``sink``."""

    def __init__(self, spec: ContainerSpec, directory: Path, sink: Callable[[str], None]) -> None:
        (directory / _ROOT).mkdir(parents=True, exist_ok=True)
        for mount in spec.mounts:
            if mount.mode is not None and not mount.source.exists():
                mount.source.mkdir(parents=True)
                mount.source.chmod(mount.mode)
        self._spec = spec
        self._directory = directory
        spec_path = directory / "container.json"
        spec_path.write_text(spec.to_json(directory), encoding="utf-8")
        self._copier = None if spec.output is None else _copier(spec.output)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "edgeboot.host.container_init", str(spec_path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._copier is None else self._copier.stdin,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
            # Ctrl-C at the terminal ends the run, which still needs the server: to give leases back.
            start_new_session=True,
        )
        if self._copier is not None and self._copier.stdin is not None:
            self._copier.stdin.close()  # It reads until the container's is closed, too.
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

    @property
    def has_executed(self) -> bool:
        """Whether it executes its command, or has ended: before, it is still being assembled."""
        if self.exit_status is not None:
            return True
        command = Path(f"/proc/{self.pid}/cmdline").read_bytes()  # Empty while the kernel replaces it.
        return bool(command) and b"edgeboot.host.container_init" not in command.split(b"\0")

    def execute(self, command: tuple[str, ...], within: timedelta) -> str | None:
        """Run a command inside, as ``kubectl exec`` does.

        Args:
            command: its words; no shell is involved.
            within: after this it is killed.

        Returns:
            None if it ended with status 0; else what it did, with the last line of its output.
        """
        request = {
            "pid": self.pid,
            "command": command,
            "container": self._spec.rights,
            "timeout": within.total_seconds(),
        }
        with tempfile.NamedTemporaryFile("w", dir=self._directory, suffix=".json") as file:
            json.dump(request, file)
            file.flush()
            ran = subprocess.run(
                [sys.executable, "-m", "edgeboot.host.container_exec", file.name],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="backslashreplace",
                check=False,
            )
        outcome = json.loads(ran.stderr.splitlines()[-1]) if ran.stderr else {"error": "the helper ended"}
        if outcome.get("status") == 0:
            return None
        said = f", saying {lines[-1].strip()!r}" if (lines := ran.stdout.splitlines()) else ""
        return str(outcome.get("error") or f"ended with status {outcome['status']}") + said

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; a no-op once it has ended."""
        self._process.send_signal(number)

    def wait(self, within: timedelta) -> None:
        """Return once it has ended; raises subprocess.TimeoutExpired."""
        self._process.wait(within.total_seconds())

    def kill(self) -> None:
        """Send SIGKILL, then wait for its end and the rest of its output."""
        self._process.kill()
        self._process.wait(Wait.SERVER_STOP.total_seconds())
        self._reader.join(Wait.SERVER_STOP.total_seconds())
        if self._copier is not None:
            self._copier.kill()  # A child of the server's may have its output still.
            self._copier.wait(Wait.SERVER_STOP.total_seconds())

    def _read(self, sink: Callable[[str], None]) -> None:
        output = (self._copier or self._process).stdout
        assert output is not None  # noqa: S101 - PIPE above
        with output as lines:
            for line in lines:
                sink(line)


def _copier(file: Path) -> subprocess.Popen[str]:
    """A process that copies its input to a file and to its output, as long as there is input."""
    return subprocess.Popen(
        KeptOutput(file).command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="backslashreplace",
        start_new_session=True,
    )
