"""The triage: the most telling tests, run first, and what they let the others be run for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Self

from edgeboot.report.not_run import NotRun
from edgeboot.report.premises import Premise

_SOME_BOOT: Final = frozenset({Premise.IN_TIME, Premise.ROOM, Premise.KNOWN_IN_TIME})
"""Premises without which the first nodes boot, or those whose firmware waits long enough."""
_LIMIT: Final = timedelta(seconds=20)
"""From the lab's being up: a server that needs longer for the triage has a verdict before its end."""


@dataclass(frozen=True, slots=True)
class TriageTest:
    """One test of the triage."""

    test: str
    """pytest's node id."""
    shows: tuple[Premise, ...] = ()
    """The premises that it may show to be broken."""
    boots: str | None = None
    """Which edge nodes boot where it fails: ``none``, ``some``, or None for all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The tests of a run: those of the triage, and which premises each test needs."""

    triage: tuple[TriageTest, ...]
    """In the order in which they are run."""
    needs: Mapping[str, frozenset[Premise]]
    """By the node ids of all tests that need any."""

    def to_json(self) -> dict[str, Any]:
        """For a worker's first report."""
        by_need: dict[str, list[str]] = {}
        for test, needed in self.needs.items():
            by_need.setdefault(" ".join(sorted(each.value for each in needed)), []).append(test)
        triage = [[each.test, [shown.value for shown in each.shows], each.boots] for each in self.triage]
        return {"triage": triage, "needs": by_need}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        triage = (
            TriageTest(test, tuple(map(Premise, shown)), boots) for test, shown, boots in data["triage"]
        )
        needs = {
            test: frozenset(map(Premise, needed.split()))
            for needed, tests in data["needs"].items()
            for test in tests
        }
        return cls(tuple(triage), needs)


@dataclass(frozen=True, slots=True)
class Broken:
    """A premise that does not hold, by the test that has shown it."""

    premise: Premise
    test: str
    text: str
    """What that test says of it, in one line."""

    @property
    def reason(self) -> NotRun:
        """Why tests that need the premise are not run."""
        return NotRun(self.premise.broken, self.test)


