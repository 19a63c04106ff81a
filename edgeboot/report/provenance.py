"""What exactly was verified, with what: enough to tell why two nights differ."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot import __version__
from edgeboot.base.paths import INSTALLED, PROJECT
from edgeboot.spec.manifests.deployment import Deployment

_GIT: Final = ("git", "-C", str(PROJECT))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Versions and hashes; SHA-256 in hexadecimal."""

    suite: str
    """The commit of the clone, with ``+changes`` where files differ from it; else the package's version."""
    contract: str
    """Hash of the file, and of those that it is based on."""
    manifests: str
    """Hash of all files that were rendered."""
    configuration: str
    """Hash of the server's configuration as it is deployed."""
    image: str
    """Of the server's container, as the manifests name it."""
    server: str
    """What is going to be run, in the lab's words: the image by its digest, or the program's version."""
    kernel: str
    """The release of this machine's Linux."""


def provenance(deployment: Deployment, contract_files: Iterable[Path], server: str) -> Provenance:
    """Of a run that is about to begin."""
    return Provenance(
        suite=suite_version(),
        contract=_hash(path.read_bytes() for path in contract_files),
        manifests=_hash(path.read_bytes() for path in sorted(deployment.rendered.files)),
        configuration=_hash((deployment.config.text.encode(),)),
        image=deployment.pod.container.image,
        server=server,
        kernel=platform.release(),
    )


def suite_version() -> str:
    """The suite's commit, or the version of the package where it is installed or there is no git."""
    try:
        commit = None if INSTALLED else _git("rev-parse", "HEAD")
        changes = "" if commit is None else _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        commit, changes = None, ""
    return __version__ if commit is None else f"{commit}+changes" if changes else commit


def _git(*arguments: str) -> str:
    finished = subprocess.run((*_GIT, *arguments), capture_output=True, text=True, check=True, timeout=5)
    return finished.stdout.strip()


def _hash(contents: Iterable[bytes]) -> str:
    """Of contents in their order, each with its length before it."""
    sha256 = hashlib.sha256()
    for content in contents:
        sha256.update(len(content).to_bytes(8))
        sha256.update(content)
    return sha256.hexdigest()
