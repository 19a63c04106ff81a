"""A sample of the catalogue for every CI run; ``make faults`` checks all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.catalogue import faults
from tests.faults.fault import Fault
from tests.faults.public_cases import GOOD_CONFIGURATION_ENTRIES
from tests.faults.runner import run_against, work_directory
from tests.faults.storms import STORM_FAULTS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

SAMPLE = [entry for entry in (*faults("netns"), *GOOD_CONFIGURATION_ENTRIES, *STORM_FAULTS) if entry.sampled]


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A directory for files that the faults need."""
    with work_directory() as path:
        yield path


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.name)
def test_fault_is_caught(fault: Fault, directory: Path) -> None:
    """Exactly the expected tests fail, with messages that name the cause."""
    result = run_against(fault, directory)
    problems = f"missed {result.missed}, unexplained {result.unexplained}, false alarms {result.false_alarms}"
    run = f"status {result.outcome.status}, {len(result.outcome.passed)} passed"
    assert result.caught, f"{problems}; {run}; its end: {result.outcome.output[-2000:]}"
