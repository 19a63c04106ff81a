"""The docker engine that runs kind's node, through docker's command line as kind itself uses it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any, ClassVar

from edgeboot.base.errors import LabError
from edgeboot.host.command import find_program, run
from edgeboot.host.leftovers import NamedLeftover

_START = "start it (systemctl start docker; where nothing starts services: tools/kind-lab COMMAND)"


def docker(*arguments: str) -> str:
    """The standard output of a docker command.

    Raises:
        LabError: it failed; with docker's message.
    """
    return _docker(*arguments).decode(errors="replace")


def run_command(image: str, program: str) -> tuple[str, ...]:
    """The command line that runs an image's program in a new container without a network."""
    return ("docker", "run", "--rm", "--network=none", f"--entrypoint={program}", image)


def run_in_container(container: str, script: str, content: bytes) -> None:
    """Run a shell script in a running container, with ``content`` as its standard input.

    Raises:
        LabError: it failed; with the last line of its standard error.
    """
    _docker("exec", "--interactive", container, "sh", "-c", script, content=content)


def engine_version() -> str:
    """The engine's version; sets a newer client to the API version of the engine.

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
    """Docker's description of a local image; None if there is no image of that name."""
    images: list[dict[str, Any]] = json.loads(_inspect("image", name) or "[]")
    return images[0] if images else None


def load_into_node(name: str, node: str) -> None:
    """Copy a local image into a node's containerd, by a pipe, unless the node has it.

    Raises:
        LabError: it is not on this machine, or a command at one end of the pipe failed.
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
        messages = loaded.stderr.strip().splitlines()[-1:] or ["docker save failed"]
        raise LabError(f"image {name}", f"cannot be loaded into {node} ({messages[0]})", "see docker's log")


def container_pid(name: str) -> int | None:
    """The process id of a container's init on this machine; None while it does not run."""
    containers = json.loads(_inspect("container", name) or "[]")
    pid = containers[0]["State"]["Pid"] if containers else 0
    return pid or None


def networks() -> list[str]:
    """The names of docker's networks."""
    return docker("network", "ls", "--format", "{{.Name}}").split()


class DockerNetwork(NamedLeftover):
    """A docker network as a leftover."""

    kind: ClassVar[str] = "docker network"

    def undo(self) -> bool:
        """Remove it; False if it does not exist, or has containers, which are another user's.

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
    except (ChildProcessError, FileNotFoundError):  # Without docker there is nothing of that name either.
        return None
