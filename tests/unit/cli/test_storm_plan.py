"""What ``edgeboot storm`` is asked for: options that cannot be, or that would change nothing, are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_USAGE
from edgeboot.cli.main import main
from tests.unit.cli.begun_storms import Begun, record_storms


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Begun]:
    """The storms that were begun; none is made."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return record_storms(monkeypatch)


@pytest.mark.parametrize(
    "arguments,words",
    [
        (
            ["--rate=5"],
            "--rate 5: has no effect: nodes of --arrival power-returns come within 5 s; leave it out, or say",
        ),
        (
            ["--rate=50", "--arrival=burst"],
            "--rate 50: has no effect: nodes of --arrival burst come at once",
        ),
        (["--seed=2", "--arrival=burst"], "--seed 2: has no effect: nothing of --arrival burst is random"),
        (["--seed=1", "--find-capacity"], "--seed 1: has no effect: each storm of a search has arrivals"),
        (
            ["--client=dhclient", "--rounds=ipxe,system"],
            "--client dhclient: has no effect: --rounds ipxe,system has no round firmware",
        ),
        (
            ["--fetch", "--rounds=system"],
            "--fetch: has no effect: nothing of --rounds system boots from the network; leave it out",
        ),
        (
            ["--budget=5m"],
            "--budget 5m: has no effect: it is the time for a search; leave it out, or say --find-capacity",
        ),
        (
            ["--arrival=constant", "--rate=0.5"],
            "--within 2m: is over before all nodes are switched on, which takes 198 s; give more time, fewer",
        ),
        (["--within=3s"], "--within 3s: is over before all nodes are switched on, which takes 5 s"),
    ],
)
def test_option_without_effect_is_refused(
    arguments: list[str], words: str, asked: list[Begun], capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody has given it for something: one line names it, and the mend."""
    assert main(["storm", *arguments]) == EXIT_USAGE
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not asked


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rate=5", "--arrival=poisson", "--seed=2"],
        ["--seed=2"],
        ["--client=dhclient", "--rounds= firmware , system"],
        ["--fetch", "--rounds=firmware,system"],
        ["--arrival=constant", "--rate=0.5", "--within=4m"],
        ["--within=3s", "--arrival=burst"],
    ],
    ids=" ".join,
)
def test_option_with_an_effect_is_taken(arguments: list[str], asked: list[Begun]) -> None:
    """The storm is made."""
    assert main(["storm", *arguments]) == EXIT_FOUND_WANTING
    assert len(asked) == 1


@pytest.mark.parametrize("value", ["soon", "0s"])
def test_error_repeats_what_was_typed(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command line has many values."""
    with pytest.raises(SystemExit):
        main(["storm", f"--within={value}"])
    error = capsys.readouterr().err
    assert "argument --within: is no " in error
    assert f"found {value!r}" in error
