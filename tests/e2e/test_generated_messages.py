"""Malformed messages generated from a seed, which the header of the run names (fuzzing)."""

from __future__ import annotations

import pytest

from edgeboot.report.check import Check
from edgeboot.stress.malformed.fuzz import GENERATED, generated
from edgeboot.stress.malformed.runner import CaseRunner

pytestmark = [pytest.mark.e2e, pytest.mark.own_segment, pytest.mark.slow]


@pytest.mark.covers("RFC1122-1.2.2-every-error")
@pytest.mark.parametrize("number", range(GENERATED))
def test_server_survives_a_generated_message(
    number: int, fuzz_seed: int, case_runner: CaseRunner, check: Check
) -> None:
    """The next node is answered, by the same process; the same seed and number make the same message."""
    result = case_runner.run_case(generated(fuzz_seed, number), check_memory=number % 10 == 0)
    check.survived(result, f"again: --fuzz-seed={fuzz_seed} -k '[{number}]'")
