"""Missing boot files break the lab."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness

TESTS = "tests/e2e/test_boot_file.py"
LAB_BROKEN = 3


def test_missing_files_break_the_lab_in_one_line(
    run_suite: RunSuite, environment: dict[str, str], tmp_path: Path
) -> None:
    """The run ends in one line and skips nothing: without the files no test can say whether a node boots."""
    environment["XDG_CACHE_HOME"] = str(tmp_path / "empty")
    run = run_suite(TESTS)
    assert run.status == LAB_BROKEN, run.output
    [line] = [line for line in run.output.splitlines() if "the lab cannot be used" in line]
    assert "ipxe.efi is missing; run tools/boot-files" in line
    assert "Traceback" not in run.output
