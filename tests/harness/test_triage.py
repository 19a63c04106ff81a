"""The triage comes first; what it shows to be in vain is not run, and counts as such."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.harness.result_schema import strict_validator
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

KNOWN_ONLY: Final = ("port=0", "port=0\ndhcp-ignore=tag:!known")
POOL_OF_TWO: Final = ("192.168.99.200", "192.168.99.101")
SOME_FILES: Final = ("tests/e2e/test_promptness.py", "tests/e2e/test_offer.py", "tests/e2e/test_header.py")
RED: Final = 3
"""Tests at most that one fault of the whole server turns red."""
each_way = pytest.mark.parametrize("workers", [0, 2])

ResultOf = Callable[..., dict[str, Any]]


@pytest.fixture
def result_of(run_suite: RunSuite, tmp_path: Path) -> ResultOf:
    """Runs the suite, reads its result file, and holds it against the published schema."""
    file = tmp_path / "result.json"

    def run_and_read(*arguments: str, workers: int = 0) -> dict[str, Any]:
        run = run_suite(f"--result={file}", *arguments, workers=workers)
        result: dict[str, Any] = json.loads(file.read_text())
        strict_validator().validate(result)
        assert result["status"] == run.status, run.output
        return result | {"output": run.output}

    return run_and_read


@each_way
def test_silent_server_is_told_once(workers: int, changed_config: ConfigChanger, result_of: ResultOf) -> None:
    """Everything that needs an answer is not run, and the line of the configuration is the reason."""
    result = result_of(f"--dhcp-config={changed_config(*KNOWN_ONLY)}", workers=workers)
    counts, triage = result["counts"], result["triage"]
    assert (result["status"], triage["would_boot"], triage["broken"]) == (1, False, ["answer"])
    assert "candidate.conf:4 dhcp-ignore=tag:!known" in triage["text"]
    assert counts["failed"] + counts["errors"] <= RED, result["failures"]
    assert counts["not_run"] > 300
    assert triage["seconds"] <= 15
    assert f"edgeboot: Edge nodes would not boot: {triage['text']}" in result["output"]


@each_way
def test_small_pool_is_told_once(workers: int, changed_config: ConfigChanger, result_of: ResultOf) -> None:
    """The first nodes boot, so that what needs one node only is still verified."""
    result = result_of(f"--dhcp-config={changed_config(*POOL_OF_TWO)}", workers=workers)
    assert (result["triage"]["would_boot"], result["triage"]["broken"]) == (None, ["room"])
    assert result["counts"]["failed"] + result["counts"]["errors"] <= RED, result["failures"]
    assert result["counts"]["passed"] > 50


@each_way
def test_good_server_is_told_in_one_line(workers: int, result_of: ResultOf) -> None:
    """Nothing is left out."""
    result = result_of("-k", "triage or answered_in_time or mask", workers=workers)
    assert (result["status"], result["counts"]["not_run"], result["triage"]["would_boot"]) == (0, 0, True)
    assert "edgeboot: Edge nodes would boot. (" in result["output"]


@each_way
def test_every_test_is_run_without_the_triage(
    workers: int, changed_config: ConfigChanger, result_of: ResultOf
) -> None:
    """More than one is red; a fixture that cannot be brought up is told once all the same."""
    config = changed_config(*KNOWN_ONLY)
    result = result_of("--no-triage", f"--dhcp-config={config}", *SOME_FILES, workers=workers)
    assert (result["triage"], result["status"]) == (None, 1)
    assert all(each["reason"].endswith("could not be brought up") for each in result["not_run"])
    assert result["counts"]["failed"] + result["counts"]["errors"] > 1


def test_fixture_that_cannot_be_brought_up_is_told_once(
    changed_config: ConfigChanger, result_of: ResultOf
) -> None:
    """The others point to the test that has its error and its evidence."""
    config = changed_config(*KNOWN_ONLY)
    result = result_of("--no-triage", f"--dhcp-config={config}", "tests/e2e/test_header.py")
    assert result["counts"]["errors"] == 2, result["failures"]
    told = {each["because"] for each in result["not_run"]}
    assert told == {failure["test"] for failure in result["failures"]}
    assert all((Path(failure["evidence"]) / "capture.pcap").is_file() for failure in result["failures"])


@each_way
def test_time_that_is_up_leaves_the_rest(workers: int, result_of: ResultOf) -> None:
    """They have not been verified, so that the run has not passed."""
    result = result_of("--budget=4s", *SOME_FILES, workers=workers)
    assert (result["status"], result["counts"]["failed"]) == (1, 0)
    [late] = result["not_run"]
    assert late["because"] is None
    assert late["reason"].startswith("out of time: the run has taken its 4 s (--budget)")


def test_budget_that_is_no_time_is_refused(run_suite: RunSuite) -> None:
    """Before anything is made."""
    run = run_suite("--budget=soon", SOME_FILES[0])
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "--budget soon: is no time; give one such as 90s or 10m" in run.output
