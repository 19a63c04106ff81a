"""The verdict on a run, by its result alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Final

from edgeboot.report.findings import Finding
from edgeboot.report.meaning import Meaning
from edgeboot.report.outcomes import Outcome
from edgeboot.report.premises import Premise
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.report.verdict.grouping import Group, grouped
from edgeboot.report.verdict.headline import HeadlineCause, Verdict
from edgeboot.report.verdict.suffering import Severity, suffering

_CUT_SHORT: Final = {
    Meaning.INTERRUPTED: "the run was interrupted",
    Meaning.LAB: "the lab could not come up, or broke",
    Meaning.USAGE: "the command line cannot be used",
    Meaning.NOTHING: "no test was run",
    Meaning.INTERNAL: "an internal error ended the run",
    Meaning.UNFINISHED: "the run has not ended, or was killed",
}
_NOT_AS_STATED: Final = {
    Severity.LEASE: "their lease or network is not as stated",
    Severity.DEPLOYMENT: "the server's deployment is not as stated",
    Severity.OTHER: "not everything is as it should be",
}
_FOR_EVERYBODY: Final = frozenset({Premise.ANSWER, Premise.LEASE, Premise.ROOM})
"""Premises without which the next new node gets no address."""
SHOW_A_BOOT: Final = frozenset(
    {
        "test_client_boots_what_the_contract_says",
        "test_offer_leads_to_the_file_of_the_boot_server",
        "test_offer_leads_to_the_boot_file_of_the_server",
        "test_firmware_starts_the_file_of_the_contract_as_it_is_served",
    }
)
"""Tests that have seen what an edge node would boot: without one of them nothing is said of it."""


def verdict(result: Result) -> Verdict:
    """Each cause of the run's failures once, the worst first, and what that means for edge nodes."""
    causes = sorted((_headline(group, result) for group in grouped(result.failures)), key=_badness)
    boots = _boots(result, causes)
    return Verdict(
        would_boot=None if boots is None else boots is _Boots.ALL,
        sentence=" ".join(_sentences(result, boots, causes)),
        causes=tuple(causes),
        advisories=tuple(map(str, result.advisories)),
        known_defects=tuple(_known_defects(result)),
        not_run=tuple(_not_run(result)),
    )


class _Boots(Enum):
    """Which edge nodes would boot."""

    ALL = auto()
    SOME = auto()
    NONE = auto()


def _boots(result: Result, causes: Sequence[HeadlineCause]) -> _Boots | None:
    """By the triage where there was one; None where no boot was seen, and nothing that keeps one from it."""
    worst = causes[0].severity if causes else Severity.OTHER
    triage = result.triage
    if triage is not None and triage.would_boot is None and not triage.failed:
        triage = None  # It had not ended when the server was found too slow to wait for it.
    if triage is not None and triage.would_boot is False:
        return _Boots.NONE
    if triage is not None and triage.would_boot is None:
        return _Boots.SOME
    if worst <= Severity.SOME:
        return _Boots.SOME if worst is Severity.SOME or triage is not None else _Boots.NONE
    shown = any(
        each.outcome is Outcome.PASSED and each.name.partition("[")[0] in SHOW_A_BOOT for each in result.tests
    )
    return _Boots.ALL if shown and result.meaning in {Meaning.PASSED, Meaning.FAILED} else None


def _sentences(result: Result, boots: _Boots | None, causes: Sequence[HeadlineCause]) -> Iterator[str]:
    """What was found, and why it is not everything."""
    problem = _CUT_SHORT.get(result.meaning)
    if problem is None or causes:
        yield _found(boots, causes)
    if problem is not None:
        sentence = problem if causes else f"nothing is verified: {problem}"
        yield f"{sentence[0].upper()}{sentence[1:]}{f': {result.error}' if result.error else '.'}"


def _found(boots: _Boots | None, causes: Sequence[HeadlineCause]) -> str:
    match boots:
        case _Boots.NONE:
            return "Edge nodes would not boot."
        case _Boots.SOME:
            return "Not every edge node would boot."
        case _ if causes:
            begin = "Edge nodes would boot" if boots else "No boot was seen to fail"
            return f"{begin}, but {_NOT_AS_STATED[causes[0].severity]}."
        case _Boots.ALL:
            return "Edge nodes would boot."
    return "What was tested is as stated; no boot was among it."


def _not_run(result: Result) -> Iterator[str]:
    """Each reason once: several workers may have met it, each in a test of its own."""
    by_reason: Counter[str] = Counter()
    for each in result.not_run:
        by_reason[each.reason] += len(each.tests)
    return (f"{_tests(number)}: {reason}" for reason, number in by_reason.items())


def _known_defects(result: Result) -> Iterator[str]:
    """Each reason once, with its tests."""
    by_reason: dict[str, list[str]] = {}
    for defect in result.known_defects:
        by_reason.setdefault(defect.reason, []).append(defect.test.rpartition("::")[2])
    for reason, tests in by_reason.items():
        yield f"{reason} ({tests[0] if len(tests) == 1 else _tests(len(tests))})"


def _tests(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"


def _headline(group: Group, result: Result) -> HeadlineCause:
    tests = tuple(dict.fromkeys(failure.test for failure in group.failures))
    not_run = sum(len(each.tests) for each in result.not_run if each.because in tests)
    telling = result.triage.failed if result.triage is not None else ()
    clearest = min(group.failures, key=lambda failure: _obscurity(failure, group, telling))
    # A fixture that met silence once leaves many tests out; the triage knows whether new nodes are served.
    served = result.triage is not None and not _FOR_EVERYBODY & set(result.triage.broken)
    share = 0.0 if served else (len(tests) + not_run) / _all(result)
    severity, suffers = suffering(group.findings, share)
    finding = _finding_of(clearest, group)
    evidence = clearest.evidence or next((each.evidence for each in group.failures if each.evidence), None)
    return HeadlineCause(
        cause=finding.cause if finding else None,
        finding=finding,
        severity=severity,
        suffers=suffers or clearest.purpose,
        tests=tests,
        clearest=clearest.test,
        message=clearest.headline,
        evidence=evidence,
        not_run=not_run,
    )


def _all(result: Result) -> int:
    """The tests that were run or should have been."""
    return max(1, result.counts.run + result.counts.not_run)


def _finding_of(failure: Failure, group: Group) -> Finding | None:
    """The finding by which the failure belongs to its group."""
    own = (each for each in failure.findings if each in group.findings)
    return next(own, next(iter(group.findings), None))


def _obscurity(failure: Failure, group: Group, telling: Sequence[str]) -> tuple[bool | int, ...]:
    """Less is clearer: a finding with a cause, of the test itself, of a telling test, in few words.

    Where another server answers, that it does is clearer than what its replies say.
    """
    own = _finding_of(failure, group) if failure.findings else None
    uncaused = own is None or own.cause is None
    is_about_servers = own is not None and own.field == SERVERS and own == failure.findings[0]
    beside = any(each.field == SERVERS for each in group.findings) and not is_about_servers
    phase = failure.phase != "call"
    return (own is None, uncaused, phase, beside, failure.test not in telling, len(failure.headline))


def _badness(cause: HeadlineCause) -> tuple[Severity, bool, int]:
    return (cause.severity, cause.cause is None, -len(cause.tests) - cause.not_run)
