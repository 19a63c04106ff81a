"""Some of the catalogue, in every run of CI: the whole of it is ``make faults``."""

from __future__ import annotations

import pytest

from tests.faults.catalogue import faults
from tests.faults.fault import Fault
from tests.faults.runner import meet

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

SAMPLE = [fault for fault in faults("netns") if fault.sampled]


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.name)
def test_fault_is_caught(fault: Fault) -> None:
    """Exactly the tests that are there for it fail, and say so."""
    found = meet(fault)
    assert found.caught, f"missed {found.missed}, mute {found.mute}, false alarms {found.false_alarms}"
