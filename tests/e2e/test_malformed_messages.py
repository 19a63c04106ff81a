"""Messages no client should send: the server drops or answers them, and keeps running.

The tables are in edgeboot/stress/malformed; each case is an example of the statement it covers.
"""

from __future__ import annotations

import pytest

from edgeboot.report.check import Check
from edgeboot.stress.malformed.case import Expectation, MalformedCase
from edgeboot.stress.malformed.corpus import CORPUS, expecting
from edgeboot.stress.malformed.runner import CaseRunner

pytestmark = [pytest.mark.e2e, pytest.mark.own_segment]

GROWTH_OF_REPETITION = 256 << 10
"""Octets: for 1,000 messages, so that a leak of a fraction of one shows."""


def cases(expected: Expectation) -> list[object]:
    """The table's cases of one expectation, with the statement that each covers."""
    return [pytest.param(case, id=case.name, marks=marks(case)) for case in expecting(expected)]


def marks(case: MalformedCase) -> list[pytest.MarkDecorator]:
    """The case's statement; a client without an identity matters only to a server that keeps leases."""
    role = [pytest.mark.address_server] if case.statement == "RFC2131-4.2-nobody" else []
    foreign = [pytest.mark.foreign_address] if case.foreign else []
    return [pytest.mark.covers(case.statement), *role, *foreign]


@pytest.mark.covers("RFC1122-1.2.2-every-error")
def test_server_holds_no_more_memory_when_the_corpus_is_repeated(
    case_runner: CaseRunner, check: Check
) -> None:
    """A server that leaks memory with each message is ended by the kernel's OOM killer some day."""
    corpus = case_runner.build(CORPUS)
    case_runner.flood(corpus)
    filled = case_runner.health.growth
    for _ in range(3):
        case_runner.flood(corpus)
    grown = case_runner.health.growth - filled
    told = f"the server holds {grown // 1024} kB more after {3 * len(corpus)} messages"
    within, server = grown <= GROWTH_OF_REPETITION, case_runner.health.server
    check.that(within, server, "memory", grown, GROWTH_OF_REPETITION, told)


@pytest.mark.parametrize("case", cases(Expectation.SILENCE))
def test_message_nobody_may_answer_stays_unanswered(
    case: MalformedCase, case_runner: CaseRunner, check: Check
) -> None:
    """A reply would go to a wrong receiver, or to a receiver that cannot use it."""
    check.survived(case_runner.run_case(case))


@pytest.mark.address_server
@pytest.mark.parametrize("case", cases(Expectation.ANSWER))
def test_odd_message_that_can_be_read_is_answered(
    case: MalformedCase, case_runner: CaseRunner, check: Check
) -> None:
    """Firmware is odd now and then; a node whose message can be read must get its boot."""
    check.survived(case_runner.run_case(case))


@pytest.mark.parametrize("case", cases(Expectation.EITHER))
def test_server_survives_what_no_rfc_describes(
    case: MalformedCase, case_runner: CaseRunner, check: Check
) -> None:
    """After the message the next node is answered by the same process, and every reply is well-formed."""
    check.survived(case_runner.run_case(case))
