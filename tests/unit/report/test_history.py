"""Night after night: what changed, what is flaky, and the page of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.cli.main import main
from edgeboot.report.history.comparison import Comparison, compared
from edgeboot.report.history.page import history, page
from edgeboot.report.history.plot import plot
from edgeboot.report.history.text import text
from edgeboot.report.latencies import Latency, Nodes
from edgeboot.report.meaning import Meaning
from edgeboot.report.provenance import Provenance
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import LEASE_TIME, NEXT_SERVER, STARTED, SUBJECT, failed, failure, renamed
from tests.unit.report.storms import FAST, SLOW

SHORT: Final = failure("a.py::test_short", LEASE_TIME)
BOOT: Final = failure("b.py::test_boot", NEXT_SERVER)
SAME: Final = Provenance("1", "a" * 64, "b" * 64, "c" * 64, "dnsmasq:1", "dnsmasq 2.90", "6.1.0")
NAMES: Final = tuple(each.test for each in (SHORT, BOOT))


def night(day: int, *failures: Failure, **fields: object) -> Result:
    """The run of a day: these failures, and of the two tests the others passed."""
    passed = [name for name in NAMES if name not in {each.test for each in failures}]
    run = failed(*failures, passed=passed, status=1 if failures else 0)
    started = STARTED + timedelta(days=day)
    dated = {"started": started, "ended": started + timedelta(seconds=60 + day), "provenance": SAME}
    return replace(run, **dated | fields)  # type: ignore[arg-type]


def comparison(results: Iterable[Result]) -> Comparison:
    """Of runs of which there is one at least."""
    found = compared(results)
    assert found is not None
    return found


def test_what_turned_red_or_green_is_told_by_the_run_before() -> None:
    """Whatever the order of the files."""
    found = comparison([night(2, BOOT), night(0), night(1, SHORT)])
    assert (found.turned_red, found.turned_green) == ((BOOT.test,), (SHORT.test,))
    assert [each.cause for each in found.new_causes] == [NEXT_SERVER.cause]


def test_cause_whose_line_has_moved_is_not_new() -> None:
    """Somebody wrote a comment above it."""
    line = LEASE_TIME.cause
    assert line is not None
    moved = renamed(LEASE_TIME, causes=(Cause(line.file, 12, line.text),))
    assert comparison([night(0, SHORT), night(1, failure("a.py::test_short", moved))]).new_causes == ()


def test_test_that_was_not_run_before_has_not_turned_red() -> None:
    """It is told apart: the night before nobody was answered."""
    before = replace(night(0, BOOT), tests=night(0, BOOT).tests[:1])
    found = comparison([before, night(1, BOOT, SHORT)])
    assert (found.turned_red, found.red_and_not_run_before) == ((), (SHORT.test,))


def test_test_that_passes_and_fails_at_the_same_server_is_flaky() -> None:
    """Where the contract or the configuration has changed, it has a reason."""
    assert comparison([night(0), night(1, SHORT), night(2)]).flaky == ((SHORT.test, 2, 1),)
    other = replace(SAME, configuration="d" * 64)
    assert comparison([night(0), night(1, SHORT, provenance=other)]).flaky == ()


def test_runs_of_another_lab_or_without_an_end_are_left_out() -> None:
    """They are counted."""
    elsewhere = night(0, subject=replace(SUBJECT, lab="kind"))
    found = comparison([elsewhere, replace(night(1), ended=None).at_its_end(3, STARTED), night(2)])
    assert (len(found.nights), found.others) == (1, 2)
    assert compared([]) is None


def test_newest_run_without_a_verdict_is_told_before_the_last_that_has_one() -> None:
    """A good night is no news of a night that was killed."""
    killed = replace(night(1), ended=None, status=None, meaning=Meaning.UNFINISHED)
    found = comparison([killed, night(0)])
    assert text(found).startswith(
        "The run of 2026-03-02 02:00 has no verdict: running, or killed.\n2026-03-01"
    )
    assert '<header class="unknown">' in page(found)
    assert comparison([killed, night(2)]).newer is None


def test_terminal_is_told_the_first_three() -> None:
    """New causes, what turned red, what turned green."""
    told = text(comparison([night(0, SHORT), night(1, BOOT)])).splitlines()
    assert told[0] == "2026-03-02 02:00: Edge nodes would not boot."
    assert told[1].startswith("Compared with 2026-03-01 02:00: No boot was seen to fail, but their lease")
    assert [line for line in told[2:] if not line.startswith("-")] == [
        "1 new cause:",
        "1 test turned red:",
        "1 test turned green:",
    ]


def test_first_night_has_nothing_to_be_compared_with() -> None:
    """It says so."""
    assert text(comparison([night(0)])).endswith("There is no run before it to compare it with.")


def test_page_shows_changes_and_trends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Made by the command from the directories of runs, each once."""
    latency = (Latency.of(Nodes.NEW, [3.1]),)
    for day, run in enumerate([night(0, SHORT, latencies=latency), night(1, BOOT, latencies=latency)]):
        run.write(tmp_path / f"run{day}" / "result.json")
    (tmp_path / "last").symlink_to("run1")
    assert main(["report", "--history", str(tmp_path)]) == 0
    assert "1 new cause:" in capsys.readouterr().out
    html = (tmp_path / "history.html").read_text()
    assert "2 runs" in html
    assert html.count('<svg class="trend"') == 2
    assert "b.py::test_boot" in html


def test_page_has_no_element_that_a_server_wrote() -> None:
    """A cause is text here, too."""
    hostile = renamed(NEXT_SERVER, causes=(Cause("f", 1, "<script>1</script>"),))
    html = page(comparison([night(0), night(1, failure("b.py::test_boot", hostile))]))
    assert html.count("<script>") == 1


def test_directory_without_a_run_is_refused(tmp_path: Path) -> None:
    """In one line, which says of a file why it counts as none."""
    with pytest.raises(UsageError, match="no such directory; name directories of runs"):
        history([tmp_path / "absent"])
    (tmp_path / "result.json").write_text('{"schema": 1}')
    with pytest.raises(
        UsageError, match=r"no run with a verdict: .*result\.json is of schema 1, where 3 is read"
    ):
        history([tmp_path])


def test_damaged_result_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One night's full disk does not hide the others."""
    night(0).write(tmp_path / "a" / "result.json")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "result.json").write_text('{"schema": 3, "started"')
    assert main(["report", "--history", str(tmp_path)]) == 0
    assert (
        f"left out: {tmp_path / 'b' / 'result.json'} is no result, or a damaged one"
        in capsys.readouterr().out
    )
    assert "These cannot be read:" in (tmp_path / "history.html").read_text()


def test_plot_has_a_point_for_each_run_that_was_measured() -> None:
    """None where nothing was."""
    assert plot("time", ["a", "b", "c"], [1.0, None, 3.0]).count("<circle") == 2
    assert plot("time", ["a"], [None]) == ""


def test_storms_are_followed_over_the_nights() -> None:
    """How long until all nodes were ready; each storm of the site has its line."""
    html = page(comparison([night(0, storms=(SLOW,)), night(1, storms=(FAST,))]))
    assert "Storm (as it is), all ready after" in html
    assert "Storm (with no-ping), all ready after" in html
