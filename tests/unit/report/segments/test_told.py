"""Many segments as text, page, JSON and metrics; and the command that makes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from edgeboot.cli.main import main
from edgeboot.report.result import Result
from edgeboot.report.segments.as_json import as_object
from edgeboot.report.segments.metrics import segments_metrics
from edgeboot.report.segments.page import segments_page
from edgeboot.report.segments.text import segments_text
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import NEXT_SERVER, failure, renamed
from tests.unit.report.segments.fleet import BOOT, broken, night, running, together

SOME: Final = (
    *(night("rack-1", day) for day in range(2)),
    *(night("rack-2", 1, BOOT), night("rack-3", 1, BOOT)),
    *(night("rack-4", 0), broken("rack-4", 1)),
    *(night("rack-5", -4), running("rack-6", 1)),
)
"""Two that would not boot, two without a verdict, and one good one that is overdue."""


def written(directory: Path, *results: Result) -> Path:
    """The directory with the results, each in that of its run."""
    for number, result in enumerate(results):
        result.write(directory / str(result.segment) / f"run{number}" / "result.json")
    return directory


def test_terminal_is_told_counts_causes_and_the_worst() -> None:
    """Good ones are counted only."""
    told = segments_text(together(*SOME)).splitlines()
    assert told[0] == "6 segments: boot fails 2, no verdict 2, would boot 2"
    assert told[1] == "1 of them is overdue: no run for 26 h"
    assert told[3].endswith(",192.168.99.41: 2 of 6 segments, the first since 2026-03-02 02:00")
    assert [line.partition(",")[0] for line in told[5:]] == [f"- rack-{each}" for each in (2, 3, 4, 6, 5)]
    assert "rack-1" not in "".join(told)


def test_segment_without_a_verdict_says_why_and_what_was_before() -> None:
    """In the words of the run."""
    told = segments_text(together(*SOME))
    assert "rack-4, since 2026-03-02 02:00: Nothing is verified: the lab could not come up, or" in told
    assert "Before that, 2026-03-01 02:00: Edge nodes would boot." in told
    assert "the run has not ended, or was killed. No run before it has a verdict." in told


def other_site(segment: str, day: int) -> Result:
    """A good run of the segment against another contract, an hour later."""
    run = night(segment, day)
    assert run.subject is not None
    later = replace(run.subject, run="other", contract="contracts/hamburg.toml")
    return replace(run, subject=later, started=run.started + timedelta(hours=1))


def test_site_whose_row_is_another_s_of_that_name_is_told() -> None:
    """Its red run is not hidden by the green one of later."""
    merged = together(night("edge", 1, BOOT), other_site("edge", 1), night("b", 1))
    told = "segment edge: its run of 2026-03-02 02:00 against netns, poc, contracts/poc.toml: boot fails; its"
    assert f"left out: {told}" in segments_text(merged)
    assert told in segments_page(merged, Path("/runs/segments.html"))
    [edge, _] = sorted(as_object(merged)["segments"], key=lambda each: each["segment"] != "edge")
    assert [each["run"] for each in edge["other_sites"]] == ["edge-1"]


def test_contract_that_was_changed_long_ago_is_not_told() -> None:
    """There is one site."""
    assert "left out" not in segments_text(together(night("a", 0, BOOT), other_site("a", 3), night("b", 3)))


def test_thousand_segments_are_few_lines() -> None:
    """The page has them."""
    told = segments_text(together(*(night(f"s{number}", 0, BOOT) for number in range(1000)))).splitlines()
    assert len(told) < 30
    assert told[-1] == "- 980 more: the page has them"


def test_page_links_each_segment_with_its_report(tmp_path: Path) -> None:
    """As found from the page, so that both can be moved."""
    run = written(tmp_path, night("a b", 0, BOOT), night("c", 0)) / "a b" / "run0"
    (run / "report.html").touch()
    assert main(["report", "--history", str(tmp_path)]) == 0
    html = (tmp_path / "history.html").read_text()
    assert 'href="./a%20b/run0/report.html"' in html
    assert 'href="./c/run1/result.json"' in html
    assert html.count('id="segment-') == 2


def test_page_has_no_element_that_a_result_wrote() -> None:
    """Neither a name nor a cause."""
    attack = "<script>1</script>"
    hostile = failure("b.py::test_boot", renamed(NEXT_SERVER, causes=(Cause("f", 1, attack),)))
    html = segments_page(together(night(attack, 0, hostile), night("b", 0)), Path("history.html"))
    assert html.count("<script>") == 1


def test_segment_without_a_verdict_is_nowhere_green() -> None:
    """Nor a good one that is overdue."""
    html = segments_page(
        together(running("a", 3), broken("b", 3), night("c", 0), day=3), Path("history.html")
    )
    assert '<b class="standing good">' not in html
    assert '<header class="unknown">' in html
    assert html.count("not known") == 2


def test_object_has_everything_that_the_page_has() -> None:
    """For a program."""
    told = as_object(together(*SOME))
    assert told["counts"]["boot_fails"] == 2
    assert [(each["segments"], each["since"]) for each in told["causes"]] == [
        (["rack-2", "rack-3"], "2026-03-02T02:00:00+00:00")
    ]
    lost = next(each for each in told["segments"] if each["segment"] == "rack-4")
    assert (lost["last_run"]["status"], lost["last_verdict"]["would_boot"]) == (3, True)


def test_metrics_are_of_each_segment_and_of_all() -> None:
    """One without a verdict has no value that could be taken for good or bad."""
    red = night("rack-7", 1, BOOT)
    broke = replace(red, error="port0 is gone").at_its_end(3, red.started)
    text = segments_metrics(together(*SOME, broke)).decode()
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["edgeboot_segments", "boot_fails"] == 2
    assert found["edgeboot_segments_overdue",] == 1
    assert found["edgeboot_segment_would_boot", "rack-1"] == 1
    assert found["edgeboot_segment_would_boot", "rack-2"] == 0
    assert not {("edgeboot_segment_would_boot", f"rack-{each}") for each in (4, 6, 7)} & found.keys()
    assert ("edgeboot_segment_since_timestamp_seconds", "rack-4", "no_verdict") in found
    assert [value for name, value in found.items() if name[0] == "edgeboot_cause_segments"] == [2]


def test_command_writes_object_and_metrics(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is the object alone."""
    written(tmp_path / "runs", *SOME)
    metrics = tmp_path / "edgeboot.prom"
    arguments = ["--history", str(tmp_path / "runs"), "--json", f"--metrics={metrics}"]
    assert main(["report", *arguments]) == 0
    assert len(json.loads(capsys.readouterr().out)["segments"]) == 6
    assert "edgeboot_segments_overdue 6.0" in metrics.read_text()


