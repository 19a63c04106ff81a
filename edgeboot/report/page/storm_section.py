"""What a page shows of a storm, or of the same storm against two servers: figures, causes and drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.report.storm.cause import storm_cause_text
from edgeboot.report.storm.record import AS_IT_IS, StormRecord
from edgeboot.report.storm.table import storm_rows, storm_title
from edgeboot.report.storm_plot.curves import Curve, Stairs, curves
from edgeboot.report.storm_plot.frame import Key, Limit
from edgeboot.report.storm_plot.spread import Spread, spreads
from edgeboot.stress.storm.completion import BoundBy
from edgeboot.stress.storm.result import StormResult
from edgeboot.stress.storm.staircase import Staircase

_OVER_TIME: Final = frozenset({"all_ready_within"})
_OF_ACK: Final = frozenset({"ack_p99"})


@dataclass(frozen=True, slots=True)
class StormSection:
    """A storm, as the templates print it."""

    title: str
    headings: tuple[str, ...]
    """Of the columns of figures; one where there was one storm."""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    causes: tuple[str, ...]
    drawings: tuple[tuple[str, str], ...]
    """Each with its caption."""


def storm_section(records: Sequence[StormRecord]) -> StormSection:
    """Of one storm, or of one plan against several servers; at least one."""
    results = {each.heading: each.result for each in records}
    first = records[0]
    alone = f", {first.heading}" if len(records) == 1 and first.heading != AS_IT_IS else ""
    return StormSection(
        f"{storm_title(first.result)}{alone}",
        tuple(results),
        tuple((name, tuple(texts)) for name, texts in storm_rows(results)),
        tuple(_causes(records)),
        (
            ("How many nodes had an offer, and how many were ready", over_time(records)),
            ("From switching a node on to its DHCPACK", to_ack(records)),
        ),
    )


def over_time(records: Sequence[StormRecord]) -> str:
    """The curves of offers and of nodes that are ready."""
    every: list[Curve] = []
    for number, record in enumerate(records):
        name = f", {record.heading}" if len(records) > 1 else ""
        result = record.result
        every.append(Curve(Key(f"ready{name}", f"v{number}"), _points(result.completion)))
        offered = Key(f"offered{name}", f"v{number} offered")
        every.append(Curve(offered, _points(result.offers), _stairs(result.staircase)))
    if len(records) == 1:
        every += _rounds(records[0].result)
    title = f"{storm_title(records[0].result)}: nodes over time"
    return curves(title, every, records[0].result.nodes, _limits(records, _OVER_TIME))


def to_ack(records: Sequence[StormRecord]) -> str:
    """The latencies to the DHCPACK, in buckets."""
    every: list[Spread] = []
    for number, record in enumerate(records):
        times = record.result.to_ack
        if times is not None:
            every.append(Spread(Key(record.heading, f"v{number}"), times.counts))
    title = f"{storm_title(records[0].result)}: latencies to the DHCPACK"
    return spreads(title, every, _limits(records, _OF_ACK))


def _causes(records: Sequence[StormRecord]) -> Iterator[str]:
    for record in records:
        for cause in record.causes:
            text = storm_cause_text(cause)
            yield f"{record.heading}: {text}" if len(records) > 1 else text


def _rounds(result: StormResult) -> Iterator[Curve]:
    """Of each round but the last, after which a node is ready."""
    for number, each in enumerate(result.rounds[:-1], start=1):
        yield Curve(
            Key(f"done with round {number}, {each.client}", f"v{number} round"), _points(each.completion)
        )


def _stairs(steps: Staircase | None) -> Stairs | None:
    if steps is None:
        return None
    # From a moment before the first step: its offer is marked, too.
    began = steps.ended - (steps.steps - 0.9) * steps.mean
    return Stairs(max(0.0, began), steps.ended, f"{steps.steps} offers, {steps.mean:.1f} s apart")


def _points(curve: Iterable[BoundBy]) -> tuple[tuple[float, int], ...]:
    return tuple((point.seconds, point.nodes) for point in curve)


def _limits(records: Sequence[StormRecord], names: frozenset[str]) -> tuple[Limit, ...]:
    stated: Mapping[str, float] = records[0].limits or {}
    return tuple(Limit(name, seconds) for name, seconds in stated.items() if name in names)
