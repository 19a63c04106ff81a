"""``--result`` writes a machine-readable result for every outcome of a run."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.faults.causes import PLUGIN, SEGMENT_VARIABLE
from tests.harness.result_schema import strict_validator
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

ANY_TEST: Final = "tests/e2e/test_deployment.py"
LEASE_TESTS: Final = "tests/e2e/test_lease_time.py"
ENDING: Final = "import os, pytest\n\n@pytest.mark.e2e\ndef test_ending():\n    {}\n"
"""Source of a test that ends its run."""

ResultOf = Callable[..., dict[str, Any]]


@pytest.fixture
def result_of(run_suite: RunSuite, tmp_path: Path) -> ResultOf:
    """Runs the suite and reads its result file."""
    file = tmp_path / "results" / "result.json"

    def run_and_read(*arguments: str, workers: int = 0) -> dict[str, Any]:
        run = run_suite(f"--result={file}", *arguments, workers=workers)
        result: dict[str, Any] = json.loads(file.read_text())
        assert result["status"] == run.status, run.output
        strict_validator().validate(result)
        return result

    return run_and_read


@pytest.mark.parametrize("workers", [0, 2])
def test_passed(workers: int, result_of: ResultOf) -> None:
    """The result names lab, profile, server, counts and times; with xdist, too."""
    result = result_of(LEASE_TESTS, workers=workers)
    assert (result["status"], result["meaning"], result["failures"], result["error"]) == (
        0,
        "passed",
        [],
        None,
    )
    assert (result["lab"], result["profile"], result["counts"]["failed"]) == ("netns", "poc", 0)
    assert result["counts"]["passed"] > 10
    assert result["server"].startswith("dnsmasq 2.")
    assert result["started"] <= result["ended"]


@pytest.mark.parametrize("workers", [0, 2])
def test_failed_tests(workers: int, changed_config: ConfigChanger, result_of: ResultOf) -> None:
    """Each failure has its headline, the line of the cause and the directory of the pcap."""
    config = changed_config(",12h", ",1h")
    result = result_of(f"--dhcp-config={config}", LEASE_TESTS, workers=workers)
    assert (result["status"], result["meaning"]) == (1, "failed tests")
    assert len(result["failures"]) == result["counts"]["failed"] + result["counts"]["errors"]
    [failed] = [each for each in result["failures"] if "[ack-lease_time]" in each["test"]]
    assert "expected 12:00:00, received 1:00:00 from 192.168.99.10" in failed["headline"]
    [finding] = failed["findings"]
    assert (finding["field"], finding["expected"], finding["received"]) == ("lease_time", 43200.0, 3600.0)
    assert finding["sender"]["address"] == "192.168.99.10"
    assert (finding["cause"]["file"], finding["cause"]["line"]) == (str(config), 4)
    assert (Path(failed["evidence"]) / "capture.pcap").is_file()


def test_interrupted(tmp_path: Path, result_of: ResultOf) -> None:
    """The result has what was known when the run was interrupted."""
    (tmp_path / "test_stray.py").write_text(ENDING.format("raise KeyboardInterrupt"))
    result = result_of("-c", "pyproject.toml", ANY_TEST, str(tmp_path / "test_stray.py"))
    assert (result["status"], result["meaning"], result["error"]) == (2, "interrupted", None)
    assert result["counts"]["passed"] > 0


def test_killed(tmp_path: Path, run_suite: RunSuite) -> None:
    """A killed run leaves no earlier run's result that could be taken for its own."""
    file = tmp_path / "result.json"
    file.write_text('{"meaning": "passed"}')
    (tmp_path / "test_stray.py").write_text(ENDING.format("os.kill(os.getpid(), 9)"))
    run = run_suite(f"--result={file}", "-c", "pyproject.toml", ANY_TEST, str(tmp_path / "test_stray.py"))
    result = json.loads(file.read_text())
    assert run.status == -signal.SIGKILL, run.output
    assert (result["meaning"], result["status"], result["ended"]) == ("running, or killed", None, None)
    assert result["run"] is not None
    strict_validator().validate(result)


@pytest.mark.parametrize("workers", [0, 2])
def test_file_that_cannot_be_imported(workers: int, tmp_path: Path, result_of: ResultOf) -> None:
    """The result has it as a failure of its own."""
    (tmp_path / "test_stray.py").write_text("import nothing_of_that_name\n")
    stray = str(tmp_path / "test_stray.py")
    result = result_of("-c", "pyproject.toml", ANY_TEST, stray, workers=workers)
    assert [each["phase"] for each in result["failures"]] == ["collect"]
    assert "ImportError" in result["failures"][0]["headline"]


@pytest.mark.parametrize("workers", [0, 2])
def test_lab_could_not_come_up(workers: int, changed_config: ConfigChanger, result_of: ResultOf) -> None:
    """The result has the lab's first error, and no failed test."""
    result = result_of(f"--dhcp-config={changed_config('interface=ens3', 'interface=ens9')}", workers=workers)
    assert (result["status"], result["meaning"], result["failures"]) == (3, "lab could not come up", [])
    assert result["error"].startswith(
        "dhcp-server: ended with status 2, saying 'dnsmasq: unknown interface ens9'"
    )
    assert "candidate.conf:5 interface=ens9" in result["error"]


def test_lab_broke(environment: dict[str, str], result_of: ResultOf) -> None:
    """Nothing after the lab broke counts as a failure of the server."""
    environment[SEGMENT_VARIABLE] = "pulled cable"
    result = result_of("-p", PLUGIN, "tests/e2e/test_who_answers.py")
    assert (result["status"], result["meaning"], result["failures"]) == (3, "lab could not come up", [])
    assert "the server's port port0 is gone" in result["error"]


@pytest.mark.parametrize("workers", [0, 2])
def test_usage_error(workers: int, result_of: ResultOf) -> None:
    """The result has the error, and no run."""
    result = result_of("--lab=moon", "--segment=rack-7", ANY_TEST, workers=workers)
    assert (result["status"], result["meaning"], result["run"]) == (4, "usage error", None)
    assert result["segment"] == "rack-7"
    assert result["error"].startswith("--lab moon: no such lab in this version")


def test_segment_is_named(result_of: ResultOf) -> None:
    """One of a hundred that have the same lab, profile and contract."""
    result = result_of("--segment=rack-7", "-k", "states_the_times", LEASE_TESTS)
    assert (result["segment"], result["options"]) == ("rack-7", [])


def test_no_test(result_of: ResultOf) -> None:
    """A run without tests has not passed."""
    result = result_of("-k", "none_of_that_name", ANY_TEST)
    assert (result["status"], result["meaning"], result["counts"]["passed"]) == (5, "no test was run", 0)


def test_result_that_cannot_be_written_is_refused(tmp_path: Path, run_suite: RunSuite) -> None:
    """It is refused before any test: a nightly run without a readable result is useless."""
    run = run_suite(f"--result={tmp_path}", ANY_TEST)
    assert run.status == pytest.ExitCode.USAGE_ERROR, run.output
    assert f"--result {tmp_path}: cannot be written" in run.output
    assert "Traceback" not in run.output
    assert " passed" not in run.output
