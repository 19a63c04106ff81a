"""A rogue on the segment turns the suite red, and is named."""

from __future__ import annotations

import re

import pytest

from tests.harness.suite import RunSuite

pytestmark = pytest.mark.harness

NAMED = (
    r"a stranger answers: 192\.168\.99\.66 \(52:54:00:66:66:66\) sends DHCPOFFER 192\.168\.99\.21\d for "
    r"1:00:00, router 192\.168\.99\.66, boot file rogue\.efi from 192\.168\.99\.66, .*; probably a virtual"
)


@pytest.mark.parametrize(
    "profile,test",
    [
        ("poc", "test_exactly_the_expected_servers_answer_a_new_node"),
        ("proxydhcp", "test_exactly_the_expected_servers_answer_a_new_node"),
    ],
)
def test_rogue_is_named_by_the_test_of_who_answers(profile: str, test: str, run_suite: RunSuite) -> None:
    """By address, MAC, offer and guess, in the headline and among the evidence."""
    path = f"tests/e2e/test_who_answers.py::{test}"
    run = run_suite("-p", "tests.harness.rogue_beside", f"--profile={profile}", path)
    assert run.status == 1, run.output
    assert re.search(rf"^(FAILED|E  ).*{NAMED}", run.output, re.MULTILINE), run.output
    assert "edgeboot: strangers on the segment" in run.output
