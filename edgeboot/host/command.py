"""Running a program of this machine for its output, and checking whether it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess


def find_program(name: str) -> str | None:
    """The program's path; None if not installed. Searches /usr/sbin and /sbin, too, which PATH may lack."""
    return shutil.which(name, path=f"/usr/sbin:/sbin:{os.environ.get('PATH', '')}")


def output(*command: str) -> str:
    """The standard output of a command.

    Raises:
        FileNotFoundError: the program is not installed.
        ChildProcessError: it ended with an error; the text is the last line of its standard error.
    """
    return run(*command).decode(errors="replace")


def run(*command: str, content: bytes | None = None) -> bytes:
    """As ``output``, but bytes; ``content`` is the command's standard input."""
    finished = subprocess.run(command, input=content, capture_output=True, check=False)
    if finished.returncode:
        lines = finished.stderr.decode(errors="replace").strip().splitlines()
        raise ChildProcessError(lines[-1] if lines else f"exit status {finished.returncode}")
    return finished.stdout
