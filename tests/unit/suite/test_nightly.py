"""``tox -e nightly``: no night's result is taken for another's."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from edgeboot.report.meaning import Meaning
from edgeboot.report.result import Result, now
from tools import nightly


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of results, with those of an earlier night."""
    directory = tmp_path / "results"
    directory.mkdir()
    for name in ("result.json", "junit.xml"):
        (directory / name).write_text('{"meaning": "passed"}', encoding="utf-8")
    monkeypatch.setenv("EDGEBOOT_RESULTS", str(directory))
    monkeypatch.delenv("EDGEBOOT_LAB", raising=False)
    return directory


def test_installation_that_fails_replaces_the_old_results(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 3, as the lab could not come up; the reason is in the result."""
    failing = (sys.executable, "-c", "import sys; sys.exit('no pkg-config')")
    monkeypatch.setattr(nightly, "INSTALLATIONS", (failing,))
    assert nightly.main([]) == nightly.LAB_BROKEN
    result = Result.decode((results / "result.json").read_text(encoding="utf-8"))
    assert (result.status, result.meaning, result.counts.run) == (3, Meaning.LAB, 0)
    assert result.error is not None
    assert "tools/system-packages kind" in result.error
    assert "no pkg-config" in capsys.readouterr().err
    assert not (results / "junit.xml").exists()


def test_run_begins_without_a_verdict(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line that pytest cannot read leaves no old one either."""
    executed: list[tuple[str, ...]] = []

    def execv(_: str, command: tuple[str, ...]) -> None:
        executed.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(nightly, "INSTALLATIONS", ())
    monkeypatch.setattr(os, "execv", execv)
    with pytest.raises(SystemExit):
        nightly.main(["-k", "boot"])
    files = (f"--junit-xml={results / 'junit.xml'}", f"--result={results / 'result.json'}")
    assert executed[0][3:] == ("-m", "e2e", "--lab=orchestrator", *files, "-k", "boot")
    result = Result.decode((results / "result.json").read_text(encoding="utf-8"))
    assert (result.status, result.meaning) == (None, Meaning.UNFINISHED)


def test_result_names_the_segment_of_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment on which nothing came up is told by its name, too."""
    monkeypatch.setenv("EDGEBOOT_SEGMENT", "rack-7")
    assert Result.decode(nightly.no_verdict(Meaning.UNFINISHED.value)).segment == "rack-7"


def test_results_that_cannot_be_written_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is installed."""
    monkeypatch.setenv("EDGEBOOT_RESULTS", "/proc/no/results")
    assert nightly.main([]) == nightly.USAGE
    assert capsys.readouterr().err.startswith("EDGEBOOT_RESULTS /proc/no/results: cannot be written (")


def test_result_without_packages_has_the_fields_of_every_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written by an interpreter that cannot import edgeboot.report.result."""
    monkeypatch.delenv("EDGEBOOT_SEGMENT", raising=False)
    written = json.loads(nightly.no_verdict(Meaning.UNFINISHED.value))
    expected = json.loads(Result(now()).encode())
    assert written | {"started": None} == expected | {"started": None}
