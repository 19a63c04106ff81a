"""Runs of the suite are counted, and a flake is not lost among them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from edgeboot.cli.soak import SoakEnvironment, SoakRun, flakes, record

TOOK: Final = timedelta(seconds=40)
JUNIT: Final = """<testsuites><testsuite>
<testcase classname="tests.e2e.test_offer" name="test_a"/>
<testcase classname="tests.e2e.test_offer" name="test_b"><failure message="x"/></testcase>
<testcase classname="tests.e2e.test_offer" name="test_b"><error message="y"/></testcase>
<testcase classname="tests.e2e.test_offer" name="test_c"><skipped type="pytest.skip"/></testcase>
<testcase classname="tests.e2e.test_offer" name="test_d"><skipped type="pytest.xfail"/></testcase>
</testsuite></testsuites>"""
WHERE: Final = SoakEnvironment("netns", "poc", "abc1234", date(2026, 1, 2), 2, "6.1", "3.11", "2.90")


def test_run_is_counted_by_its_junit_file(tmp_path: Path) -> None:
    """A test that failed and had an error besides is one failure."""
    path = tmp_path / "junit.xml"
    path.write_text(JUNIT)
    assert SoakRun.read(1, path, TOOK) == SoakRun(1, 1, 1, 1, ("test_b",), TOOK)


def test_run_without_a_junit_file_is_not_clean(tmp_path: Path) -> None:
    """A lab that did not come up writes none: nothing passed, and the status is told."""
    soak_run = SoakRun.read(3, tmp_path / "absent.xml", TOOK)
    assert not soak_run.clean
    assert str(soak_run) == "0 | 0 | 0 | 40.0 | exit status 3"


def test_record_tells_how_many_runs_failed_and_where() -> None:
    """With a line for each run, and the machine they were made on."""
    page = record([SoakRun(0, 9, 0, 0, (), TOOK), SoakRun(1, 8, 0, 0, ("test_b",), TOOK)], WHERE)
    assert "**2 runs, 1 with a failure**; median 40.0 s, slowest 40.0 s." in page
    assert "| 2 | 8 | 0 | 0 | 40.0 | test_b |" in page
    assert "commit abc1234, 2026-01-02; 2 CPUs, Linux 6.1, Python 3.11, dnsmasq 2.90." in page


def test_flakes_are_named_once() -> None:
    """However often they came."""
    assert flakes(
        [SoakRun(1, 0, 0, 0, ("test_b", "test_a"), TOOK), SoakRun(1, 0, 0, 0, ("test_b",), TOOK)]
    ) == (
        "test_a",
        "test_b",
    )
