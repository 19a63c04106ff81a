"""Every captured boot has the diagnosis that a person wrote beside it, and a good one has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty
from tests.unit.report.machine_boot.diagnoses.captured import CAPTURES, diagnosed, verdict


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_diagnoses_are_those_of_the_verdict(path: Path) -> None:
    """By name, the first one the reason."""
    assert [each.kind.value for each in diagnosed(path)] == verdict(path)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_diagnosis_says_by_which_packets_and_what_was_needed(path: Path) -> None:
    """Nobody has to take its word for it."""
    for each in diagnosed(path):
        assert each.evidence
        assert each.needed
        assert each.sentence


def test_most_verdicts_are_certain() -> None:
    """A tool that says likely of everything helps nobody."""
    every = [each for path in CAPTURES for each in diagnosed(path)]
    certain = sum(each.certainty is Certainty.CERTAIN for each in every)
    assert certain >= 0.9 * len(every)
