"""The docker engine that carries kind's node, by its command line, as kind itself uses it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.base.errors import LabError
from edgeboot.machine.command import find_program, run

_START = "start it (systemctl start docker; where nothing starts services: tools/kind-lab COMMAND)"


def docker(*arguments: str) -> str:
    """What a docker command printed.

    Raises:
        LabError: it failed; with docker's own words.
    """
    return _docker(*arguments).decode(errors="replace")


def words_to_run(image: str, program: str) -> tuple[str, ...]:
    """The command line of a program of an image, in a container of its own without a network."""
    return ("docker", "run", "--rm", "--network=none", f"--entrypoint={program}", image)


def run_in_container(container: str, script: str, content: bytes) -> None:
    """Run a shell script in a running container, with this as its standard input.

    Raises:
        LabError: it failed; with its own last words.
    """
    _docker("exec", "--interactive", container, "sh", "-c", script, content=content)


def engine_version() -> str:
    """The engine's version; makes a newer client speak the engine's own API version.

    Raises:
        LabError: no engine answers.
    """
    try:
        return docker("version", "--format", "{{.Server.Version}}").strip()
    except LabError as error:
        older = re.search(r"Maximum supported API version is ([\d.]+)", error.problem)
        if older is None or "DOCKER_API_VERSION" in os.environ:
            raise LabError("docker", f"no engine answers ({error.problem})", _START) from error
        os.environ["DOCKER_API_VERSION"] = older[1]
        return engine_version()


def image(name: str) -> dict[str, Any] | None:
    """What docker knows of a local image; None when it has none of that name."""
    found: list[dict[str, Any]] = json.loads(_inspect("image", name) or "[]")
    return found[0] if found else None


def load_into_node(name: str, node: str) -> None:
    """Copy a local image into a node's containerd, by a pipe, unless the node has it.

    Raises:
        LabError: it is not on this machine, or one of the two ends of the pipe failed.
    """
    known = docker("exec", node, "ctr", "--namespace=k8s.io", "images", "list", "--quiet").split()
    if name in known:
        return
    if image(name) is None:
        raise LabError(f"image {name}", "is not on this machine", "make kind-image")
    load = ["docker", "exec", "--interactive", node, "ctr", "--namespace=k8s.io", "images", "import", "-"]
    with subprocess.Popen(["docker", "save", name], stdout=subprocess.PIPE) as save:
        loaded = subprocess.run(load, stdin=save.stdout, capture_output=True, text=True, check=False)
    if save.returncode or loaded.returncode:
        said = loaded.stderr.strip().splitlines()[-1:] or ["docker save failed"]
        raise LabError(f"image {name}", f"cannot be loaded into {node} ({said[0]})", "see docker's log")


def container_pid(name: str) -> int | None:
    """The process id of a container's init on this machine; None while it does not run."""
    found = json.loads(_inspect("container", name) or "[]")
    pid = found[0]["State"]["Pid"] if found else 0
    return pid or None


def networks() -> list[str]:
    """The names of docker's networks."""
    return docker("network", "ls", "--format", "{{.Name}}").split()


@dataclass(frozen=True, slots=True)
class DockerNetwork:
    """A network of docker's as a leftover."""

    kind: ClassVar[str] = "docker network"
    name: str

    def __str__(self) -> str:
        return f"docker network {self.name}"

    def to_json(self) -> dict[str, Any]:
        """The name."""
        return {"name": self.name}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Of ``to_json``."""
        return cls(str(fields["name"]))

    def undo(self) -> bool:
        """Remove it; False where it is not there, or somebody else's containers are on it by now.

        Raises:
            LabError: docker refuses.
        """
        if find_program("docker") is None or self.name not in networks():
            return False
        if docker("network", "inspect", self.name, "--format", "{{len .Containers}}").strip() != "0":
            return False
        docker("network", "rm", self.name)
        return True


def _docker(*arguments: str, content: bytes | None = None) -> bytes:
    try:
        return run("docker", *arguments, content=content)
    except FileNotFoundError:
        raise LabError("docker", "is not installed", "apt-get install docker.io") from None
    except ChildProcessError as error:
        hint = "see what edgeboot doctor --lab kind says"
        raise LabError(f"docker {arguments[0]}", str(error), hint) from error


def _inspect(kind: str, name: str) -> str | None:
    try:
        return run("docker", kind, "inspect", name).decode(errors="replace")
    except ChildProcessError:
        return None
