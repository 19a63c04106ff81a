"""What the kind lab needs of a machine, looked for without making anything."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.util import find_spec
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.labs.kind.options import LOCAL_NODE_IMAGE, KindOptions
from edgeboot.machine.libvirt.connection import connected
from edgeboot.spec.manifests.deployment import Deployment

_PACKAGES: Final = ("kubernetes", "libvirt", "pytest_kind")
_OLDEST_KIND: Final = (0, 20)
_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def rights() -> str:
    """Root; raises LabError."""
    if os.geteuid() != 0:
        raise LabError("lab kind", "plugs cables into this host's bridge, which only root may", "run as root")
    return "root"


def python_packages(lab: str = "kind") -> str:
    """The packages of requirements-kind.lock; raises LabError."""
    absent = [name for name in _PACKAGES if find_spec(name) is None]
    if absent:
        hint = f"make e2e LAB={lab} installs them (requirements-kind.lock)"
        raise LabError(f"lab {lab}", f"Python packages are missing: {', '.join(absent)}", hint)
    return ", ".join(_PACKAGES)


def engine() -> str:
    """Docker's version; raises LabError."""
    from edgeboot.machine.docker import engine_version  # noqa: PLC0415 - only where it is asked for

    return f"docker {engine_version()}"


def kind(options: KindOptions) -> str:
    """kind's version; raises LabError when it is missing or too old."""
    program = options.kind_program()
    try:
        said = subprocess.run([program, "version"], capture_output=True, text=True, check=False).stdout
    except OSError as error:
        raise LabError(
            f"kind {program}", f"cannot be run ({error.strerror})", "name another by --kind-bin"
        ) from error
    found = re.search(r"v(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST_KIND:
        wanted = ".".join(map(str, _OLDEST_KIND))
        problem = f"says {said.strip() or 'nothing'!r}, and {wanted} or later is needed"
        raise LabError(f"kind {program}", problem, "install a newer one, or make kind-image")
    return f"{said.split(' go')[0].strip()} ({program})"


def libvirt(options: KindOptions) -> str:
    """libvirt's version; raises LabError when it does not answer."""
    with connected(options.libvirt_uri) as connection:
        version: int = connection.getLibVersion()
    return f"libvirt {version // 1_000_000}.{version // 1000 % 1000}.{version % 1000}"


def node_image(options: KindOptions) -> str:
    """The node image's name; raises LabError for one of another architecture, or none to be had."""
    from edgeboot.machine.docker import image  # noqa: PLC0415

    name = options.image or LOCAL_NODE_IMAGE
    found = image(name)
    if found is None:
        if options.image is not None:
            return f"{name} (not here: kind will pull it)"
        hint = "make kind-image, or name one by EDGEBOOT_KIND_IMAGE"
        raise LabError(f"node image {name}", "is not on this machine", hint)
    _check_architecture(f"node image {name}", found["Architecture"])
    return name


def pod_image(deployment: Deployment) -> str:
    """The Pod's image's name; raises LabError when it is neither here nor to be pulled."""
    from edgeboot.machine.docker import image  # noqa: PLC0415

    name = deployment.pod.container.image
    found = image(name)
    if found is None and name.startswith("localhost/"):
        raise LabError(f"image {name}", "is not on this machine", "images/dhcp-server/build.sh makes it")
    if found is not None:
        _check_architecture(f"image {name}", found["Architecture"])
    return name if found is not None else f"{name} (not here: the node will pull it)"


def what_kind_lacks(options: KindOptions) -> str | None:
    """The first thing ``auto`` misses to take this lab; None when it can be tried."""
    try:
        rights()
        python_packages()
        engine()
        kind(options)
        libvirt(options)
        node_image(options)
    except LabError as error:
        return f"{error.where} {error.problem}"
    return None


def check(options: KindOptions, deployment: Deployment) -> None:
    """Everything the lab needs, before anything is made.

    Raises:
        LabError: the first thing that is missing, with its mend. A node image may be
            missing where the user asked for this lab: kind pulls its default then.
    """
    rights()
    python_packages()
    engine()
    kind(options)
    libvirt(options)
    if options.image is not None:
        node_image(options)
    pod_image(deployment)


def _check_architecture(where: str, architecture: str) -> None:
    machine = _ARCHITECTURES.get(platform.machine(), platform.machine())
    if architecture != machine:
        raise LabError(
            where, f"is for {architecture}, this machine is {machine}", f"build or name one for {machine}"
        )
