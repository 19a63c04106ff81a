"""docs/explain.md: its fields, stories and numbers are the program's."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.cli.main import main
from edgeboot.report.story_told.as_json import as_object
from tests.unit.report.story_told.stories import BOOTED, GONE, captured

TEXT: Final = (PROJECT / "docs" / "explain.md").read_text(encoding="utf-8")
STORIES: Final = re.findall(r"\$ edgeboot explain (\S+)\n(.*?)\n```", TEXT, re.DOTALL)

DIAGNOSIS: Final = re.compile(r"\[[a-z0-9-]+, (?:certain|likely)\]$", re.MULTILINE)


def names(value: Any) -> set[str]:
    """Every name of an object and of those in it."""
    if isinstance(value, list):
        return {name for each in value for name in names(each)}
    return set(value).union(*map(names, value.values())) if isinstance(value, dict) else set()


def test_every_field_of_the_json_is_described() -> None:
    """Whoever reads it by a program finds what it means."""
    fields = names([as_object(captured(file)) for file in (BOOTED, GONE)])
    assert {each for each in fields if f"`{each}`" not in TEXT} == set()


@pytest.mark.parametrize("file, told", STORIES, ids=lambda value: value.rpartition("/")[2][:20])
def test_diagnoses_of_the_stories_are_those_that_are_printed(
    file: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An output that nobody gets would be no example."""
    main(["explain", str(PROJECT / file)])
    printed = DIAGNOSIS.findall(capsys.readouterr().out)
    assert printed == DIAGNOSIS.findall(told)
    assert printed != []


def test_there_are_three_stories() -> None:
    """So that the test before this one compares something."""
    assert len(STORIES) == 3
