"""Where the suite does not run it changes nothing: in other projects, in unit tests, in a mere listing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.report.evidence import keep
from tests.harness.suite import own_environment

pytestmark = pytest.mark.harness

FOREIGN: Final = Path(__file__).with_name("foreign")
NOBODY: Final = 65534
AS_NOBODY: Final = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *(
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
    ),  # To read this Python, wherever it is.
)


@pytest.fixture
def foreign_project() -> Iterator[Path]:
    """Another project's directory, which every user may enter."""
    with tempfile.TemporaryDirectory(prefix="foreign-") as name:
        project = Path(name)
        project.chmod(0o755)
        shutil.copy(FOREIGN / "options.py", project / "conftest.py")
        shutil.copy(FOREIGN / "checks.py", project / "test_checks.py")
        yield project


@pytest.fixture
def dead_journal(environment: dict[str, str], tmp_path: Path) -> Path:
    """What a killed run would leave: a journal that names a directory."""
    journal = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal" / "dead.jsonl"
    journal.parent.mkdir(parents=True)
    (tmp_path / "left").mkdir()
    entry = {"what": "make", "kind": "DIRECTORY", "name": str(tmp_path / "left")}
    journal.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    return journal


@pytest.fixture
def old_evidence(tmp_path: Path) -> Path:
    """More runs' evidence than is kept."""
    for number in range(50):
        keep(tmp_path / "evidence", f"run{number}", "test", [], [], "")
    return tmp_path / "evidence"


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("user,command", [(os.geteuid(), ()), (NOBODY, AS_NOBODY)], ids=["own", "ordinary"])
def test_foreign_project_is_left_alone(
    user: int, command: tuple[str, ...], workers: int, foreign_project: Path
) -> None:
    """Its tests run in its own namespace, as its user, with its own options, whatever our variables say."""
    if command and os.geteuid() != 0:
        pytest.skip("only root may become another user")
    netns = Path("/proc/self/ns/net").stat().st_ino
    variables = {"FOREIGN_NETNS": str(netns), "FOREIGN_USER": str(user), "EDGEBOOT_LAB": "moon"}
    run = subprocess.run(
        [*command, sys.executable, "-m", "pytest", "-q", f"-n{workers}", "-p", "no:cacheprovider"],
        cwd=foreign_project,
        env=own_environment() | variables | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "3 passed" in run.stdout


@pytest.mark.parametrize(
    "arguments",
    [("tests/unit/base/test_mac.py",), ("-m", "e2e", "--collect-only", "tests/e2e/test_boot.py")],
    ids=["unit tests", "a listing"],
)
def test_run_without_a_lab_removes_nothing(
    arguments: tuple[str, ...], environment: dict[str, str], dead_journal: Path, old_evidence: Path
) -> None:
    """The journal of a killed run and the evidence of old ones stay as they are."""
    before = sorted(old_evidence.iterdir())
    run = run_pytest(*arguments, f"--evidence={old_evidence}", environment=environment)
    assert run.returncode == 0, run.stdout
    assert dead_journal.exists()
    assert sorted(old_evidence.iterdir()) == before


def test_unit_tests_do_not_read_the_suite_s_options(environment: dict[str, str]) -> None:
    """A lab that there is not is no concern of theirs."""
    run = run_pytest("tests/unit/base/test_mac.py", environment=environment | {"EDGEBOOT_LAB": "moon"})
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_ordinary_user_s_unit_tests_stay_in_their_namespace(
    environment: dict[str, str], foreign_project: Path
) -> None:
    """Only a lab that is really made needs one of its own."""
    netns = Path("/proc/self/ns/net").stat().st_ino
    variables = {"FOREIGN_NETNS": str(netns), "FOREIGN_USER": str(NOBODY)}
    (foreign_project / "conftest.py").unlink()  # Its options are this project's, here.
    checks = foreign_project / "test_checks.py"
    run = run_pytest(
        *("-c", str(PROJECT / "pyproject.toml"), f"{checks}::test_process_is_where_and_who_it_was"),
        *("-p", "no:cacheprovider", "tests/unit/suite/test_suite_plugin.py"),
        environment=environment | variables,
        command=AS_NOBODY,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_suite_runs_without_xdist(environment: dict[str, str]) -> None:
    """Parallel runs are this project's default, not its condition."""
    run = run_pytest("-p", "no:xdist", "tests/unit/base/test_mac.py", environment=environment)
    assert run.returncode == 0, run.stdout + run.stderr


def test_all_tests_are_collected_without_xdist(environment: dict[str, str]) -> None:
    """None of the usual paths has a marker that xdist registers."""
    run = run_pytest("-p", "no:xdist", "--collect-only", "-q", environment=environment)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr


@pytest.mark.parametrize("directory", [".", "docs"])
@pytest.mark.parametrize("joined", [True, False], ids=["joined", "apart"])
def test_option_may_name_a_file_anywhere(
    joined: bool, directory: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    """pytest would take a FILE outside for a test, and look for its configuration there."""
    file = tmp_path / "candidate.conf"
    shutil.copy(PROJECT / "manifests" / "dhcp-server" / "base" / "dnsmasq.conf", file)
    option = (f"--dhcp-config={file}",) if joined else ("--dhcp-config", str(file))
    tests = () if directory == "." else (str(PROJECT / "tests" / "e2e"),)
    run = run_pytest(
        *("-m", "e2e", "--lab=netns", "--collect-only", "-v", *option, *tests),
        environment=environment,
        directory=PROJECT / directory,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"config {file}" in run.stdout


def run_pytest(
    *arguments: str,
    environment: dict[str, str],
    command: tuple[str, ...] = (),
    directory: Path = PROJECT,
) -> subprocess.CompletedProcess[str]:
    """A run of pytest in this project."""
    return subprocess.run(
        [*command, sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
