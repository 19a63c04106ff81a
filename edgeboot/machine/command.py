"""Running a program of this machine for its output, and finding out whether it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess


def find_program(name: str) -> str | None:
    """The program's path, also where servers are installed, which a user's PATH may lack."""
    return shutil.which(name, path=f"/usr/sbin:/sbin:{os.environ.get('PATH', '')}")


def output(*command: str) -> str:
    """What a command prints on its standard output.

    Raises:
        FileNotFoundError: the program is not installed.
        ChildProcessError: it ended with an error; the text is the last line of its standard error.
    """
    return run(*command).decode(errors="replace")


def run(*command: str, content: bytes | None = None) -> bytes:
    """As ``output``, in octets; ``content`` is the command's standard input."""
    finished = subprocess.run(command, input=content, capture_output=True, check=False)
    if finished.returncode:
        lines = finished.stderr.decode(errors="replace").strip().splitlines()
        raise ChildProcessError(lines[-1] if lines else f"exit status {finished.returncode}")
    return finished.stdout
