"""The docker engine that carries kind's node, by its command line, as kind itself uses it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any

from edgeboot.base.errors import LabError

_START = "start it (systemctl start docker; where nothing starts services: tools/kind-lab COMMAND)"


def docker(*arguments: str) -> str:
    """What a docker command printed.

    Raises:
        LabError: it failed; with docker's own words.
    """
    try:
        command = ["docker", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        raise LabError("docker", "is not installed", "apt-get install docker.io") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()[-1:] or [f"exit status {error.returncode}"]
        raise LabError(
            f"docker {arguments[0]}", said[0], "see what edgeboot doctor --lab kind says"
        ) from error


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


def _inspect(kind: str, name: str) -> str | None:
    finished = subprocess.run(["docker", kind, "inspect", name], capture_output=True, text=True, check=False)
    return finished.stdout if finished.returncode == 0 else None
