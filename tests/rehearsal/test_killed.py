"""A run that is killed at any moment: after edgeboot clean the site is as it was, to the byte."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.rehearsal.operator import Note, Operator
from tests.rehearsal.site import Site
from tests.rehearsal.snapshot import Snapshot

pytestmark = pytest.mark.rehearsal

SEED: Final = 20261125
_MOMENTS: Final = 30
_FIRST, _LAST = 0.05, 0.92
"""Shares of a whole run's length: before that it imports, after that it reports."""
SHARES: Final = tuple(
    round(_FIRST + (_LAST - _FIRST) * (n + random.Random(SEED + n).random()) / _MOMENTS, 3)  # noqa: S311
    for n in range(_MOMENTS)
)
ENTRIES: Final = (3, 4, 6, 7, 12, 14)
"""As soon as so many lines are in the journal: libvirt's two, ConfigMap and Pod, the first leases."""
_GLANCE: Final = 0.0005


@pytest.fixture(scope="module")
def length(site: Site, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a run takes that nobody kills, in seconds."""
    began, before = time.monotonic(), Snapshot.of(site)
    run = Operator(site, tmp_path_factory.mktemp("whole")).run()
    assert run.status == 0, run.output
    assert before.differences(Snapshot.of(site)) == {}
    return time.monotonic() - began


@pytest.mark.parametrize("share", SHARES, ids="{:.1%} of a run".format)
def test_killed_run_is_cleaned_up_to_the_byte(
    share: float, length: float, site: Site, operator: Operator, note: Note
) -> None:
    """SIGKILL and edgeboot clean: libvirt's XML, links, packet filter, cluster and leases are as before."""
    before = Snapshot.of(site)
    with operator.at_work() as process, suppress(subprocess.TimeoutExpired):
        process.wait(share * length)
    stood = standing(operator.journals)
    cleaned = operator.clean()
    assert cleaned.status == 0, cleaned.output
    assert before.differences(Snapshot.of(site)) == {}, cleaned.output
    assert operator.journals == []
    note("killed", f"{share * length:.1f} s ({share:.1%})\t{stood}")


@pytest.mark.parametrize("entries", ENTRIES, ids="{} written down".format)
def test_run_killed_at_a_change_is_cleaned_up_to_the_byte(
    entries: int, site: Site, operator: Operator, note: Note
) -> None:
    """Where something is half done: a line is in the journal, its change may not be made yet."""
    before = Snapshot.of(site)
    with operator.at_work() as process:
        while written(operator.journals) < entries and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GLANCE)
    stood = standing(operator.journals)
    cleaned = operator.clean()
    assert cleaned.status == 0, cleaned.output
    assert before.differences(Snapshot.of(site)) == {}, cleaned.output
    assert stood != "nothing"
    note("killed", f"{entries} lines in the journal\t{stood}")


def test_next_run_cleans_up_after_a_killed_one(length: float, operator: Operator, note: Note) -> None:
    """Nobody need know of edgeboot clean: the next night's run begins with it, and is as good as any."""
    with operator.at_work() as process, pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.7 * length)
    stood = standing(operator.journals)
    run = operator.run()
    assert run.status == 0, run.output
    assert "removed what a killed run left: DHCP switched off of libvirt network" in run.output
    note("killed", f"{0.7 * length:.1f} s (70.0%), then the next run\t{stood}")


def written(journals: list[Path]) -> int:
    """How many whole lines there are in a run's journals."""
    return sum(path.read_bytes().count(b"\n") for path in journals if path.exists())


def standing(journals: list[Path]) -> str:
    """What stands in the journals, by its kind."""
    found: Counter[str] = Counter()
    for path in journals:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found[entry["kind"]] += 1 if entry["event"] == "make" else -1
    return ", ".join(f"{count} {kind}" for kind, count in (+found).items()) or "nothing"
