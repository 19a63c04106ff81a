"""Every captured boot has the diagnosis that a person wrote beside it, and a good one has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty
from tests.unit.report.capture_clients.verdicts import CAPTURES, diagnosed, verdicts


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_diagnoses_are_those_of_the_verdict(path: Path) -> None:
    """By name, the first one the reason."""
    named = {mac: [each.kind.value for each in found] for mac, found in diagnosed(path).items()}
    assert named == verdicts(path)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_diagnosis_says_by_which_packets_and_what_was_needed(path: Path) -> None:
    """Nobody has to take its word for it; a packet is told by its number in the capture."""
    for each in (each for found in diagnosed(path).values() for each in found):
        assert each.needed
        assert each.evidence
        assert all(packet.number for packet in each.evidence)


def test_most_verdicts_are_certain() -> None:
    """A tool that says likely of everything helps nobody."""
    every = [each for path in CAPTURES for found in diagnosed(path).values() for each in found]
    certain = sum(each.certainty is Certainty.CERTAIN for each in every)
    assert certain >= 0.85 * len(every)
