"""The ``edgeboot`` command: its output and its exit statuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from edgeboot import __version__
from edgeboot.base.paths import state_directory
from edgeboot.cli import clean as clean_command
from edgeboot.cli import main as cli
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_LAB_BROKEN, EXIT_USAGE
from edgeboot.cli.main import COMMANDS
from edgeboot.host.journal import Leftover
from edgeboot.labs.registry import LABS, PLAINEST
from tests.unit.samples import entry

CLEAN_WITHOUT_KUBERNETES: Final = """
import sys
sys.modules["kubernetes"] = None
from edgeboot.cli.main import main
sys.exit(main(["clean"]))
"""


IMPORTED: Final = """
import sys
from edgeboot.cli.main import main
try:
    main(sys.argv[1:])
finally:
    slow = {"cryptography", "hypothesis", "jinja2", "kubernetes", "pytest", "scapy"}
    print("imported:", slow & set(sys.modules), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate state directory, so that only this test's leftovers are removed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return state_directory()


@pytest.fixture
def left(state: Path, tmp_path: Path) -> Path:
    """A directory that an ended run left."""
    left = tmp_path / "left"
    left.mkdir()
    (state / "journal").mkdir(parents=True)
    (state / "journal" / "dead.jsonl").write_text(entry("make", left), encoding="utf-8")
    return left


def test_clean_removes_what_was_left_and_says_so(left: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second time there is nothing more to do."""
    assert cli.main(["clean"]) == 0
    assert capsys.readouterr().out == f"removed directory {left}\n"
    assert not left.exists()
    assert cli.main(["clean"]) == 0
    assert capsys.readouterr().out == "nothing was left behind\n"


def test_clean_that_cannot_is_a_broken_lab(left: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 3, one line on stderr, and the journal stays for the next try."""
    left.rmdir()
    left.touch()
    assert cli.main(["clean"]) == EXIT_LAB_BROKEN
    printed = capsys.readouterr()
    assert printed.err.startswith(f"edgeboot: directory {left}: cannot be removed (")
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert (state_directory() / "journal" / "dead.jsonl").exists()


def test_wrong_interface_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 4; place, problem and hint in one line."""
    assert cli.main(["probe", "--interface", "edgeboot-none"]) == EXIT_USAGE
    printed = capsys.readouterr()
    assert printed.err.startswith("edgeboot: --interface edgeboot-none: no such interface; choose from ")
    assert printed.out == ""


def test_doctor_names_every_prerequisite(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, found or missing, and the status says whether all are there."""
    kind = LABS[PLAINEST]
    status = cli.main(["doctor", "--lab", PLAINEST])
    output = capsys.readouterr().out
    assert all(prerequisite.name in output for prerequisite in kind.prerequisites(kind.defaults))
    assert status == (EXIT_FOUND_WANTING if "MISSING" in output else 0)


def test_doctor_asks_the_machines_of_an_inventory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only those that are named, and what each says is in its line."""
    inventory = tmp_path / "machines.toml"
    entries = [
        f'[[machine]]\nname = "{name}"\nmac = "52:54:00:00:00:0{name}"\nkind = "command"\n'
        f'on = "true"\noff = "true"\nstatus = "echo power is {status}"'
        for name, status in (("a", "on"), ("b", "nowhere"))
    ]
    inventory.write_text("\n".join(entries), encoding="utf-8")
    cli.main(["doctor", f"--machines={inventory}", "--machine=a"])
    output = " ".join(capsys.readouterr().out.split())
    assert "machine a │ power is on; is left alone" in output.replace("|", "│")
    assert "machine b" not in output


def test_doctor_refuses_a_machine_of_no_inventory(capsys: pytest.CaptureFixture[str]) -> None:
    """A usage error, as a run has it."""
    assert cli.main(["doctor", "--machine=a"]) == EXIT_USAGE
    assert "--machine a: names a machine of no inventory" in capsys.readouterr().err


def test_interrupted_command_ends_as_a_shell_expects(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """128 and the signal's number; a word says that it was not at its end."""

    def interrupted(**_: object) -> list[Leftover]:
        raise KeyboardInterrupt

    monkeypatch.setattr(clean_command, "clean", interrupted)
    assert cli.main(["clean"]) == 130
    assert capsys.readouterr().err == "edgeboot: interrupted\n"


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """The version, for bug reports."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"edgeboot {__version__}\n")


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["verify", "--help"], ["moon"]], ids=" ".join
)
def test_command_imports_only_what_it_needs(arguments: list[str]) -> None:
    """An answer that needs no lab comes at once."""
    command = [sys.executable, "-c", IMPORTED, *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "imported: set()" in finished.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_command_describes_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is a module of its own."""
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: edgeboot {name} ")


@pytest.mark.parametrize(
    "arguments,complaint",
    [
        ([], "the following arguments are required: COMMAND"),
        (["probe"], "the following arguments are required: -i/--interface"),
        (["probe", "-i", "x", "--wait", "soon"], "--wait: is no duration such as 12h, 10h30m or 90s, found"),
        (["probe", "-i", "x", "--wait", "0s"], "--wait: is no time at all"),
        (["probe", "-i", "x", "--mac", "ff:ff:ff:ff:ff:ff"], "is an address of a group, not of a machine"),
        (["probe", "-i", "x", "--mac", "52:54"], "'52:54' is no Ethernet address"),
        (["probe", "-i", "x", "--giaddr", "10.0.0"], "Expected 4 octets in '10.0.0'"),
        (["doctor", "--lab", "moon"], "invalid choice: 'moon'"),
        (["hint"], "invalid choice: 'hint'"),
    ],
    ids=" ".join,
)
def test_command_line_that_cannot_be_read_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is done, and the usage is shown."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == EXIT_USAGE
    assert complaint in capsys.readouterr().err


def test_clean_without_the_kind_extras_says_what_to_install(state: Path) -> None:
    """An entry that needs kubernetes, where it is not installed: one line and no traceback."""
    (state / "journal").mkdir(parents=True)
    path = state / "journal" / "dead.jsonl"
    line = {"what": "make", "kind": "CLUSTER_OBJECT", "name": "Pod ns/dhcp-server of run ab12cd by /config"}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    command = [sys.executable, "-c", CLEAN_WITHOUT_KUBERNETES]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == EXIT_LAB_BROKEN
    assert finished.stderr.startswith(f"edgeboot: cluster object of {path} line 1: cannot be removed without")
    assert finished.stderr.count("\n") == 1
    assert path.exists()


def test_clean_names_everything_that_it_could_not_remove(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line each on stderr; a kind that is not known keeps its journal."""
    (state / "journal").mkdir(parents=True)
    for name in ("a", "b"):
        text = '{"what": "make", "kind": "VM", "name": "x"}\n'
        (state / "journal" / f"{name}.jsonl").write_text(text, encoding="utf-8")
    assert cli.main(["clean"]) == EXIT_LAB_BROKEN
    output = capsys.readouterr()
    assert (output.out, output.err.count("names a 'VM', a kind that this edgeboot does not know")) == ("", 2)
    assert len(list((state / "journal").iterdir())) == 2


@pytest.mark.parametrize("arguments", [["--version"], ["verify", "--help"]], ids=" ".join)
def test_service_managers_word_to_end_is_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """What a command has made is removed, as after Ctrl-C; of verify also before pytest is there."""
    said: list[object] = []
    monkeypatch.setattr("signal.signal", lambda number, handler: said.append((number, handler)))
    with pytest.raises(SystemExit):
        cli.main(arguments)
    assert (signal.SIGTERM, signal.default_int_handler) in said
