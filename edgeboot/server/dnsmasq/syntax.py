"""``dnsmasq --test``: a line that dnsmasq cannot read, found before anything is made for it."""

from __future__ import annotations

import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.host.command import find_program
from edgeboot.server.dnsmasq.config import directives
from edgeboot.spec.manifests.deployment import ServerConfig

_RUNS_A_PROGRAM: Final = "conf-script"
"""The directive by which dnsmasq runs a program while it reads its configuration."""


def check_syntax(program: str, config: ServerConfig) -> None:
    """Return where this dnsmasq can read every line of the configuration.

    Only its own lines count: files that it includes are those of the container, and are read there.

    Raises:
        UsageError: it cannot; with the line of the operator's file and dnsmasq's words.
    """
    if any(line.name == _RUNS_A_PROGRAM for line in directives(config.text)):
        return
    with tempfile.TemporaryDirectory(prefix="edgeboot-syntax-") as name:
        path = Path(name) / "dnsmasq.conf"
        path.write_text(config.text, encoding="utf-8")
        command = [find_program(program) or program, "--test", f"--conf-file={path}"]
        finished = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    said = re.search(rf"dnsmasq: (.+) at line (\d+) of {re.escape(str(path))}", finished.stderr)
    if finished.returncode and said:
        number = int(said[2])
        line = config.text.split("\n")[number - 1].strip(" \t\r")
        where = f"{shown(config.source)}:{number} {visible(line)}"
        raise UsageError(where, f"dnsmasq says {said[1]!r}", _hint(line))


def visible(line: str) -> str:
    """The line, with characters that an editor does not show, such as a byte order mark, as ``<U+…>``."""
    return "".join(f"<U+{ord(each):04X}>" if _is_invisible(each) else each for each in line)


def _hint(line: str) -> str:
    unseen = (unicodedata.name(each, "a control character") for each in line if _is_invisible(each))
    names = " and ".join(dict.fromkeys(unseen))
    return f"take {names} out of that line" if names else "correct that line"


def _is_invisible(character: str) -> bool:
    return not (character.isprintable() or character == "\t")
