"""Valid contracts and the dnsmasq.conf that fulfils each: the suite passes at every such site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.contracts.runs import site_run
from tests.faults.runner import run_against, work_directory

pytestmark = [pytest.mark.contracts, pytest.mark.timeout(200)]

SITES: Final = range(1, 21)
"""Seeds; ``make contracts`` runs the whole suite at others."""


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A directory for contracts, configurations and manifests."""
    with work_directory() as path:
        yield path


@pytest.mark.parametrize("seed", SITES)
def test_suite_passes_at_a_site(seed: int, directory: Path) -> None:
    """What a contract may state can be fulfilled: no test knows an address, a time or a name by heart."""
    result = run_against(site_run(seed, sample=True), directory)
    problems = f"false alarms {result.false_alarms}, {len(result.outcome.passed)} passed"
    assert result.caught, f"make contracts COUNT=1 SEED={seed}: {problems}"
    assert result.outcome.passed
