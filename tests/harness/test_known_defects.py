"""A known defect hides the failure that its entry names, and no other of that test."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS
from tests.harness.suite import ConfigChanger, Run, RunSuite

pytestmark = pytest.mark.harness

TEST = "test_reply_states_the_times_of_the_lease[offer-lease_time]"
ENTRY = """
based_on = "{base}"

[[known_defects]]
test = "{test}"
reason = "the site's lease is shorter until next year"
{names}
"""


def run_with(names: str, run_suite: RunSuite, config: Path, directory: Path) -> Run:
    """A run of a server with another lease time, with an entry that names this."""
    contract = directory / "mine.toml"
    contract.write_text(ENTRY.format(base=CONTRACTS / "poc.toml", test=TEST, names=names))
    options = (f"--dhcp-config={config}", f"--contract={contract}")
    return run_suite(*options, "-k", "offer-lease_time", "tests/e2e/test_lease_time.py")


@pytest.mark.parametrize("names", ['field = "lease_time"', 'words = "received 1:00:00"', ""])
def test_failure_that_the_entry_names_is_expected(
    names: str, changed_config: ConfigChanger, run_suite: RunSuite, tmp_path: Path
) -> None:
    """An entry that names nothing expects every failure, and the header says so."""
    run = run_with(names, run_suite, changed_config(",12h", ",1h"), tmp_path)
    assert run.status == 0, run.output
    assert "1 xfailed" in run.output
    assert ("hide every failure of test_reply" in run.output) is (names == "")


@pytest.mark.parametrize("names", ['field = "routers"', 'words = "received 2:00:00"'])
def test_other_failure_of_the_test_counts(
    names: str, changed_config: ConfigChanger, run_suite: RunSuite, tmp_path: Path
) -> None:
    """With its own message and evidence, and with what the entry names instead."""
    run = run_with(names, run_suite, changed_config(",12h", ",1h"), tmp_path)
    assert run.status == 1, run.output
    assert "lease_time: expected 12:00:00, received 1:00:00" in run.output
    assert "this failure is another one" in run.output
    assert "capture.pcap" in run.output
