"""A run can be killed at any moment: edgeboot clean restores the site byte for byte."""

from __future__ import annotations

import random
import subprocess
import time
from contextlib import suppress
from typing import Final

import pytest

from tests.rehearsal.journal_lines import entries_written, outstanding
from tests.rehearsal.operator import Note, Operator
from tests.rehearsal.site import Site
from tests.rehearsal.snapshot import Snapshot

pytestmark = pytest.mark.rehearsal

SEED: Final = 20261125
_MOMENTS: Final = 30
_FIRST, _LAST = 0.05, 0.92
"""Shares of a whole run's duration: before the first it imports modules, after the last it reports."""
SHARES: Final = tuple(
    round(_FIRST + (_LAST - _FIRST) * (n + random.Random(SEED + n).random()) / _MOMENTS, 3)  # noqa: S311
    for n in range(_MOMENTS)
)
ENTRIES: Final = (3, 4, 6, 7, 12, 14)
"""Numbers of journal lines at which a run is killed: libvirt's two, ConfigMap and Pod, the first leases."""
_POLL_INTERVAL: Final = 0.0005


@pytest.fixture(scope="module")
def length(site: Site, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Duration of a run that is not killed, in seconds."""
    began, before = time.monotonic(), Snapshot.of(site)
    run = Operator(site, tmp_path_factory.mktemp("whole")).run()
    assert run.status == 0, run.output
    assert before.differences(Snapshot.of(site)) == {}
    return time.monotonic() - began


@pytest.mark.parametrize("share", SHARES, ids="{:.1%} of a run".format)
def test_killed_run_is_cleaned_up_to_the_byte(
    share: float, length: float, site: Site, operator: Operator, note: Note
) -> None:
    """edgeboot clean restores libvirt's XML, links, packet filter, cluster and leases after SIGKILL."""
    before = Snapshot.of(site)
    with operator.started() as process, suppress(subprocess.TimeoutExpired):
        process.wait(share * length)
    left_over = outstanding(operator.journals)
    cleaned = operator.clean()
    assert cleaned.status == 0, cleaned.output
    assert before.differences(Snapshot.of(site)) == {}, cleaned.output
    assert operator.journals == []
    note("killed", f"{share * length:.1f} s ({share:.1%})\t{left_over}")


@pytest.mark.parametrize("entries", ENTRIES, ids="{} journal lines".format)
def test_run_killed_at_a_change_is_cleaned_up_to_the_byte(
    entries: int, site: Site, operator: Operator, note: Note
) -> None:
    """Killed between a journal line and its change, which may not have been made yet."""
    before = Snapshot.of(site)
    with operator.started() as process:
        while entries_written(operator.journals) < entries and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_INTERVAL)
    left_over = outstanding(operator.journals)
    cleaned = operator.clean()
    assert cleaned.status == 0, cleaned.output
    assert before.differences(Snapshot.of(site)) == {}, cleaned.output
    assert left_over != "nothing"
    note("killed", f"{entries} lines in the journal\t{left_over}")


def test_next_run_cleans_up_after_a_killed_one(length: float, operator: Operator, note: Note) -> None:
    """The next run cleans up first, and then passes: no operator needs to call edgeboot clean."""
    with operator.started() as process, pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.7 * length)
    left_over = outstanding(operator.journals)
    run = operator.run()
    assert run.status == 0, run.output
    assert "removed what a killed run left: DHCP switched off of libvirt network" in run.output
    note("killed", f"{0.7 * length:.1f} s (70.0%), then the next run\t{left_over}")
