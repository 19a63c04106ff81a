"""A boot file that is broken, or is not there to be served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edgeboot.boot.files import boot_file
from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness

TESTS = "tests/e2e/test_boot_file.py"
LAB_BROKEN = 3


def test_truncated_boot_file_is_told(run_suite: RunSuite, tmp_path: Path) -> None:
    """It comes as it lies there; what is in it ends too early, and the failure says where and from whom."""
    broken = tmp_path / "broken.efi"
    broken.write_bytes(boot_file().read_bytes()[:100_000])
    run = run_suite(f"--boot-file={broken}", TESTS, "-k=efi_application or offer_leads")
    assert run.status == 1, run.output
    assert "1 failed, 1 passed" in run.output
    told = r"192\.168\.99\.40 \(52:54:00:12:34:40\) is no EFI application: its section \S+ ends at octet \d+"
    assert re.search(rf"{told}, the file at 100000: cut short", run.output), run.output
    assert "edgeboot: the boot server's log, its end" in run.output


def test_page_in_place_of_a_boot_file_is_told(run_suite: RunSuite, tmp_path: Path) -> None:
    """What a proxy's error page looks like, saved under the boot file's name."""
    (tmp_path / "page.efi").write_text("<html>")
    run = run_suite(f"--boot-file={tmp_path / 'page.efi'}", TESTS, "-k=efi_application")
    assert run.status == 1, run.output
    assert "it begins with b'<html>', not with MZ" in run.output


def test_missing_files_break_the_lab_in_one_line(
    run_suite: RunSuite, environment: dict[str, str], tmp_path: Path
) -> None:
    """Never a skip: the tests could not say whether a node boots."""
    environment["XDG_CACHE_HOME"] = str(tmp_path / "empty")
    run = run_suite(TESTS)
    assert run.status == LAB_BROKEN, run.output
    [line] = [line for line in run.output.splitlines() if "the lab cannot be used" in line]
    assert "ipxe.efi is missing; run tools/boot-files" in line
    assert "Traceback" not in run.output
