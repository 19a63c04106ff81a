"""``edgeboot storm`` where other people's machines boot: what it refuses before anything is sent."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import pytest

from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.labs.feature import Feature
from tests.unit.cli.begun_storms import Begun, record_storms

SITE: Final = ("storm", "--lab=orchestrator", "--interface=lo")
NAMED: Final = "--disruptive=192.168.99.0/24"


class Terminal(io.StringIO):
    """Somebody types there."""

    def isatty(self) -> bool:
        """It is a terminal."""
        return True


@pytest.fixture(autouse=True)
def stormed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Begun]:
    """The storms that were begun; nothing is sent."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return record_storms(monkeypatch)


@pytest.mark.parametrize(
    "arguments,words",
    [
        (
            (),
            "takes up to 100 of 101 addresses, and the server's time; say --disruptive 192.168.99.0/24",
        ),
        (("--disruptive=192.168.98.0/24",), "--disruptive 192.168.98.0/24: is not the segment of this storm"),
        (("--disruptive=yes",), "--disruptive yes: is not the segment of this storm"),
        (
            (NAMED, "--nodes=1001"),
            "--nodes 1001: are too many; on 192.168.99.0/24, which is not the suite's own",
        ),
        ((NAMED, "--arrival=burst", "--nodes=201"), "--arrival burst: makes 201 in a second"),
        ((NAMED, "--arrival=poisson", "--rate=300", "--nodes=900"), "--rate 300: makes 300 in a second"),
        ((NAMED, "--within=11m"), "--within 11m: is too long; "),
        (
            ("--interface=absent", "--disruptive=wrong"),
            "--disruptive wrong: is not the segment of this storm",
        ),
        ((NAMED, "--interface=absent"), "--interface absent: no such interface"),
        ((NAMED, "--deploy=no", "--what-if=no-ping"), "--what-if no-ping: changes a server that is not"),
    ],
)
def test_other_peoples_segment_is_refused(
    arguments: tuple[str, ...],
    words: str,
    stormed: list[Begun],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line says whom it would harm, or what it may be at most; no storm is begun."""
    assert main([*SITE, *arguments]) == EXIT_USAGE
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not stormed


@pytest.mark.parametrize(
    "variable,words",
    [
        ("EDGEBOOT_DISRUPTIVE", "keeps other people's machines"),
        ("EDGEBOOT_DRY_RUN", "EDGEBOOT_DRY_RUN: a storm has"),
    ],
)
def test_a_variable_is_nobodys_word(
    variable: str,
    words: str,
    stormed: list[Begun],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It was exported for the suite's runs, which are polite without it."""
    monkeypatch.setenv(variable, "yes")
    assert main(SITE) == EXIT_USAGE
    assert words in capsys.readouterr().err
    assert not stormed


def test_the_segments_name_is_consent(stormed: list[Begun]) -> None:
    """The lab lets every frame pass then."""
    assert main([*SITE, NAMED]) == EXIT_FOUND_WANTING
    assert Feature.OWN_SEGMENT in stormed[0].settings.features


@pytest.mark.parametrize(
    "typed,status", [("192.168.99.0/24\n", EXIT_FOUND_WANTING), ("y\n", EXIT_USAGE), ("", EXIT_USAGE)]
)
def test_a_terminal_is_asked_for_it(
    typed: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whom the storm would harm is said before."""
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert main(SITE) == status
    assert (
        "a storm of 100 nodes keeps other people's machines on 192.168.99.0/24 from booting: it takes up to "
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("lab", ["netns", "kind"])
def test_a_lab_with_a_segment_of_its_own_asks_nobody(lab: str, stormed: list[Begun]) -> None:
    """Nobody else's machine is on it."""
    assert main(["storm", f"--lab={lab}"]) == EXIT_FOUND_WANTING
    assert len(stormed) == 1
