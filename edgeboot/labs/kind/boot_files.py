"""The boot files on the kind node, where the Pod's hostPath finds them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from edgeboot.base.errors import LabError
from edgeboot.machine.docker import run_in_container
from edgeboot.spec.manifests.deployment import BOOT_FILES, BOOT_FILES_OWNER


def put_boot_files(node: str, files: Mapping[str, Path]) -> None:
    """Put the files there, owned by the user nobody; those of an earlier run are removed.

    Raises:
        LabError: they cannot be written on the node.
    """
    if not files:
        return
    script = f"rm -rf {BOOT_FILES} && mkdir -p {BOOT_FILES} && tar -x -C {BOOT_FILES}"
    try:
        run_in_container(node, script, _archive(files))
    except LabError as error:
        problem = f"takes no boot files ({error.problem})"
        raise LabError(f"node {node}", problem, f"look at {BOOT_FILES} there") from error


def _archive(files: Mapping[str, Path]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, source in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = source.stat().st_size, 0o644
            entry.uid = entry.gid = BOOT_FILES_OWNER
            with source.open("rb") as content:
                archive.addfile(entry, content)
    return packed.getvalue()
