"""Nights of runs as Prometheus has scraped them, and the alerts that should fire, for promtool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

HOURS: Final = 24
WHERE: Final = MappingProxyType(
    {"job": "edgeboot", "instance": "", "lab": "orchestrator", "profile": "poc", "site": "berlin"}
    | {"segment": "rack-7"}
)
_OF_ALERTS: Final = ("lab", "profile", "site", "segment")


def nights(*values: float | None) -> str:
    """A sample for each hour, each value for a night and the day after it; none where nothing was told."""
    return " ".join(f"_x{HOURS}" if each is None else f"{each}x{HOURS - 1}" for each in values)


def runs(number: int, then: int = 0) -> str:
    """When the last run ended: a run at each midnight from the epoch on, and then none for some nights."""
    ends = [night * HOURS * 3600 for night in range(number)]
    return nights(*ends, *(ends[-1:] * then))


@dataclass(frozen=True, slots=True)
class Series:
    """Of one metric."""

    name: str
    values: str
    labels: Mapping[str, str] = field(default_factory=dict)
    """Beside ``WHERE``, or in place of one of those."""

    def to_promtool(self) -> dict[str, str]:
        """As a test of rules has it."""
        labels = ",".join(f"{name}={value!r}" for name, value in ({**WHERE, **self.labels}).items())
        return {"series": f"edgeboot_{self.name}{{{labels}}}", "values": self.values}


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert."""

    name: str
    severity: str = "warning"
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_labels(self) -> dict[str, str]:
        """Those of its place among them."""
        place = {name: WHERE[name] for name in _OF_ALERTS}
        return {"severity": self.severity, **place, **self.labels}

    def to_promtool(self) -> dict[str, Any]:
        """As a sample of the series that Prometheus makes of alerts."""
        labels = {"alertname": self.name, "alertstate": "firing", **self.all_labels}
        shown = ",".join(f"{name}={value!r}" for name, value in labels.items())
        return {"labels": f"ALERTS{{{shown}}}", "value": 1}


@dataclass(frozen=True, slots=True)
class Story:
    """What was told, and every alert that fires at a moment."""

    title: str
    at: int
    """Hours since the first run's end."""
    told: tuple[Series, ...]
    firing: tuple[Firing, ...] = ()

    def to_promtool(self) -> dict[str, Any]:
        """As a test of rules."""
        expected = {
            "expr": 'ALERTS{alertstate="firing"}',
            "eval_time": f"{self.at}h",
            "exp_samples": [each.to_promtool() for each in self.firing],
        }
        series = [each.to_promtool() for each in self.told]
        return {"interval": "1h", "input_series": series, "promql_expr_test": [expected]}
