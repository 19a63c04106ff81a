"""Rows that are right by themselves, and not beside each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from edgeboot.labs.many_segments.numbered_row import NumberedRow
from edgeboot.spec.contract.address_pool import AddressRange


@dataclass(frozen=True, slots=True)
class Clash:
    """A row, and what is wrong with it beside an earlier one."""

    row: NumberedRow
    field: str
    words: tuple[str, str]
    """The problem and the mend."""


def clashes(rows: Sequence[NumberedRow]) -> Iterator[Clash]:
    """Every row that cannot be beside an earlier one: its name, its interface or its pool."""
    yield from _names(rows)
    yield from _interfaces(rows)
    by_space: dict[str, list[NumberedRow]] = defaultdict(list)
    for each in rows:
        if each.row.address_space is not None:
            by_space[each.row.address_space].append(each)
    for space, its in by_space.items():
        yield from _pools(space, its)


def _names(rows: Sequence[NumberedRow]) -> Iterator[Clash]:
    seen: dict[str, NumberedRow] = {}
    for each in rows:
        before = seen.setdefault(each.row.name, each)
        if before is not each:
            problem = f"is that of {_place(before)}, too"
            yield Clash(each, "name", (problem, "give each segment a name of its own"))


def _interfaces(rows: Sequence[NumberedRow]) -> Iterator[Clash]:
    """Two rows of one interface on the same node: where the nodes of one are among those of the other.

    Selectors that have different values for a key have no node in common. Of others nothing is known: the
    nodes that have both labels may be none.
    """
    seen: dict[tuple[str, frozenset[tuple[str, str]]], NumberedRow] = {}
    for each in sorted(rows, key=lambda row: len(row.row.node_selector)):
        labels = tuple(each.row.node_selector.items())
        found = (
            seen.get((each.row.interface, frozenset(some)))
            for size in range(len(labels), -1, -1)
            for some in combinations(labels, size)
        )
        before = next(filter(None, found), None)
        if before is not None and before.row.name != each.row.name:
            labelled = ", ".join(f"{key}={value}" for key, value in before.row.node_selector.items())
            nodes = f"nodes with {labelled}" if labelled else "any node"
            problem = f"{each.row.interface} of {nodes} is that of {_place(before)}, too"
            yield Clash(each, "interface", (problem, "correct nodes or interface: it leads to one segment"))
        seen.setdefault((each.row.interface, frozenset(labels)), each)


def _pools(space: str, rows: Sequence[NumberedRow]) -> Iterator[Clash]:
    """Each row whose pool has an address of another's, once."""
    ranges = [(each, its) for each in rows for its in each.contract.pool.ranges]
    ranges.sort(key=lambda pair: (pair[1].first, pair[0].number))
    told: set[int] = set()
    widest: tuple[NumberedRow, AddressRange] | None = None
    for each, its in ranges:
        if widest is not None and its.first <= widest[1].last and widest[0] is not each:
            first, second = sorted((widest[0], each), key=lambda row: row.number)
            if second.number not in told and first.row.name != second.row.name:
                told.add(second.number)
                yield Clash(second, "address_space", _overlap(space, first, second))
        if widest is None or its.last > widest[1].last:
            widest = (each, its)


def _overlap(space: str, first: NumberedRow, second: NumberedRow) -> tuple[str, str]:
    problem = (
        f"its pool {second.contract.pool} overlaps {first.contract.pool} of {_place(first)}, "
        f"and both are in {space!r}"
    )
    return (
        problem,
        "correct the pool of a contract, or leave address_space out where they do not reach each other",
    )


def _place(row: NumberedRow) -> str:
    return f"segment {row.row.name}" + (f" (line {row.line})" if row.line is not None else "")
