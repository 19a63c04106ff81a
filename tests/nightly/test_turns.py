"""No two runs are on one segment: whoever starts them, and whoever else is at work."""

from __future__ import annotations

import pytest

from tests.nightly.nightly import Nightly
from tests.nightly.segments import GOOD

pytestmark = [pytest.mark.nightly_rehearsal, pytest.mark.timeout(600)]


def test_run_beside_another_is_refused_and_names_it(nightly: Nightly) -> None:
    """Exit status 3, with the holder of the segment's Lease; the run in progress is not disturbed."""
    first = nightly.start(GOOD)
    holder = nightly.midway(GOOD, first)
    second = nightly.start(GOOD)
    refused = nightly.first_ended(second)
    nightly.kubectl("delete", "job", second)
    assert refused.status == 3, refused.log
    assert f"{GOOD.worker}/{holder}/" in refused.log
    assert nightly.ended(first).status == 0


def test_schedule_starts_one_run_after_the_other(nightly: Nightly) -> None:
    """Due every minute: a run that is still at work has no other beside it, and each is green."""
    with nightly.due_every_minute(GOOD):
        run = nightly.ended(nightly.first_scheduled(GOOD))
    assert run.status == 0, run.log
    assert {nightly.ended(job).status for job in nightly.scheduled(GOOD)} == {0}
