"""``--result``: whatever becomes of a run, a machine can read it."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.faults.causes import PLUGIN, SEGMENT_VARIABLE
from tests.harness.suite import Changed, RunSuite

pytestmark = pytest.mark.harness

A_TEST: Final = "tests/e2e/test_deployment.py"
A_BOOT: Final = "tests/e2e/test_lease_time.py"
ENDING: Final = "import os, pytest\n\n@pytest.mark.e2e\ndef test_ending():\n    {}\n"
"""A test that ends its run."""

ResultOf = Callable[..., dict[str, Any]]


@pytest.fixture
def result_of(run_suite: RunSuite, tmp_path: Path) -> ResultOf:
    """Runs the suite, and reads the result it has written."""
    file = tmp_path / "results" / "result.json"

    def result(*arguments: str, workers: int = 0) -> dict[str, Any]:
        run = run_suite(f"--result={file}", *arguments, workers=workers)
        told: dict[str, Any] = json.loads(file.read_text())
        assert told["status"] == run.status, run.output
        return told

    return result


@pytest.mark.parametrize("workers", [0, 2])
def test_passed(workers: int, result_of: ResultOf) -> None:
    """Run, lab, server, contract and times; with xdist, too."""
    told = result_of(A_BOOT, workers=workers)
    assert (told["status"], told["meaning"], told["failures"], told["error"]) == (0, "passed", [], None)
    assert (told["lab"], told["profile"], told["counts"]["failed"]) == ("netns", "poc", 0)
    assert told["counts"]["passed"] > 10
    assert told["server"].startswith("dnsmasq 2.")
    assert told["started"] <= told["ended"]


@pytest.mark.parametrize("workers", [0, 2])
def test_failed_tests(workers: int, changed: Changed, result_of: ResultOf) -> None:
    """Each with its headline, the line that is the cause, and where the pcap is."""
    config = changed(",12h", ",1h")
    told = result_of(f"--dhcp-config={config}", A_BOOT, workers=workers)
    assert (told["status"], told["meaning"]) == (1, "failed tests")
    assert len(told["failures"]) == told["counts"]["failed"] + told["counts"]["errors"]
    [failed] = [each for each in told["failures"] if "[ack-lease_time]" in each["test"]]
    assert "expected 12:00:00, received 1:00:00 from 192.168.99.10" in failed["headline"]
    [finding] = failed["findings"]
    assert (finding["field"], finding["expected"], finding["received"]) == ("lease_time", 43200.0, 3600.0)
    assert finding["sender"]["address"] == "192.168.99.10"
    assert (finding["cause"]["file"], finding["cause"]["line"]) == (str(config), 4)
    assert (Path(failed["evidence"]) / "capture.pcap").is_file()


def test_interrupted(tmp_path: Path, result_of: ResultOf) -> None:
    """What had been found until then is there."""
    (tmp_path / "test_stray.py").write_text(ENDING.format("raise KeyboardInterrupt"))
    told = result_of("-c", "pyproject.toml", A_TEST, str(tmp_path / "test_stray.py"))
    assert (told["status"], told["meaning"], told["error"]) == (2, "interrupted", None)
    assert told["counts"]["passed"] > 0


def test_killed(tmp_path: Path, run_suite: RunSuite) -> None:
    """An earlier run's result is not there any more, to be taken for this one's."""
    file = tmp_path / "result.json"
    file.write_text('{"meaning": "passed"}')
    (tmp_path / "test_stray.py").write_text(ENDING.format("os.kill(os.getpid(), 9)"))
    run = run_suite(f"--result={file}", "-c", "pyproject.toml", A_TEST, str(tmp_path / "test_stray.py"))
    told = json.loads(file.read_text())
    assert run.status == -signal.SIGKILL, run.output
    assert (told["meaning"], told["status"], told["ended"]) == ("running, or killed", None, None)
    assert told["run"] is not None


@pytest.mark.parametrize("workers", [0, 2])
def test_lab_could_not_come_up(workers: int, changed: Changed, result_of: ResultOf) -> None:
    """The lab's own first error, and no test is said to have failed."""
    told = result_of(f"--dhcp-config={changed('interface=ens3', 'interface=ens9')}", workers=workers)
    assert (told["status"], told["meaning"], told["failures"]) == (3, "lab could not come up", [])
    assert told["error"].startswith(
        "dhcp-server: ended with status 2, saying 'dnsmasq: unknown interface ens9'"
    )
    assert "candidate.conf:5 interface=ens9" in told["error"]


def test_lab_broke(environment: dict[str, str], result_of: ResultOf) -> None:
    """In mid-run: nothing that came after it is a failure of the server's."""
    environment[SEGMENT_VARIABLE] = "pulled cable"
    told = result_of("-p", PLUGIN, "tests/e2e/test_who_answers.py")
    assert (told["status"], told["meaning"], told["failures"]) == (3, "lab could not come up", [])
    assert "the server's port port0 is gone" in told["error"]


@pytest.mark.parametrize("workers", [0, 2])
def test_usage_error(workers: int, result_of: ResultOf) -> None:
    """What cannot be used, and why; there is no run to tell of."""
    told = result_of("--lab=moon", A_TEST, workers=workers)
    assert (told["status"], told["meaning"], told["run"]) == (4, "usage error", None)
    assert told["error"].startswith("--lab moon: no such lab in this version")


def test_no_test(result_of: ResultOf) -> None:
    """Who verified nothing has not passed."""
    told = result_of("-k", "none_of_that_name", A_TEST)
    assert (told["status"], told["meaning"], told["counts"]["passed"]) == (5, "no test was run", 0)


def test_result_that_cannot_be_written_is_refused(tmp_path: Path, run_suite: RunSuite) -> None:
    """Before any test: a nightly run whose result nobody can read is none."""
    run = run_suite(f"--result={tmp_path}", A_TEST)
    assert run.status == pytest.ExitCode.USAGE_ERROR, run.output
    assert f"--result {tmp_path}: cannot be written" in run.output
    assert "Traceback" not in run.output
    assert " passed" not in run.output
