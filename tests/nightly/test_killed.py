"""A run that a cluster ends is followed by a clean one, and leaves nothing on its segment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.nightly.disturbances import delete_by_force, drain, kill_container, restart_api_server
from tests.nightly.nightly import Nightly
from tests.nightly.segments import GOOD, Segment

pytestmark = [pytest.mark.nightly_rehearsal, pytest.mark.timeout(600)]

DISTURBANCES: Final = {
    "container killed": kill_container,
    "Pod deleted by force": delete_by_force,
    "node drained": drain,
    "API server restarted": restart_api_server,
}


@pytest.mark.parametrize("disturb", DISTURBANCES.values(), ids=DISTURBANCES)
def test_run_after_a_disturbed_one_is_clean(
    disturb: Callable[[Nightly, Segment, str], None], nightly: Nightly
) -> None:
    """Disturbed while it has leases and libvirt's DHCP is off: the Job's last Pod is green."""
    job = nightly.start(GOOD)
    disturb(nightly, GOOD, nightly.midway(GOOD, job))
    run = nightly.ended(job)
    assert run.status == 0, run.log
    assert "Edge nodes would boot." in run.log
    assert nightly.journals(GOOD) == []
