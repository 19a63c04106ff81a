"""A server with one weakness: the malformed messages that find it fail, and no others."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.suite import Run, RunSuite

pytestmark = pytest.mark.harness

SERVER = Path(__file__).with_name("fragile_server.py")
SUITE = "tests/e2e/test_malformed_messages.py"
MEMORY = "test_server_holds_no_more_memory_when_the_corpus_is_repeated"


@dataclass(frozen=True, slots=True)
class Weakness:
    """What the server does wrong, which tests are run, which must fail, and their words."""

    name: str
    chosen: str
    found_by: frozenset[str]
    says: str


WEAKNESSES = [
    Weakness("none", "stays_unanswered or is_answered", frozenset(), r"passed"),
    Weakness(
        "answers every op",
        "stays_unanswered or is_answered",
        frozenset({"op 0", "op 2", "op 3", "op 255"}),
        r"op 2 \(RFC2131-2-op\): expected silence, received DHCPOFFER of 192\.168\.99\.10\d "
        r"from 192\.168\.99\.10 \(52:54:00:12:34:56\)",
    ),
    Weakness(
        "dies of an unknown option",
        "is_answered and (unknown or END)",
        frozenset({"unknown option of 255 octets"}),
        r"ServerDied: unknown option of 255 octets \(RFC2132-2-unknown-code\): the server has ended; "
        r"the server said '\*\*\* buffer overflow detected",
    ),
    Weakness("hoards", MEMORY, frozenset({MEMORY}), r"AssertionError: \d{4} kB more after \d+ messages"),
]


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=lambda weakness: weakness.name)
def test_weakness_is_found_by_the_cases_it_concerns(weakness: Weakness, run_suite: RunSuite) -> None:
    """Exactly those fail, with case, frames, and what the server did; the next ones find it restarted."""
    command = f"{sys.executable} {SERVER} {{interface}} '{weakness.name}'"
    run = run_suite("--dhcp-command", command, "-k", weakness.chosen, SUITE)
    assert run.status == (1 if weakness.found_by else 0), run.output
    assert failed(run) == weakness.found_by, run.output
    assert re.search(weakness.says, run.output), run.output


def test_generated_messages_come_again_with_their_seed(run_suite: RunSuite) -> None:
    """They run where -m names slow, tell the seed, and a number can be had alone."""
    chosen = ("-m", "e2e and slow", "--fuzz-seed=7", "tests/e2e/test_generated_messages.py", "-k", "[7]")
    run = run_suite(*chosen)
    assert (run.status, "--fuzz-seed=7" in run.output) == (0, True), run.output
    assert "1 passed, 1199 deselected" in run.output


def failed(run: Run) -> set[str]:
    """The cases, or else the tests, of the short summary."""
    names = re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+)(?:\[([^]]*)\])?", run.output, re.MULTILINE)
    return {case or test for test, case in names}
