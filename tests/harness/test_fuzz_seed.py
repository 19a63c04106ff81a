"""Fuzz messages are reproducible from their seed."""

from __future__ import annotations

import pytest

from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness


def test_seed_reproduces_a_generated_message(run_suite: RunSuite) -> None:
    """Marker slow runs them, the output names the seed, and one message can be run alone by its number."""
    chosen = ("-m", "e2e and slow", "--fuzz-seed=7", "tests/e2e/test_generated_messages.py", "-k", "[7]")
    run = run_suite(*chosen)
    assert (run.status, "--fuzz-seed=7" in run.output) == (0, True), run.output
    assert "1 passed, 1199 deselected" in run.output
