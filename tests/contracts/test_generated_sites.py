"""Valid contracts and the dnsmasq.conf that fulfils each: the suite passes at every such site."""

from __future__ import annotations

import os
from typing import Final

import pytest

from tests.contracts.runs import site_run
from tests.faults.runner import run_all

pytestmark = [pytest.mark.contracts, pytest.mark.timeout(600)]

SITES: Final = range(1, 21)
"""Seeds; ``make contracts`` runs the whole suite at others."""
_LABS_PER_CPU: Final = 4
"""A run spends most of its time waiting, for ping checks and for silence."""


def test_suite_passes_at_twenty_sites() -> None:
    """What a contract may state can be fulfilled: no test knows an address, a time or a name by heart."""
    jobs = _LABS_PER_CPU * len(os.sched_getaffinity(0))
    results = list(run_all([site_run(seed, sample=True) for seed in SITES], jobs))
    red = {
        result.fault.name: result.outcome.failed or result.outcome.output
        for result in results
        if not (result.caught and result.outcome.passed)
    }
    assert len(results) == len(SITES)
    assert not red, f"again: make contracts COUNT=1 SEED=NUMBER; {red}"
