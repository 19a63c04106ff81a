"""What the triage shows, and which tests it lets be run."""

from __future__ import annotations

import json
from typing import Final

import pytest

from edgeboot.report.not_run import NotRun, NotRunTests, by_reason
from edgeboot.report.premises import Premise
from edgeboot.report.triage import Plan, Triage, TriageSoFar, TriageTest

ANSWER: Final = TriageTest("t::answer", (Premise.ANSWER, Premise.IN_TIME))
ROOM: Final = TriageTest("t::room", (Premise.ROOM,))
FILE: Final = TriageTest("t::file", boots="none")
CLIENT: Final = TriageTest("t::client", boots="some")
LEASE_TIME: Final = TriageTest("t::lease_time")
ALL: Final = (ANSWER, ROOM, FILE, CLIENT, LEASE_TIME)
PLAN: Final = Plan(
    ALL,
    {
        "t::room": frozenset({Premise.ANSWER}),
        "t::a": frozenset({Premise.ANSWER, Premise.ROOM}),
        "t::b": frozenset({Premise.LEASE}),
    },
)


@pytest.fixture
def so_far() -> TriageSoFar:
    """Of a run of which nothing is known."""
    return TriageSoFar(PLAN, up_at=100.0)


def ended(so_far: TriageSoFar, *failed: str, broken: tuple[Premise, ...] = ()) -> Triage:
    """The verdict when all tests of the triage have ended, and these have failed."""
    for test in failed:
        so_far.note_failure(test, f"{test} failed", broken)
    for each in ALL:
        if each.test not in failed:
            so_far.note_pass(each.test)
        so_far.note_end(each.test, 107.26)
    verdict = so_far.verdict(108)
    assert verdict is not None
    return verdict


def test_plan_comes_whole_out_of_a_report() -> None:
    """A worker sends it as JSON."""
    assert Plan.from_json(json.loads(json.dumps(PLAN.to_json()))) == PLAN


def test_test_waits_until_its_premises_are_shown(so_far: TriageSoFar) -> None:
    """One that no test of the triage shows is taken to hold."""
    assert [so_far.is_decided(test) for test in ("t::a", "t::b", "t::c")] == [False, True, True]
    so_far.note_end("t::answer", 101)
    assert (so_far.is_decided("t::room"), so_far.is_decided("t::a")) == (True, False)


def test_test_is_not_run_whose_premise_is_broken(so_far: TriageSoFar) -> None:
    """The reason names the test that has shown it."""
    so_far.note_failure("t::answer", "silent", (Premise.ANSWER,))
    assert so_far.obstacle("t::a") == NotRun("no new node is answered", "t::answer")
    assert so_far.obstacle("t::b") is None


def test_failure_that_breaks_no_premise_lets_all_be_run(so_far: TriageSoFar) -> None:
    """It is one red test."""
    so_far.note_failure("t::answer", "late by a little")
    assert so_far.obstacle("t::a") is None


@pytest.mark.parametrize(
    "failed,broken,would_boot,text",
    [
        ((), (), True, "Edge nodes would boot."),
        (("t::lease_time",), (), True, "Edge nodes would boot, but: t::lease_time failed"),
        (("t::lease_time", "t::file"), (), False, "Edge nodes would not boot: t::file failed"),
        (("t::client",), (), None, "Not every edge node would boot: t::client failed"),
        (("t::answer",), (Premise.ANSWER,), False, "Edge nodes would not boot: t::answer failed"),
        (("t::answer",), (Premise.IN_TIME,), None, "Not every edge node would boot: t::answer failed"),
        (("t::room",), (Premise.ROOM,), None, "Not every edge node would boot: t::room failed"),
        (("t::room",), (), True, "Edge nodes would boot, but: t::room failed"),
    ],
)
def test_verdict_says_who_would_boot(
    failed: tuple[str, ...],
    broken: tuple[Premise, ...],
    would_boot: bool | None,
    text: str,
    so_far: TriageSoFar,
) -> None:
    """Of several failures the one that keeps most nodes from booting is told."""
    verdict = ended(so_far, *failed, broken=broken)
    assert (verdict.would_boot, str(verdict), verdict.broken) == (would_boot, text, broken)


def test_verdict_comes_when_all_of_the_triage_has_ended(so_far: TriageSoFar) -> None:
    """With the time since the lab was up."""
    assert so_far.verdict(108) is None
    assert ended(so_far).seconds == 7.3


def test_verdict_does_not_wait_for_a_slow_server(so_far: TriageSoFar) -> None:
    """What is known after a while is told then."""
    assert so_far.verdict(119) is None
    verdict = so_far.verdict(121)
    assert verdict is not None
    assert (verdict.would_boot, verdict.unfinished, verdict.seconds) == (None, 5, 21.0)
    so_far.note_failure("t::answer", "late")
    assert str(so_far.verdict(121)) == "It is not known yet whether edge nodes would boot: late"


def test_verdict_is_given_only_where_a_boot_was_tried() -> None:
    """Such as not in a run of one file about lease times; a premise that is broken is told all the same."""
    part = TriageSoFar(Plan((LEASE_TIME, ROOM), {}), up_at=100.0)
    for each in (LEASE_TIME, ROOM):
        part.note_end(each.test, 101)
    assert part.verdict(102) is None
    part.note_failure("t::room", "full", (Premise.ROOM,))
    assert str(part.verdict(102)) == "Not every edge node would boot: full"


def test_tests_that_were_skipped_have_seen_no_boot(so_far: TriageSoFar) -> None:
    """Such as those that this lab does not offer: that nodes would boot is not said then."""
    for each in ALL:
        so_far.note_end(each.test, 101)
    assert so_far.verdict(102) is None


def test_process_that_died_says_nothing_about_the_server(so_far: TriageSoFar) -> None:
    """It is told, beside what the other tests have seen."""
    so_far.note_crash("t::file", "worker 'gw0' crashed")
    verdict = ended(so_far)
    assert (verdict.would_boot, verdict.failed) == (True, ("t::file",))
    assert str(verdict) == "Edge nodes would boot, but: worker 'gw0' crashed"


def test_run_without_triage_has_no_verdict() -> None:
    """Such as one of a single file."""
    assert TriageSoFar(Plan((), {})).verdict(200) is None


def test_tests_that_were_not_run_are_told_by_their_reason() -> None:
    """Each reason once, with all its tests."""
    silent, late = NotRun("silent", "t::answer"), NotRun("out of time", None)
    assert by_reason([("a", silent), ("b", late), ("c", silent)]) == (
        NotRunTests("silent", "t::answer", ("a", "c")),
        NotRunTests("out of time", None, ("b",)),
    )
