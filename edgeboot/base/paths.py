"""Where the project's own files are: in the clone, or in the installed package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_SUITE: Final = _PACKAGE / "_suite"
INSTALLED: Final = _SUITE.is_dir()
"""Whether this is an installed wheel, which contains the suite inside the package."""
PROJECT: Final = _SUITE if INSTALLED else _PACKAGE.parent
"""The directory with fixtures/, manifests/, contracts/ and tests/e2e/."""
MANIFESTS: Final = Path(os.environ.get("EDGEBOOT_MANIFESTS") or PROJECT / "manifests")
"""The manifests to deploy; ``EDGEBOOT_MANIFESTS`` names another directory of the same structure."""
CONTRACTS: Final = PROJECT / "contracts"
STATEMENTS: Final = PROJECT / "docs" / "statements"


def state_directory() -> Path:
    """Where journals are kept: ``$XDG_STATE_HOME/edgeboot``, by default ~/.local/state/edgeboot."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "edgeboot"


def cache_directory() -> Path:
    """For files that can be regenerated: ``$XDG_CACHE_HOME/edgeboot``, by default ~/.cache/edgeboot."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "edgeboot"


def evidence_directory() -> Path:
    """The default directory for evidence: in the clone, or in the working directory if installed."""
    return (Path.cwd() if INSTALLED else PROJECT) / "evidence"


def shown(path: Path) -> str:
    """The path as messages show it: relative to the working directory if it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