def test_result_that_cannot_be_read_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Damaged, of something else, or without a time zone: the others are told."""
    written(tmp_path, night("a", 0), night("b", 0))
    naive = night("c", 0).encode().replace("+00:00", "")
    for name, text in (("cut", '{"schema": 3'), ("foreign", "[]"), ("other", '{"ok": 1}'), ("naive", naive)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "result.json").write_text(text)
    assert main(["report", "--history", str(tmp_path)]) == 0
    left_out = [each for each in capsys.readouterr().out.splitlines() if each.startswith("left out: ")]
    assert [line.split("/")[-2] for line in left_out] == ["cut", "foreign", "naive", "other"]


def test_one_segment_of_many_has_the_page_of_its_nights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what changed, flaky tests and trends."""
    written(tmp_path, night("a", 0), night("a", 1, BOOT), night("b", 1))
    assert main(["report", "--history", str(tmp_path), "--segment", "a"]) == 0
    assert "1 new cause:" in capsys.readouterr().out
    assert "2 runs · segment a, lab netns" in (tmp_path / "history.html").read_text()


def test_segment_of_which_there_is_no_result_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo is no segment that is well."""
    written(tmp_path, night("a", 0))
    assert main(["report", "--history", str(tmp_path), "--segment", "rack"]) == 4
    assert "no result.json there or below of segment rack that can be read" in capsys.readouterr().err


def test_run_that_lies_twice_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What --result wrote, and the one beside the report; the one with a report is linked."""
    runs = (night("a", 0), night("b", 0))
    for result in runs:
        written(tmp_path / "results", result)
    directory = written(tmp_path / "zz-evidence", *runs)
    (directory / "a" / "run0" / "report.html").touch()
    assert main(["report", "--history", "--json", str(tmp_path)]) == 0
    first = json.loads(capsys.readouterr().out)["segments"][0]
    assert (first["runs"], Path(first["last_run"]["report"]).parent) == (1, directory / "a" / "run0")


def test_links_in_a_circle_have_an_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Such as those of a ConfigMap's volume, or evidence/last."""
    written(tmp_path, night("a", 0), night("b", 0))
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert main(["report", "--history", "--json", str(tmp_path)]) == 0
    assert [each["runs"] for each in json.loads(capsys.readouterr().out)["segments"]] == [1, 1]


def test_result_of_a_killed_pod_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It lies in results by the Pod's name only: a good night before it must not stand for it."""
    written(tmp_path, night("a", 0), night("b", 0))
    running("a", 1).write(tmp_path / "results" / "edgeboot-nightly-a.json")
    assert main(["report", "--history", "--json", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["no_verdict"] == 1


def test_segment_that_has_never_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And one that is none any more is left out."""
    written(tmp_path, night("a", 0), night("b", 0), night("gone", 0))
    file = tmp_path / "segments.toml"
    rows = (f'[[segment]]\nname = "{name}"\ninterface = "br-{name}"\n' for name in "abc")
    file.write_text("\n".join(rows))
    assert main(["report", "--history", f"--segments={file}", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "no result of 1 more segment: c" in told
    assert "left out: segment gone: is none of --segments" in told
    assert told[0].startswith("2 segments: ")
    assert '<header class="warn">' in (tmp_path / "history.html").read_text()


@pytest.mark.parametrize(
    "option", ["--segment=a", "--segments=file", "--overdue=2h", "--json", "--metrics=file"]
)
def test_option_of_the_history_is_refused_without_it(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would have no effect."""
    assert main(["report", str(tmp_path), option]) == 4
    assert f"{option.partition('=')[0]}: is for --history" in capsys.readouterr().err
