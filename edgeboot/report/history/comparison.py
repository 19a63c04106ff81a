"""Runs of one site in their order: what turned red since the last, which cause is new, what is flaky."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from edgeboot.report.latencies import Nodes
from edgeboot.report.outcomes import Outcome
from edgeboot.report.result import Result
from edgeboot.report.verdict.headline import HeadlineCause, Verdict
from edgeboot.report.verdict.verdict import verdict


@dataclass(frozen=True)
class Night:
    """One run, with its verdict."""

    result: Result

    @cached_property
    def verdict(self) -> Verdict:
        """What it has found."""
        return verdict(self.result)

    @cached_property
    def red(self) -> frozenset[str]:
        """The tests that failed."""
        return frozenset(each.test for each in self.result.tests if each.failed)

    @cached_property
    def green(self) -> frozenset[str]:
        """The tests that passed."""
        return frozenset(each.test for each in self.result.tests if each.outcome is Outcome.PASSED)

    @property
    def date(self) -> str:
        """When it began, in UTC."""
        return self.result.started.strftime("%Y-%m-%d %H:%M")

    @property
    def seconds(self) -> float:
        """How long it took."""
        ended = self.result.ended or self.result.started
        return (ended - self.result.started).total_seconds()

    def offer_seconds(self, nodes: Nodes) -> float | None:
        """The answer time that nine of ten such nodes do not exceed; None where none was measured."""
        return next((each.p90 for each in self.result.latencies if each.nodes is nodes), None)

    def storm_ready_seconds(self, heading: str) -> float | None:
        """Until the last node of that storm was ready; None where there was none, or not every node was."""
        for each in self.result.storms:
            if each.heading == heading and each.result.all_bound:
                return each.ready_after
        return None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The newest run beside those before it."""

    nights: tuple[Night, ...]
    """In the order of time; at least one."""
    others: int = 0
    """Runs that were left out: of another segment, lab, profile or contract, or without a verdict."""
    unreadable: tuple[str, ...] = ()
    """Files that should be results, and why they cannot be read."""
    newer: Result | None = None
    """The newest run of the segment, where that is none of the nights: it has no verdict."""

    @property
    def without_a_verdict(self) -> str:
        """Of the newest run, that it has none, and why; empty where it has one."""
        if self.newer is None:
            return ""
        began, why = self.newer.started.strftime("%Y-%m-%d %H:%M"), self.newer.error
        return f"The run of {began} has no verdict: {self.newer.meaning.value}{f' ({why})' if why else ''}."

    @property
    def last(self) -> Night:
        """The newest."""
        return self.nights[-1]

    @property
    def before(self) -> Night | None:
        """The one before it."""
        return self.nights[-2] if len(self.nights) > 1 else None

    @property
    def turned_red(self) -> tuple[str, ...]:
        """Tests that fail now, and passed in the run before."""
        return () if self.before is None else _in_order(self.last, self.last.red & self.before.green)

    @property
    def red_and_not_run_before(self) -> tuple[str, ...]:
        """Tests that fail now, and neither passed nor failed in the run before."""
        if self.before is None:
            return ()
        return _in_order(self.last, self.last.red - self.before.red - self.before.green)

    @property
    def turned_green(self) -> tuple[str, ...]:
        """Tests that pass now, and failed in the run before."""
        return () if self.before is None else _in_order(self.last, self.last.green & self.before.red)

    @property
    def new_causes(self) -> tuple[HeadlineCause, ...]:
        """Causes that the run before did not have."""
        if self.before is None:
            return ()
        known = {cause.identity for cause in self.before.verdict.causes}
        return tuple(each for each in self.last.verdict.causes if each.identity not in known)

    @property
    def flaky(self) -> tuple[tuple[str, int, int], ...]:
        """Tests that have passed and failed against the very same server, with how often each."""
        found: dict[str, tuple[int, int]] = {}
        for nights in _alike(self.nights):
            tests = frozenset[str]().union(*(night.red for night in nights))
            for test in tests:
                passed = sum(test in night.green for night in nights)
                if passed:
                    failed = sum(test in night.red for night in nights)
                    before = found.get(test, (0, 0))
                    found[test] = (before[0] + passed, before[1] + failed)
        return tuple((test, *counts) for test, counts in sorted(found.items()))


def compared(results: Iterable[Result]) -> Comparison | None:
    """Those of the newest run's segment, lab, profile and contract that have ended; None if none has."""
    every = sorted(results, key=lambda each: each.started)
    ended = [each for each in every if each.meaning.is_a_verdict and each.subject is not None]
    if not ended:
        return None
    alike = [Night(each) for each in ended if _site(each) == _site(ended[-1])]
    own = [each for each in every if each.segment == ended[-1].segment]
    newer = None if own[-1].meaning.is_a_verdict else own[-1]
    return Comparison(tuple(alike), len(every) - len(alike), newer=newer)


def _site(result: Result) -> tuple[str | None, ...]:
    subject = result.subject
    where = ("", "", "") if subject is None else (subject.lab, subject.profile, subject.contract)
    return (result.segment, *where)


def _in_order(night: Night, tests: frozenset[str]) -> tuple[str, ...]:
    return tuple(each.test for each in night.result.tests if each.test in tests)


def _alike(nights: Sequence[Night]) -> Iterator[list[Night]]:
    """Runs of the same suite, contract, manifests, configuration and server."""
    groups: dict[object, list[Night]] = {}
    for night in nights:
        provenance = night.result.provenance
        if provenance is not None:
            groups.setdefault(provenance, []).append(night)
    yield from groups.values()
