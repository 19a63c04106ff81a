"""What a process waits for, as whoever shows progress sees it."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from typing import Final

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.waiting import Step, Waiting, long_wait, waiting, waits

OFFER: Final = Waiting(100.0, (Step("ping check of a new address", 3.0), Step("an offer", 8.0)))


@pytest.mark.parametrize(
    "after, told",
    [
        (0.0, "ping check of a new address, 0.0 of 3 s"),
        (1.8, "ping check of a new address, 1.8 of 3 s"),
        (3.5, "an offer, 3.5 of 8 s"),
        (9.0, "an offer, 8.0 of 8 s"),
    ],
)
def test_wait_says_what_it_is_for_and_how_long(after: float, told: str) -> None:
    """What takes the first seconds has a name of its own."""
    assert OFFER.at(100.0 + after) == told


def test_wait_can_be_told_to_another_process() -> None:
    """A worker's, to the process that prints."""
    assert Waiting.from_json(OFFER.to_json()) == OFFER


def test_wait_is_seen_as_long_as_it_lasts() -> None:
    """Also when it ends by an error."""
    with suppress(ValueError), waiting("a boot", Wait.OFFER):
        assert [each.steps[-1].what for each in waits()] == ["a boot"]
        raise ValueError
    assert waits() == ()


def test_every_condition_that_is_polled_for_is_a_wait() -> None:
    """By the name that its error would have."""
    assert eventually("link up", lambda: waits()[-1].steps, Wait.LINK, "") == (Step("link up", 5.0),)


@pytest.mark.parametrize("limit, lasted, is_told", [(8.0, 1.0, True), (8.0, 0.1, False), (2.0, 1.9, False)])
def test_only_what_may_take_long_is_told(limit: float, lasted: float, is_told: bool) -> None:
    """Most waits end after milliseconds."""
    with waiting("it", timedelta(seconds=limit)):
        assert (long_wait(time.monotonic() + lasted, after=0.5) is not None) is is_told
