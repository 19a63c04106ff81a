"""The wheel, built, installed in an environment of its own and used there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from tests.harness.suite import Run, own_environment

pytestmark = [pytest.mark.harness, pytest.mark.timeout(300)]

FOREIGN: Final = Path(__file__).with_name("foreign")
NEEDED: Final = (
    "conftest.py",
    "fixtures",
    "tests/e2e",
    "manifests",
    "contracts",
    "docs/statements",
    "pyproject.toml",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this clone."""
    directory = tmp_path_factory.mktemp("wheel")
    must(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", f"-w{directory}", PROJECT)
    [wheel] = directory.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' directory of an environment that has the wheel and what it depends on, as locked."""
    directory = tmp_path_factory.mktemp("venv")
    venv.create(directory, with_pip=True)
    locked = re.findall(r"^\S+==[^\s;]+", (PROJECT / "requirements.lock").read_text(), re.MULTILINE)
    constraints = directory / "constraints.txt"
    constraints.write_text("\n".join(locked), encoding="utf-8")
    must(directory / "bin" / "pip", "install", "--quiet", f"--constraint={constraints}", wheel)
    return directory / "bin"


def test_wheel_has_one_top_level_name_and_no_pytest_plugin(wheel: Path) -> None:
    """``fixtures`` is another project's name."""
    with zipfile.ZipFile(wheel) as archive:
        top_level = {name.partition("/")[0] for name in archive.namelist()}
        [entry_points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert b"pytest11" not in archive.read(entry_points)
    assert {name.partition("-")[0] for name in top_level} == {"edgeboot"}


def test_wheel_has_every_file_that_a_run_needs(wheel: Path) -> None:
    """All that is versioned in the directories which a run reads."""
    listed = must("git", "ls-files", *NEEDED).stdout.split()
    with zipfile.ZipFile(wheel) as archive:
        assert {f"edgeboot/_suite/{name}" for name in listed} - set(archive.namelist()) == set()


def test_installed_suite_verifies_a_server(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """With manifests and contracts of its own; results are where the user stands."""
    candidate = tmp_path / "candidate.conf"
    shutil.copy(PROJECT / "manifests" / "dhcp-server" / "base" / "dnsmasq.conf", candidate)
    options = ("--lab", "netns", "--dhcp-config", "candidate.conf", "--result", "result.json")
    run = edgeboot(installed, tmp_path, environment, "verify", *options, "-n0", "-k", "test_who_answers")
    assert run.status == 0, run.output
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["counts"]["passed"] > 0
    assert str(installed.parent) in result["contract"]
    assert "config candidate.conf" in run.output


@pytest.mark.parametrize(
    "arguments,status,says",
    [
        (("verify", "--lab", "moon"), 4, "--lab moon: no such lab in this version"),
        (("verify", "--contract", "absent.toml"), 4, "--contract absent.toml: no such file"),
        (
            ("verify", "--lab=netns", "--dhcp-command=sleep 100", "-n0", "-k", "test_who_answers"),
            3,
            "runs but serves no DHCP",
        ),
        (("verify", "--help"), 0, "--dhcp-config VALUE"),
        (("probe", "-i", "edgeboot-none"), 4, "no such interface"),
        (("doctor",), None, "dnsmasq"),
        (("clean",), 0, "nothing was left behind"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "",
)
def test_installed_command_says_what_the_clone_s_says(
    arguments: tuple[str, ...],
    status: int | None,
    says: str,
    installed: Path,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    """The same words and exit statuses; doctor's depends on the machine."""
    run = edgeboot(installed, tmp_path, environment, *arguments)
    assert status in {run.status, None}, run.output
    assert says in run.output
    assert "Traceback" not in run.output


def test_failed_test_leaves_its_evidence_where_the_user_stands(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Not among the package's files."""
    contract = tmp_path / "other.toml"
    base = PROJECT / "contracts" / "poc.toml"
    contract.write_text(f'based_on = "{base}"\nbroadcast_address = "192.168.99.254"\n', encoding="utf-8")
    options = ("--lab=netns", "--contract", "other.toml", "-n0", "-k", "test_reply_describes_the_network")
    run = edgeboot(installed, tmp_path, environment, "verify", *options)
    assert run.status == 1, run.output
    assert list((tmp_path / "evidence").glob("*/*/report.txt"))


def test_foreign_project_of_its_environment_runs_as_without_it(installed: Path, tmp_path: Path) -> None:
    """It was ended by INTERNALERROR once."""
    shutil.copy(FOREIGN / "checks.py", tmp_path / "test_checks.py")
    shutil.copy(FOREIGN / "options.py", tmp_path / "conftest.py")
    command = [str(installed / "pytest"), "-q", "-k", "test_nothing_of_another_project_is_loaded"]
    run = subprocess.run(
        command, cwd=tmp_path, env=own_environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def edgeboot(programs: Path, directory: Path, environment: dict[str, str], *arguments: str) -> Run:
    """The installed command, run in a directory."""
    finished = subprocess.run(
        [str(programs / "edgeboot"), *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(finished.returncode, finished.stdout + finished.stderr)


def must(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """A command that has to succeed, in the clone."""
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished
