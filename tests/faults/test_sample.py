"""Some of the catalogue, in every run of CI: the whole of it is ``make faults``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.catalogue import faults
from tests.faults.fault import Fault
from tests.faults.runner import run_against, work_directory

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

SAMPLE = [fault for fault in faults("netns") if fault.sampled]


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """For what the faults need."""
    with work_directory() as made:
        yield made


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.name)
def test_fault_is_caught(fault: Fault, directory: Path) -> None:
    """Exactly the tests that are there for it fail, and say so."""
    found = run_against(fault, directory)
    assert found.caught, f"missed {found.missed}, mute {found.unexplained}, false alarms {found.false_alarms}"
