"""How a run is watched, by where it is printed."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO

import pytest

from fixtures.settings import SETTINGS
from fixtures.watch import _style


class Terminal(io.TextIOWrapper):
    """Says that it is one."""

    def isatty(self) -> bool:
        """Whatever it is."""
        return True


def config(**options: object) -> Any:
    """Of a run with these options."""
    made: Any = SimpleNamespace(stash=pytest.Stash(), getini=lambda _: False)
    made.stash[SETTINGS] = SimpleNamespace(dry_run=False)
    made.pluginmanager = SimpleNamespace(get_plugin=lambda _: object())
    given = {"verbose": 0, "usepdb": False, "trace": False, "capture": "fd", "log_cli_level": None}
    made.option = SimpleNamespace(**given | options)
    return made


@pytest.mark.parametrize(
    "options,style",
    [
        ({}, "live"),
        ({"verbose": 1}, "lines"),
        ({"usepdb": True}, "lines"),
        ({"capture": "no"}, "lines"),
        ({"verbose": -1}, "silent"),
        ({"setupshow": True}, "silent"),
    ],
)
def test_terminal_has_a_live_line_that_disturbs_nobody(
    options: dict[str, object], style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a debugger nor a test's own output."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    with Terminal((tmp_path / "output").open("wb")) as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        assert _style(config(**options)).value == style


@pytest.mark.parametrize("output", [io.StringIO(), None])
def test_program_that_collects_the_output_has_no_line(
    output: TextIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no descriptor to print past pytest on."""
    monkeypatch.setattr(sys, "stdout", output)
    assert _style(config()).value == "silent"
