"""What the kind lab needs of a machine, checked without making anything."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.host.docker import engine_version, image
from edgeboot.labs.kind.options import LOCAL_NODE_IMAGE, NAME, KindOptions
from edgeboot.labs.prerequisite import cluster_packages, libvirt_version
from edgeboot.spec.manifests.deployment import Deployment

_OLDEST_KIND: Final = (0, 20)
_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def rights() -> str:
    """Root; raises LabError."""
    if os.geteuid() != 0:
        raise LabError("lab kind", "adds ports to this host's bridge, which only root may", "run as root")
    return "root"


def engine() -> str:
    """Docker's version; raises LabError."""
    return f"docker {engine_version()}"


def kind(options: KindOptions) -> str:
    """kind's version; raises LabError when it is missing or too old."""
    program = options.kind_program()
    try:
        output = subprocess.run([program, "version"], capture_output=True, text=True, check=False).stdout
    except OSError as error:
        raise LabError(
            f"kind {program}", f"cannot be run ({error.strerror})", "name another by --kind-bin"
        ) from error
    version = re.search(r"v(\d+)\.(\d+)", output)
    if version is None or (int(version[1]), int(version[2])) < _OLDEST_KIND:
        wanted = ".".join(map(str, _OLDEST_KIND))
        problem = f"prints {output.strip()!r} as its version, and {wanted} or later is needed"
        raise LabError(f"kind {program}", problem, "install a newer one, or make kind-image")
    return f"{output.split(' go')[0].strip()} ({program})"


def chosen_node_image(options: KindOptions) -> str | None:
    """The node image: the one asked for, else the one built here, else None for kind's default."""
    if options.image:
        return options.image
    return LOCAL_NODE_IMAGE if image(LOCAL_NODE_IMAGE) is not None else None


def node_image(options: KindOptions) -> str:
    """The node image's name; raises LabError for another architecture, or where there is none."""
    name = options.image or LOCAL_NODE_IMAGE
    local = image(name)
    if local is None:
        if options.image is not None:
            return f"{name} (not here: kind will pull it)"
        hint = "make kind-image, or name one by EDGEBOOT_KIND_IMAGE"
        raise LabError(f"node image {name}", "is not on this machine", hint)
    _check_architecture(f"node image {name}", local["Architecture"])
    return name


def pod_image(deployment: Deployment) -> str:
    """The Pod's image's name; raises LabError when it is neither here nor to be pulled."""
    name = deployment.pod.container.image
    local = image(name)
    if local is None and name.startswith("localhost/"):
        raise LabError(f"image {name}", "is not on this machine", "images/dhcp-server/build.sh makes it")
    if local is not None:
        _check_architecture(f"image {name}", local["Architecture"])
    return name if local is not None else f"{name} (not here: the node will pull it)"


def missing_for_auto(options: KindOptions) -> str | None:
    """The first thing that keeps ``--lab auto`` from this lab; None where it can be tried."""
    try:
        rights()
        cluster_packages(NAME)
        engine()
        kind(options)
        libvirt_version(options.libvirt_uri)
        node_image(options)
    except LabError as error:
        return f"{error.where} {error.problem}"
    return None


def check(options: KindOptions, deployment: Deployment) -> None:
    """Everything the lab needs, before anything is made.

    Raises:
        LabError: the first thing that is missing, with a hint. A node image may be
            missing where the user asked for this lab: kind pulls its default then.
    """
    rights()
    cluster_packages(NAME)
    engine()
    kind(options)
    libvirt_version(options.libvirt_uri)
    if options.image is not None:
        node_image(options)
    pod_image(deployment)


def _check_architecture(where: str, architecture: str) -> None:
    machine = _ARCHITECTURES.get(platform.machine(), platform.machine())
    if architecture != machine:
        raise LabError(
            where, f"is for {architecture}, this machine is {machine}", f"build or name one for {machine}"
        )
