"""The ``edgeboot`` command: its output and its exit statuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from edgeboot import __version__
from edgeboot.base.paths import state_directory
from edgeboot.cli import main as cli
from edgeboot.labs.registry import LABS, PLAINEST
from edgeboot.machine.journal import Leftover
from tests.unit.samples import CONTRACT, entry, exchange, promised, reply

CLEAN_WITHOUT_KUBERNETES: Final = """
import sys
sys.modules["kubernetes"] = None
from edgeboot.cli.main import main
sys.exit(main(["clean"]))
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
    assert cli.main(["clean"]) == cli.EXIT_LAB_BROKEN
    printed = capsys.readouterr()
    assert printed.err.startswith(f"edgeboot: directory {left}: cannot be removed (")
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert (state_directory() / "journal" / "dead.jsonl").exists()


def test_wrong_interface_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 4; place, problem and hint in one line."""
    assert cli.main(["probe", "--interface", "edgeboot-none"]) == cli.EXIT_USAGE
    printed = capsys.readouterr()
    assert printed.err.startswith("edgeboot: --interface edgeboot-none: no such interface; choose from ")
    assert printed.out == ""


@pytest.mark.parametrize(
    "option,shows", [("--json", '"boots": "tftp://'), ("--client=pxe-bios", "would boot")]
)
def test_probe_shows_who_answered(
    option: str, shows: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a table or as JSON; the exit status is 0."""
    monkeypatch.setattr(cli, "probe", lambda *_: exchange(reply(promised(CONTRACT))))
    assert cli.main(["probe", "-i", "lo", option]) == 0
    printed = capsys.readouterr()
    assert shows in printed.out
    assert printed.err == ""


def test_probe_that_two_answered_judges_them_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a line below the table; with one server the table is enough."""
    both = exchange(reply(promised(CONTRACT)), reply(promised(CONTRACT)))
    monkeypatch.setattr(cli, "probe", lambda *_: both)
    assert cli.main(["probe", "-i", "lo"]) == 0
    assert "of all 2 answers edk2-pxe-x86-64 would boot tftp://" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("option,out", [("--json", "[]\n"), ("--client=pxe-bios", "")])
def test_probe_that_nobody_answered_says_so(
    option: str, out: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1; what a program reads is an empty list all the same."""
    monkeypatch.setattr(cli, "probe", lambda *_: exchange())
    assert cli.main(["probe", "-i", "lo", option]) == cli.EXIT_FOUND_WANTING
    printed = capsys.readouterr()
    assert printed.out == out
    assert " ".join(printed.err.split()).startswith("nobody answered DHCPDISCOVER xid 0x0a0b0c0d (168496141)")


def test_doctor_names_every_prerequisite(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, found or missing, and the status says whether all are there."""
    kind = LABS[PLAINEST]
    status = cli.main(["doctor", "--lab", PLAINEST])
    output = capsys.readouterr().out
    assert all(prerequisite.name in output for prerequisite in kind.prerequisites(kind.defaults))
    assert status == (cli.EXIT_FOUND_WANTING if "MISSING" in output else 0)


def test_interrupted_command_ends_as_a_shell_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    """128 and the signal's number."""

    def interrupted(**_: object) -> list[Leftover]:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "clean", interrupted)
    assert cli.main(["clean"]) == 130


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """The version, for bug reports."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"edgeboot {__version__}\n")


@pytest.mark.parametrize(
    "arguments,complaint",
    [
        ([], "the following arguments are required: COMMAND"),
        (["probe"], "the following arguments are required: -i/--interface"),
        (["probe", "-i", "lo", "--client", "VAX"], "invalid choice: 'VAX'"),
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
    assert ended.value.code == cli.EXIT_USAGE
    assert complaint in capsys.readouterr().err


def test_note_shows_an_interface_s_name_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name may have brackets and colons, which are printed unchanged."""
    monkeypatch.setattr(cli, "probe", lambda *_: exchange())
    monkeypatch.setattr(cli, "blind_spot", lambda _: "[/x] :ab: is a bridge")
    cli.main(["probe", "-i", "[/x]"])
    assert "note: [/x] :ab: is a bridge" in capsys.readouterr().err


def test_clean_without_the_kind_extras_says_what_to_install(state: Path) -> None:
    """An entry that needs kubernetes, where it is not installed: one line and no traceback."""
    (state / "journal").mkdir(parents=True)
    path = state / "journal" / "dead.jsonl"
    line = {"what": "make", "kind": "CLUSTER_OBJECT", "name": "Pod ns/dhcp-server of run ab12cd by /config"}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    command = [sys.executable, "-c", CLEAN_WITHOUT_KUBERNETES]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == cli.EXIT_LAB_BROKEN
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
    assert cli.main(["clean"]) == cli.EXIT_LAB_BROKEN
    output = capsys.readouterr()
    assert (output.out, output.err.count("names a 'VM', a kind that this edgeboot does not know")) == ("", 2)
    assert len(list((state / "journal").iterdir())) == 2
