"""The boot files on the kind node, where the Pod's hostPath finds them."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from edgeboot.base.errors import LabError
from edgeboot.spec.manifests.deployment import BOOT_FILES, BOOT_FILES_OWNER


def put_boot_files(node: str, files: Mapping[str, Path]) -> None:
    """Put the files there, owned by nobody; what was there of an earlier run goes.

    Raises:
        LabError: the node does not take them.
    """
    if not files:
        return
    script = f"rm -rf {BOOT_FILES} && mkdir -p {BOOT_FILES} && tar -x -C {BOOT_FILES}"
    command = ["docker", "exec", "--interactive", node, "sh", "-c", script]
    done = subprocess.run(command, input=_archive(files), capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise LabError(f"node {node}", f"takes no boot files ({said})", f"look at {BOOT_FILES} there")


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
