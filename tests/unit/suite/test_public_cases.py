"""The tables of public cases are complete: each has a source, its files, and words to look for."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pytest

from tests.faults.host_condition import CONDITIONS
from tests.faults.public_cases import (
    DIRECTORY,
    Case,
    GoodConfiguration,
    Trouble,
    good_configurations,
    troubles,
)
from tests.faults.public_page import PAGE
from tests.faults.segment_injection import SEGMENT_INJECTIONS

CASES: Final[tuple[Case, ...]] = (*troubles(), *good_configurations())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_names_what_exists(case: Case) -> None:
    """Its files lie beside the table, and its conditions can be brought about."""
    files = [name for name in (case.config, case.contract, case.pod) if name]
    assert [name for name in files if not (DIRECTORY / name).is_file()] == []
    assert case.host_condition is None or case.host_condition in CONDITIONS
    assert case.segment is None or case.segment in SEGMENT_INJECTIONS
    assert case.causes


@pytest.mark.parametrize("case", troubles(), ids=lambda case: case.name)
def test_trouble_has_words_that_name_its_cause(case: Trouble) -> None:
    """A pattern that any message matches would prove nothing."""
    patterns = [*case.caught_by.values(), *((case.refusal,) if case.refusal else ())]
    assert patterns
    assert [pattern for pattern in patterns if re.search(pattern, "expected this, received that")] == []


@pytest.mark.parametrize("case", good_configurations(), ids=lambda case: case.name)
def test_good_configuration_has_a_valid_contract(case: GoodConfiguration) -> None:
    """A field that is not known is found before an hour of runs, not by them."""
    assert case.load_contract().summary


def test_every_file_of_the_directory_belongs_to_a_case() -> None:
    """A file that no case names is never tried."""
    used = {name for case in CASES for name in (case.config, case.contract, case.pod) if name}
    assert {path.name for path in DIRECTORY.iterdir()} == used | {"troubles.toml", "good.toml"}


def test_no_case_is_told_twice() -> None:
    """Entries are selected by name, and the page is made by name."""
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []


def test_page_has_every_case() -> None:
    """The page is as new as the tables: ``make public-cases`` writes it."""
    page = PAGE.read_text(encoding="utf-8")
    assert [case.name for case in CASES if f"\n| {case.name} |" not in page] == []
