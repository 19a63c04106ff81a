"""Programs of this machine."""

from __future__ import annotations

import os
import shutil


def find_program(name: str) -> str | None:
    """The program's path, looked for in the system directories too, which a user's PATH may lack."""
    return shutil.which(name, path=f"/usr/sbin:/sbin:{os.environ.get('PATH', '')}")