@dataclass(frozen=True, slots=True)
class Triage:
    """What the triage has shown."""

    would_boot: bool | None
    """None where some nodes would, and others not: the first ones, or those that wait long enough."""
    tests: tuple[str, ...]
    """Its tests, by their node ids."""
    failed: tuple[str, ...] = ()
    """Those that failed, what decides whether nodes boot first."""
    text: str | None = None
    """What the first of them says, in one line."""
    broken: tuple[Premise, ...] = ()
    """The premises that do not hold."""
    seconds: float | None = None
    """From the lab's being up to this verdict; None where it is not known when it was up."""
    unfinished: int = 0
    """How many of its tests were still to be run: the server was too slow to wait for them."""

    def __str__(self) -> str:
        """The verdict in one line."""
        if self.would_boot is None and self.unfinished and not self.broken:
            return f"It is not known yet whether edge nodes would boot: {self.text}"
        if self.would_boot is None:
            return f"Not every edge node would boot: {self.text}"
        if not self.would_boot:
            return f"Edge nodes would not boot: {self.text}"
        return f"Edge nodes would boot, but: {self.text}" if self.failed else "Edge nodes would boot."

    def to_json(self) -> dict[str, Any]:
        """As ``result.json`` has it."""
        return {
            "would_boot": self.would_boot,
            "tests": list(self.tests),
            "failed": list(self.failed),
            "text": self.text,
            "broken": [premise.value for premise in self.broken],
            "seconds": self.seconds,
            "unfinished": self.unfinished,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(
            data["would_boot"],
            tuple(data["tests"]),
            tuple(data["failed"]),
            data["text"],
            tuple(map(Premise, data["broken"])),
            data["seconds"],
            data["unfinished"],
        )


@dataclass
class TriageSoFar:
    """What the reports of a run have shown so far."""

    plan: Plan
    up_at: float | None = None
    """When the lab was up, in seconds on the monotonic clock, which all processes of a machine share."""
    _broken: dict[Premise, Broken] = field(default_factory=dict)
    _failed: dict[str, str] = field(default_factory=dict)
    _crashed: dict[str, str] = field(default_factory=dict)
    _passed: set[str] = field(default_factory=set)
    _ended: dict[str, float] = field(default_factory=dict)

    def has(self, test: str) -> bool:
        """Whether it is a test of the triage."""
        return any(each.test == test for each in self.plan.triage)

    def note_failure(self, test: str, text: str, broken: Collection[Premise] = ()) -> None:
        """A test of the triage has failed, and thereby shown that these premises do not hold."""
        self._failed.setdefault(test, text)
        for premise in broken:
            self._broken.setdefault(premise, Broken(premise, test, text))

    def note_crash(self, test: str, text: str) -> None:
        """The process that ran a test has died, which says nothing about the server.

        It may be the first test, before the plan is known.
        """
        self._crashed.setdefault(test, text)

    def note_pass(self, test: str) -> None:
        """A test has passed."""
        self._passed.add(test)

    def note_end(self, test: str, at: float) -> None:
        """A test has ended, or will not be run; when, on the same clock."""
        self._ended.setdefault(test, at)

    def obstacle(self, test: str) -> NotRun | None:
        """Why a test is not to be run; None where nothing that it needs is known to be broken."""
        needed = self.plan.needs.get(test, frozenset())
        return next(
            (self._broken[each].reason for each in Premise if each in needed & self._broken.keys()), None
        )

    def is_decided(self, test: str) -> bool:
        """Whether every premise that the test needs has been shown, one way or the other."""
        return not self.plan.needs.get(test, frozenset()) & self._open

    @property
    def _open(self) -> frozenset[Premise]:
        waiting = (each for each in self.plan.triage if each.test not in self._ended)
        return frozenset(shown for each in waiting for shown in each.shows)

    @property
    def is_over(self) -> bool:
        """Whether each of its tests has ended."""
        return all(each.test in self._ended for each in self.plan.triage)

    def verdict(self, now: float) -> Triage | None:
        """What is known at its end, or when it takes too long; None before, and where too little is run.

        That nodes would boot is said only where a test has seen a boot.

        Args:
            now: on the same clock.
        """
        takes_long = self.up_at is not None and now - self.up_at > _LIMIT.total_seconds()
        if not self.plan.triage or not (self.is_over or takes_long):
            return None
        nobody = [each.test for each in self.plan.triage if self._decides(each)]
        some = [each.test for each in self.plan.triage if each.test in self._failed and each.boots == "some"]
        some += [each.test for each in self._broken.values() if each.premise in _SOME_BOOT]
        told = self._failed | {test: text for test, text in self._crashed.items() if self.has(test)}
        failed = list(dict.fromkeys((*nobody, *some, *told)))
        if not (nobody or some or any(each.boots for each in self.plan.triage)):
            return None
        left = sum(each.test not in self._ended for each in self.plan.triage)
        if not (nobody or some or left or self._saw_a_boot):
            return None
        ended = (
            max((self._ended[each.test] for each in self.plan.triage), default=now) if self.is_over else now
        )
        return Triage(
            would_boot=False if nobody else None if some or left else True,
            tests=tuple(each.test for each in self.plan.triage),
            failed=tuple(failed),
            text=told[failed[0]] if failed else f"{left} of its tests still run" if left else None,
            broken=tuple(each for each in Premise if each in self._broken),
            seconds=None if self.up_at is None else round(ended - self.up_at, 1),
            unfinished=left,
        )

    @property
    def _saw_a_boot(self) -> bool:
        return any(each.boots and each.test in self._passed for each in self.plan.triage)

    def _decides(self, each: TriageTest) -> bool:
        """Whether its failure keeps every node from booting."""
        shown = any(
            broken.test == each.test and broken.premise not in _SOME_BOOT for broken in self._broken.values()
        )
        return each.test in self._failed and (each.boots == "none" or shown)
