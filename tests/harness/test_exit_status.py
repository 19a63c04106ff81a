"""The exit status says what the table of docs/operations.md says, in one process and with workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

LEASE_TESTS = "tests/e2e/test_lease_time.py"
each_way = pytest.mark.parametrize("workers", [0, 2])


@each_way
def test_run_that_its_first_failure_ends_has_failed(
    workers: int, changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """-x stops the run by a failed test, not by the user."""
    config = changed_config(",12h", ",1h")
    run = run_suite("-x", f"--dhcp-config={config}", LEASE_TESTS, workers=workers)
    assert run.status == pytest.ExitCode.TESTS_FAILED, run.output
    assert "stopping after 1 failures" in run.output


@each_way
def test_file_that_cannot_be_read_has_failed(workers: int, tmp_path: Path, run_suite: RunSuite) -> None:
    """Its tests have no result, and nobody has interrupted anything."""
    stray = tmp_path / "test_stray.py"
    stray.write_text("import no_such_module\n")
    run = run_suite("-c", "pyproject.toml", LEASE_TESTS, str(stray), workers=workers)
    assert run.status == pytest.ExitCode.TESTS_FAILED, run.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "none_of_that_name", LEASE_TESTS),
        ("tests/e2e/test_kubernetes_admission.py",),
    ],
    ids=["none selected", "all skipped"],
)
@each_way
def test_run_that_verifies_nothing_does_not_pass(
    workers: int, arguments: tuple[str, ...], run_suite: RunSuite
) -> None:
    """Nothing is known about the server then."""
    run = run_suite(*arguments, workers=workers)
    assert run.status == pytest.ExitCode.NO_TESTS_COLLECTED, run.output
