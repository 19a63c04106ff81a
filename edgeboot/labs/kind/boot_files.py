"""The boot files on the kind node, where the Pod's hostPath finds them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from shlex import quote

from edgeboot.base.errors import LabError
from edgeboot.host.docker import run_in_container
from edgeboot.spec.manifests.deployment import BOOT_FILES_OWNER


def put_boot_files(node: str, directory: PurePosixPath, files: Mapping[str, Path]) -> None:
    """Put the files into a directory of the node, owned by nobody; those of an earlier run are removed.

    Raises:
        LabError: they cannot be written on the node.
    """
    if files:
        contents = {name: source.read_bytes() for name, source in files.items()}
        _unpack(node, directory, f"rm -rf {quote(str(directory))} && ", contents)


def put_boot_file(node: str, directory: PurePosixPath, name: str, content: bytes) -> None:
    """Put one more file there; raises as ``put_boot_files``."""
    _unpack(node, directory, "", {name: content})


def _unpack(node: str, directory: PurePosixPath, before: str, contents: Mapping[str, bytes]) -> None:
    there = quote(str(directory))
    try:
        run_in_container(node, f"{before}mkdir -p {there} && tar -x -C {there}", _archive(contents))
    except LabError as error:
        problem = f"takes no boot files ({error.problem})"
        raise LabError(f"node {node}", problem, f"look at {directory} there") from error


def _archive(contents: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name.lstrip("/"))
            entry.size, entry.mode = len(content), 0o644
            entry.uid = entry.gid = BOOT_FILES_OWNER
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
