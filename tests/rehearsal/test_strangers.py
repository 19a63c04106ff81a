"""Machines of a site that boot while it is verified end in the report; nothing is sent to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from tests.harness.suite import Run
from tests.rehearsal.operator import Operator, RunOptions
from tests.rehearsal.other_machine import boots, other_machine, takes_no_offer
from tests.rehearsal.site import Site

pytestmark = pytest.mark.rehearsal
BOOTS: Final = MacAddress.parse("52:54:00:bb:00:02")
TAKES_NONE: Final = MacAddress.parse("52:54:00:bb:00:03")
LONGER_RUN: Final = RunOptions(("tests/e2e/test_renewal.py", "tests/e2e/test_lease_time.py"))
"""Goes on for longer than firmware waits for an offer."""


@pytest.fixture
def run_beside_others(site: Site, operator: Operator) -> Iterator[Run]:
    """A run during which one machine of the site boots and another takes no offer."""
    with (
        other_machine(site, "boots", BOOTS) as one,
        other_machine(site, "takes-none", TAKES_NONE) as another,
        operator.started(LONGER_RUN) as process,
    ):
        operator.await_midway()
        boots(one)
        takes_no_offer(another)
        yield operator.ended(process)


def test_report_counts_who_booted_and_who_did_not(run_beside_others: Run) -> None:
    """The verdict is about the server, and is green; beside it stand the site's own machines."""
    run = run_beside_others
    assert run.status == 0, run.output
    told = run.output.partition("Other machines of the segment:\n")[2].splitlines()[:2]
    assert told[0] == "- 1 other machine booted meanwhile, 1 did not"
    assert told[1].startswith("- 52:54:00:…:03 did not boot, came as far as DHCPDISCOVER: ")
