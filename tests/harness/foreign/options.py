"""The conftest.py of a project that knows nothing of this one, and has options of the same names."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Names that other plugins use, too."""
    for name in ("--lab", "--profile", "--server", "--rate", "--result", "--dry-run"):
        parser.addoption(name, default="foreign")
