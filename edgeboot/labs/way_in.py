"""How to look into a lab by hand, while a test is in a debugger or where the lab is kept."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WayIn:
    """One command and what it shows."""

    shows: str
    command: str


def edgeboot_command() -> str:
    """The command ``edgeboot`` as a shell finds it."""
    found = shutil.which("edgeboot")
    return "edgeboot" if found is not None else str(Path(sys.executable).with_name("edgeboot"))


def ways_shown(ways: Iterable[WayIn]) -> list[str]:
    """A line for each, and one for its command: a command is copied whole."""
    return [line for way in ways for line in (f"  {way.shows}:", f"    {way.command}")]
