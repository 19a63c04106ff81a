"""BMCs for tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeboot.host.journal import Journal
from tests.bmc.bmc import Bmc, emulator


@pytest.fixture
def bmc(tmp_path: Path) -> Iterator[Bmc]:
    """A BMC of which nothing is wrong."""
    with emulator(tmp_path) as running:
        yield running


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal of its own, of which nothing is undone by itself."""
    journal = Journal("test", tmp_path / "journal")
    yield journal
    journal.leave("test", {})
