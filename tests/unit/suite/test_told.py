"""The table of what each fault's captures must tell is whole, and names nothing that cannot be told."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind
from tests.faults.catalogue import faults
from tests.faults.fault import Fault
from tests.faults.told import is_told, short, table, to_be_told

ENTRIES: Final = faults("netns")


@pytest.mark.parametrize("fault", ENTRIES, ids=lambda fault: fault.name)
def test_every_fault_is_told_by_something_or_left_out_for_a_reason(fault: Fault) -> None:
    """Exactly one of them: what is left out has nothing to be told by."""
    assert bool(to_be_told(fault)) != (table().reason(fault) is not None)


def test_table_names_no_entry_that_is_not_in_the_catalogue() -> None:
    """An entry that was renamed is renamed in the table, too."""
    names = {*table().told, *(name for each in table().left_out.values() for name in each)}
    assert names - {each.name for each in ENTRIES} == set()


def test_table_names_diagnoses_that_exist() -> None:
    """A word with hyphens is the value of a DiagnosisKind."""
    words = {word.partition(": ")[0] for words in table().told.values() for word in words}
    named = {word for word in words if "-" in word}
    assert named - {kind.value for kind in DiagnosisKind} == set()


@pytest.mark.parametrize("field", ["option 6", "option domain-name-server (6)"])
def test_option_is_known_by_its_code(field: str) -> None:
    """However a finding names it."""
    assert short(field) == "option 6"
    assert short("netmask") == "netmask"


@pytest.mark.parametrize(
    "needed, told",
    [("boots", True), ("boots: the local disk", True), ("boots: a user", False), ("boo", False)],
)
def test_words_that_state_the_cause_must_be_in_the_sentence(needed: str, *, told: bool) -> None:
    """The same field may be told of something else."""
    assert is_told(needed, "boots", "the menu begins with the local disk") is told
