"""The files behind the TFTP of a server that serves its boot files itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from edgeboot.base.errors import LabError
from edgeboot.labs.netns.pod_volumes import source_of
from edgeboot.labs.protocol import NodeContent
from edgeboot.server.dnsmasq.boot_directory import BootDirectory
from edgeboot.server.dnsmasq.config import every_line
from edgeboot.spec.manifests.deployment import BOOT_FILES_OWNER, ServerConfig


class OwnFiles:
    """A directory of the lab that the server finds as a volume of its Pod.

    Args:
        directory: that one; None where the server has no TFTP.
        config: of the server, which may serve files of one owner only.
    """

    def __init__(self, directory: Path | None, config: ServerConfig) -> None:
        self._directory = directory
        self._config = config

    @classmethod
    def of(cls, node: NodeContent, directory: Path) -> Self:
        """Made below the lab's directory, with what the node has at the start; raises as ``put``."""
        files = cls(_source(node.boot_directory, directory), node.deployment.config)
        for name, source in node.boot_files.items():
            files.put(name, source.read_bytes())
        return files

    def put(self, name: str, content: bytes) -> None:
        """Put a file there, owned by the user nobody, as tftp-secure requires.

        Raises:
            LabError: there is no such directory, or this process may not change a file's owner.
        """
        if self._directory is None:
            raise LabError(f"boot file {name}", "has no directory", "mount a volume at tftp-root")
        path = self._directory / name.lstrip("/")
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
        try:
            os.chown(path, BOOT_FILES_OWNER, BOOT_FILES_OWNER)
        except OSError as error:
            if "tftp-secure" in {line.name for line in every_line(self._config)}:
                problem = f"cannot be given to user {BOOT_FILES_OWNER}, who serves it ({error.strerror})"
                raise LabError(
                    f"boot file {name}", problem, "run as root: a user namespace has one user"
                ) from error


def _source(boot_directory: BootDirectory | None, directory: Path) -> Path | None:
    """The lab's directory behind the server's TFTP, which is made; None where it has none."""
    if boot_directory is None:
        return None
    path = source_of(boot_directory.volume, directory) / boot_directory.below
    path.mkdir(mode=0o755, parents=True)
    return path
