"""``edgeboot verify``: the command that it becomes."""

from __future__ import annotations

import runpy
import sys

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.cli import verify
from edgeboot.cli.main import main
from edgeboot.labs.run_options import every_option


def arguments_of(*given: str) -> list[str]:
    """What pytest gets behind its configuration."""
    arguments = verify.suite_arguments(given)
    assert arguments[:2] == [f"--config-file={PROJECT / 'pyproject.toml'}", f"--rootdir={PROJECT}"]
    assert arguments[2:4] == ["-p", "no:hypothesispytest"]
    return arguments[4:]


def test_without_arguments_it_is_the_whole_suite() -> None:
    """The project's own tests, by their marker."""
    assert arguments_of() == ["-m", "e2e", str(verify.TESTS)]


@pytest.mark.parametrize("given", [("--dhcp-config", "/x/a.conf"), ("--dhcp-config=/x/a.conf",)])
def test_option_is_joined_with_its_value(given: tuple[str, ...]) -> None:
    """However it is written, pytest cannot take the file for a test."""
    assert arguments_of(*given)[2:-1] == ["--dhcp-config=/x/a.conf"]


def test_quick_verification_is_the_triage() -> None:
    """Of what would be run without it."""
    assert arguments_of("--quick")[:2] == ["-m", "(e2e) and triage"]
    files = arguments_of("--quick")[2:]
    assert str(verify.TESTS / "test_promptness.py") in files
    assert str(verify.TESTS / "test_malformed_messages.py") not in files
    assert arguments_of("--quick", "-m", "e2e or slow")[:2] == ["-m", "(e2e or slow) and triage"]


def test_switch_has_no_value() -> None:
    """As it stands on the command line."""
    assert arguments_of("--dry-run")[2:-1] == ["--dry-run"]


def test_what_is_pytest_s_is_left_to_pytest() -> None:
    """In its order, behind our own options."""
    assert arguments_of("-x", "-k", "boot", "--lab", "netns", "-n0")[2:-1] == [
        *("--lab=netns", "-x", "-k", "boot", "-n0")
    ]


def test_chosen_test_takes_the_suite_s_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named as from any directory."""
    monkeypatch.chdir(PROJECT)
    assert arguments_of("tests/e2e/test_boot.py::test_a")[2:] == ["tests/e2e/test_boot.py::test_a"]


def test_command_becomes_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process stands between a signal and the run."""
    ran: list[tuple[str, list[str]]] = []

    def run_module(name: str, **_: object) -> None:
        ran.append((name, sys.argv[1:]))
        raise SystemExit(1)

    monkeypatch.setattr(runpy, "run_module", run_module)
    monkeypatch.setattr(sys, "argv", ["edgeboot", "verify", "--lab=netns"])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert ran == [("pytest", verify.suite_arguments(["--lab=netns"]))]


def test_help_lists_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    """With its environment variable."""
    with pytest.raises(SystemExit):
        verify.suite_arguments(["--help"])
    shown = capsys.readouterr().out
    assert [option.name for option in every_option() if f"--{option.name}" not in shown] == []
    assert "EDGEBOOT_DHCP_CONFIG" in shown


def test_option_without_its_value_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Not an interrupt, as argparse's own status would say."""
    with pytest.raises(SystemExit, match="4"):
        verify.suite_arguments(["--contract"])
    assert capsys.readouterr().err.endswith("edgeboot verify: argument --contract: expected one argument\n")
