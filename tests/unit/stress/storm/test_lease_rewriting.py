"""A lease file that is written anew for each lease, by what was written meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.server.server_use import UseSample
from edgeboot.stress.storm.lease_rewriting import LeaseRewriting

COUNT = 400
ACKS = [number / 40 for number in range(COUNT)]
"""Ten seconds of them."""


def samples(line: int, log: int, others: int = 0) -> list[UseSample]:
    """Four in a second, of a server that writes so much for each lease there is, and of its log."""
    times = [number / 4 for number in range(1, 48)]
    counts = [min(COUNT, int(40 * seconds)) for seconds in times]
    return [
        UseSample(seconds, 0.001 * count, line * count * (count // 2 + others) + log * count)
        for seconds, count in zip(times, counts, strict=True)
    ]


def test_a_file_that_is_written_anew_is_seen() -> None:
    """Each answer writes the lines of all leases before it."""
    found = LeaseRewriting.of(ACKS, samples(line=60, log=2500))
    assert found is not None
    assert found.per_lease == pytest.approx(60, rel=0.1)
    assert found.octets_at_first == pytest.approx(2500 + 60 * COUNT / 8, rel=0.1)
    assert found.octets_at_last == pytest.approx(2500 + 60 * COUNT * 7 / 8, rel=0.1)
    assert found.rate_at_first == pytest.approx(found.rate_at_last, rel=0.1)


@pytest.mark.parametrize("line,found", [(60, True), (0, False)], ids=["written anew", "a journal"])
def test_a_large_file_is_seen_by_a_line_for_each_lease(line: int, found: bool) -> None:
    """Its growth by one lease is lost where a look comes while it is being written."""
    others = 40_000
    looks = [
        replace(each, written=each.written + line * others * (number % 3) // 3)
        for number, each in enumerate(samples(line, log=2500, others=others))
    ]
    rewriting = LeaseRewriting.of(ACKS, looks, others)
    assert (rewriting is not None) == found
    assert rewriting is None or rewriting.per_lease == pytest.approx(60, rel=0.1)


@pytest.mark.parametrize(
    "acks,line",
    [(ACKS, 0), (ACKS, 2000), (ACKS[:80], 60), ([each / 100 for each in ACKS], 60)],
    ids=["a journal", "something else", "too few answers", "too fast to be seen"],
)
def test_other_growth_is_none(acks: list[float], line: int) -> None:
    """Of a server that appends, or writes other things."""
    assert LeaseRewriting.of(acks, samples(line, log=2500)) is None


def test_a_server_that_shows_nothing_is_not_judged() -> None:
    """As one on another machine."""
    assert LeaseRewriting.of(ACKS, []) is None
    assert LeaseRewriting.of(ACKS, [UseSample(each, 0.1, 0) for each in ACKS]) is None
