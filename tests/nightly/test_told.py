"""A run says how its segment is, and so do the page of all segments, the metrics and the alerts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edgeboot.base.paths import PROJECT
from tests.nightly.monitoring import alerts
from tests.nightly.nightly import Ended, Nightly
from tests.nightly.segments import GOOD, NO_INTERFACE, SEGMENTS, WRONG_FILE

pytestmark = [pytest.mark.nightly_rehearsal, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def runs(nightly: Nightly) -> dict[str, Ended]:
    """A run of each segment that an administrator has started by hand, by the segment's name."""
    jobs = {each.name: nightly.start(each) for each in SEGMENTS}
    return {name: nightly.ended(job) for name, job in jobs.items()}


@pytest.fixture(scope="module")
def told(runs: dict[str, Ended], nightly: Nightly) -> dict[str, Any]:
    """What ``edgeboot report --history`` tells of the volume; its page stays there as all.html."""
    assert runs
    command = [sys.executable, "-m", "edgeboot.cli.main", "report", "--history", "--json"]
    volume = str(nightly.site.volume)
    outputs = [f"--output={volume}/all.html", f"--metrics={volume}/all.prom"]
    finished = subprocess.run(
        [*command, *outputs, volume], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    told: dict[str, Any] = json.loads(finished.stdout)
    return told


def test_good_segment_is_verified(runs: dict[str, Ended]) -> None:
    """Exit status 0 and the verdict in the log; libvirt's DHCP was off for the time of the run."""
    run = runs[GOOD.name]
    assert run.status == 0, run.log
    assert "Edge nodes would boot." in run.log
    assert "DHCP of libvirt network edge (range 192.168.101.201" in run.log


def test_wrong_boot_file_is_named_and_its_run_is_not_repeated(runs: dict[str, Ended]) -> None:
    """A verdict stays the same however often it is asked for: the Job has one Pod."""
    run = runs[WRONG_FILE.name]
    assert (run.status, run.pods) == (1, 1), run.log
    assert "1. bootfile: expected signed_ipxe.efi, received ipxe.efi from 192.168.102.10" in run.log


def test_missing_interface_is_named_and_its_run_is_not_repeated(runs: dict[str, Ended]) -> None:
    """Exit status 4: an administrator must mend the row."""
    run = runs[NO_INTERFACE.name]
    assert (run.status, run.pods) == (4, 1), run.log
    assert "br-lab: no such interface; choose from br-edge" in run.log


def test_page_has_a_row_for_each_segment(told: dict[str, Any], nightly: Nightly) -> None:
    """Which boots, which does not and which is not known, each with its reason."""
    page = (nightly.site.volume / "all.html").read_text(encoding="utf-8")
    assert {each["segment"]: each["standing"] for each in told["segments"]} == {
        GOOD.name: "would_boot",
        WRONG_FILE.name: "boot_fails",
        NO_INTERFACE.name: "no_verdict",
    }
    assert all(each.name in page for each in SEGMENTS)


def test_metrics_have_the_state_of_each_segment(told: dict[str, Any], nightly: Nightly) -> None:
    """A segment of which nothing is known has no verdict, and no value that looks like one."""
    assert told
    metrics = (nightly.site.volume / "all.prom").read_text(encoding="utf-8").splitlines()
    assert f'edgeboot_segment_would_boot{{segment="{GOOD.name}"}} 1.0' in metrics
    assert f'edgeboot_segment_would_boot{{segment="{WRONG_FILE.name}"}} 0.0' in metrics
    assert not [line for line in metrics if "would_boot{" in line and NO_INTERFACE.name in line]
    assert 'edgeboot_segments{standing="no_verdict"} 1.0' in metrics


def test_alert_names_the_segment_whose_nodes_would_not_boot(
    runs: dict[str, Ended], gateway: str, tmp_path: Path
) -> None:
    """The metrics came by --push, as each run ended; no alert names the good segment."""
    assert runs
    expected = {("EdgebootNodesWillNotBoot", WRONG_FILE.name)}
    assert alerts(gateway, tmp_path, expected) == expected
