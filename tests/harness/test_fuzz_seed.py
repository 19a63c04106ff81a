"""Messages made from a seed can be had again."""

from __future__ import annotations

import pytest

from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness


def test_generated_messages_come_again_with_their_seed(run_suite: RunSuite) -> None:
    """They run where -m names slow, tell the seed, and a number can be had alone."""
    chosen = ("-m", "e2e and slow", "--fuzz-seed=7", "tests/e2e/test_generated_messages.py", "-k", "[7]")
    run = run_suite(*chosen)
    assert (run.status, "--fuzz-seed=7" in run.output) == (0, True), run.output
    assert "1 passed, 1199 deselected" in run.output
