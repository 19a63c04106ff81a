"""A Pod's container, run in a network namespace of this machine instead of by a kubelet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import UsageError
from edgeboot.machine.capabilities import CAPABILITIES, RUNTIME_DEFAULT
from edgeboot.machine.namespace import NAMED_NAMESPACES
from edgeboot.server.log import ServerLog
from edgeboot.spec.manifests.deployment import Deployment

_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ROOT: Final = "root"
_WRITABLE: Final = ("/run", "/tmp", "/var/lib/misc", "/var/tmp")  # noqa: S108 - the container's own


@dataclass(frozen=True, slots=True)
class Mount:
    """A directory of this machine as it appears inside."""

    source: Path
    target: str
    read_only: bool = True


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """What is run and what it sees; ``files``, ``scratch`` and ``volumes`` are paths inside.

    ``scratch`` ends with the container, ``volumes`` (emptyDirs, by the names they have) with
    the container's directory.
    """

    command: tuple[str, ...]
    namespace: str
    files: dict[str, str]
    scratch: tuple[str, ...]
    capabilities: frozenset[str]
    environment: dict[str, str]
    mounts: tuple[Mount, ...] = ()
    volumes: tuple[tuple[str, str], ...] = ()

    def to_json(self, directory: Path) -> str:
        """The form container_init reads; its root and volumes are in ``directory``."""
        volumes = (Mount(directory / name, path, read_only=False) for path, name in self.volumes)
        return json.dumps(
            {
                "parent": os.getpid(),
                "root": str(directory / _ROOT),
                "namespace": str(NAMED_NAMESPACES / self.namespace),
                "command": self.command,
                "files": self.files,
                "scratch": self.scratch,
                "mounts": [
                    (str(each.source), each.target, each.read_only) for each in (*self.mounts, *volumes)
                ],
                "capabilities": sorted(CAPABILITIES[name] for name in self.capabilities),
                "environment": self.environment,
            }
        )


def container_spec(
    deployment: Deployment,
    namespace: str,
    command: tuple[str, ...] | None = None,
    host_paths: Mapping[str, Path] = MappingProxyType({}),
) -> ContainerSpec:
    """The Pod's container as a process of this machine.

    Args:
        deployment: the rendered Pod.
        namespace: the named network namespace that stands for its node's.
        command: replaces the container's own.
        host_paths: for a ``hostPath`` of the node the directory that stands for it here.

    Raises:
        UsageError: the manifest asks for something this lab cannot give.
    """
    container = deployment.pod.container
    named = {volume.name: volume for volume in deployment.pod.spec.volumes}
    volumes: list[tuple[str, str]] = []
    mounts: list[Mount] = []
    for each in container.volume_mounts:
        volume = named.get(each.name)
        if volume is not None and volume.empty_dir is not None:
            volumes.append((each.mount_path, volume.name))
        elif volume is not None and volume.host_path is not None:
            mounts.append(Mount(_stand_in(volume.host_path.path, host_paths), each.mount_path))
        elif volume is None or volume.config_map is None:
            raise UsageError(
                f"manifests: volume {each.name}",
                "is neither configMap, emptyDir nor hostPath",
                "use --lab kind for it",
            )
    writable = () if container.security_context.read_only_root_filesystem else _WRITABLE
    # Another server's program may lie below /tmp, with the checkout it is from.
    hidden = {path for path, _ in volumes} | (set() if command is None else {"/tmp", "/var/tmp"})  # noqa: S108
    return ContainerSpec(
        command=command or (*container.command, *container.args),
        namespace=namespace,
        files={deployment.config.mount_path: deployment.config.text},
        scratch=tuple(path for path in writable if path not in hidden),
        capabilities=_capabilities(deployment),
        environment={"PATH": _PATH} | {variable.name: variable.value for variable in container.env},
        mounts=tuple(mounts),
        volumes=tuple(volumes),
    )


def _stand_in(path: str, host_paths: Mapping[str, Path]) -> Path:
    if path not in host_paths:
        raise UsageError(
            f"manifests: hostPath {path}",
            "is nothing this lab puts on its node",
            f"name one of {', '.join(sorted(host_paths)) or 'none'}",
        )
    return host_paths[path]


def _capabilities(deployment: Deployment) -> frozenset[str]:
    """As containerd has them: ALL first, then what is added, and last what is dropped."""
    if deployment.pod.container.security_context.privileged:
        return frozenset(CAPABILITIES)
    asked = deployment.pod.container.security_context.capabilities
    for name in (*asked.add, *asked.drop):
        if name not in CAPABILITIES and name != "ALL":
            raise UsageError(
                "manifests: field securityContext.capabilities",
                f"{name} is no capability",
                "write it as NET_ADMIN is, without CAP_; see capabilities(7)",
            )
    kept = frozenset(CAPABILITIES) if "ALL" in asked.add else RUNTIME_DEFAULT
    if "ALL" in asked.drop:
        kept = frozenset()
    return (kept | set(asked.add)) - set(asked.drop) - {"ALL"}


class Container:
    """One start of a container: a process and the reader of what it says."""

    def __init__(self, spec: ContainerSpec, directory: Path, log: ServerLog) -> None:
        (directory / _ROOT).mkdir(parents=True, exist_ok=True)
        for _, name in spec.volumes:
            (directory / name).mkdir(exist_ok=True)
            (directory / name).chmod(0o777)  # As the kubelet makes an emptyDir.
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
        self._reader = Thread(target=self._read, args=(log,), name="server log", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id on this machine."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._process.poll()

    @property
    def root(self) -> Path:
        """Its file system, as this machine can look into it while it runs."""
        return Path(f"/proc/{self.pid}/root")

    def kill(self) -> None:
        """SIGKILL, and wait for its end and its last words."""
        self._process.kill()
        self._process.wait(Wait.SERVER_STOP.limit.total_seconds())
        self._reader.join(Wait.SERVER_STOP.limit.total_seconds())

    def _read(self, log: ServerLog) -> None:
        assert self._process.stdout is not None  # noqa: S101 - PIPE above
        with self._process.stdout as lines:
            for line in lines:
                log.add(line)
