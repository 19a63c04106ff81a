"""The outcomes of the last run of every entry, kept so that those not caught can be run again alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from edgeboot.base.paths import cache_directory
from tests.faults.fault import Fault
from tests.faults.outcome import FaultVerdict, Outcome, verdict


@dataclass(frozen=True, slots=True)
class KeptOutcomes:
    """What came of each entry of a lab, by its name."""

    took: timedelta = timedelta(0)
    """All runs together."""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)

    def judged(self, faults: Iterable[Fault]) -> tuple[FaultVerdict, ...]:
        """The verdicts by today's entries, on those whose outcome is kept."""
        return tuple(verdict(each, self.outcomes[each.name]) for each in faults if each.name in self.outcomes)

    def with_results(self, verdicts: Iterable[FaultVerdict], took: timedelta) -> KeptOutcomes:
        """With the outcomes of a further run in place of older ones."""
        return KeptOutcomes(
            self.took + took, {**self.outcomes, **{v.fault.name: v.outcome for v in verdicts}}
        )


def keep(lab: str, kept: KeptOutcomes) -> None:
    """Write them to the cache."""
    outcomes = {name: _plain(outcome) for name, outcome in kept.outcomes.items()}
    file = _file(lab)
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"seconds": kept.took.total_seconds(), "outcomes": outcomes})
    file.write_text(text, encoding="utf-8")


def kept_outcomes(lab: str) -> KeptOutcomes:
    """Those in the cache; none where there was no run yet."""
    file = _file(lab)
    if not file.exists():
        return KeptOutcomes()
    data = json.loads(file.read_text(encoding="utf-8"))
    outcomes = {name: _outcome(plain) for name, plain in data["outcomes"].items()}
    return KeptOutcomes(timedelta(seconds=data["seconds"]), outcomes)


def _plain(outcome: Outcome) -> dict[str, object]:
    return asdict(outcome) | {"passed": sorted(outcome.passed), "defects": sorted(outcome.defects)}


def _outcome(plain: dict[str, object]) -> Outcome:
    names = {name: frozenset(plain[name]) for name in ("passed", "defects")}  # type: ignore[call-overload]
    return Outcome(**plain | names)  # type: ignore[arg-type]


def _file(lab: str) -> Path:
    return cache_directory() / "faults" / f"{lab}.json"
