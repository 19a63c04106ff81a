"""What the kind lab needs of a machine, looked for without making anything."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Final

from edgeboot.errors import LabError
from edgeboot.labs.kind.options import LOCAL_NODE_IMAGE, KindOptions

_PACKAGES: Final = ("kubernetes", "libvirt", "pytest_kind")


def what_kind_lacks(options: KindOptions, *, even_the_image: bool = True) -> str | None:
    """The first thing that is missing; None when the lab can be tried.

    ``even_the_image``: without a node image named or built here kind would have to pull
    one, which only somebody who asked for this lab wants tried.
    """
    if os.geteuid() != 0:
        return "it plugs cables into this host's bridge, which only root may"
    absent = [name for name in _PACKAGES if find_spec(name) is None]
    if absent:
        return f"Python packages are missing: {', '.join(absent)} (make kind-ready)"
    from edgeboot.labs.kind.docker import engine_version, image  # noqa: PLC0415 - only where needed
    from edgeboot.labs.kind.edge_network import connect  # noqa: PLC0415

    try:
        options.kind_program()
        engine_version()
        connect(options.libvirt_uri).close()
    except LabError as error:
        return f"{error.where} {error.problem}"
    if even_the_image and options.image is None and image(LOCAL_NODE_IMAGE) is None:
        return f"there is no node image {LOCAL_NODE_IMAGE} (make kind-image) and none was named"
    return None
