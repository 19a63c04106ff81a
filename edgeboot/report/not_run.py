"""Tests that were not run, by their reason: told once, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class NotRun:
    """Why a test was not run."""

    reason: str
    because: str | None
    """The test whose failure tells it, by its node id; None where the time was up."""

    def __str__(self) -> str:
        return f"not run: {self.reason}"


@dataclass(frozen=True, slots=True)
class NotRunTests:
    """The tests that were not run for one reason."""

    reason: str
    because: str | None
    tests: tuple[str, ...]
    """Their node ids."""

    def to_json(self) -> dict[str, Any]:
        """As ``result.json`` has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(data["reason"], data["because"], tuple(data["tests"]))


def by_reason(each: Iterable[tuple[str, NotRun]]) -> tuple[NotRunTests, ...]:
    """The tests grouped, in the order in which the reasons came up."""
    grouped: dict[NotRun, list[str]] = {}
    for test, why in each:
        grouped.setdefault(why, []).append(test)
    return tuple(NotRunTests(why.reason, why.because, tuple(tests)) for why, tests in grouped.items())
