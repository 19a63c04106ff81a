"""The files ``tools/boot-files`` puts into the cache: a boot file to serve, and a web server to serve it.

Neither package may be installed for it: Debian's nginx would start on this machine, and
ipxe puts itself into grub's menu.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.paths import PROJECT, cache_directory, shown

BOOT_FILE: Final = "ipxe.efi"
WEB_SERVER: Final = "nginx"
HINT: Final = f"run {shown(PROJECT / 'tools' / 'boot-files')}"


def boot_file() -> Path:
    """An EFI application for x86-64, Debian's iPXE: what is served as the contract's boot file.

    Raises:
        LabError: it is missing.
    """
    return _existing(BOOT_FILE)


def web_server() -> Path:
    """The program nginx.

    Raises:
        LabError: it is missing.
    """
    return _existing(WEB_SERVER)


def _existing(name: str) -> Path:
    path = _directory() / name
    if not path.is_file():
        raise LabError("boot server", f"{path} is missing", HINT)
    return path.resolve()


def _directory() -> Path:
    return cache_directory() / "boot-files"
