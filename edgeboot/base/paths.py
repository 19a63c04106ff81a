"""Where this clone's own files are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]
MANIFESTS: Final = Path(os.environ.get("EDGEBOOT_MANIFESTS") or PROJECT / "manifests")
"""What is deployed; ``EDGEBOOT_MANIFESTS`` names another directory of the same make."""
CONTRACTS: Final = PROJECT / "contracts"
STATEMENTS: Final = PROJECT / "docs" / "statements"


def state_directory() -> Path:
    """Where journals are kept: ``$XDG_STATE_HOME/edgeboot``, by default ~/.local/state/edgeboot."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "edgeboot"


def cache_directory() -> Path:
    """What can be made again: ``$XDG_CACHE_HOME/edgeboot``, by default ~/.cache/edgeboot."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "edgeboot"


def shown(path: Path) -> str:
    """The path as messages show it: relative to the working directory where it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
