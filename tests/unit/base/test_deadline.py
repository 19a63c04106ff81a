"""Time limits: how much is left, and readiness that is observed."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.deadline import Deadline, Wait, eventually
from edgeboot.base.errors import LabError


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=365)))
def test_deadline_ahead_has_time_left(length: timedelta) -> None:
    """Never more than was given."""
    deadline = Deadline.after(length)
    assert not deadline.passed
    assert 0 < deadline.remaining <= length.total_seconds()


@given(st.timedeltas(min_value=timedelta(days=-365), max_value=timedelta()))
def test_deadline_behind_has_none_left(length: timedelta) -> None:
    """Zero and not less: it is a socket's timeout."""
    deadline = Deadline.after(length)
    assert (deadline.passed, deadline.remaining) == (True, 0.0)


def test_beginning_of_the_clock_has_passed() -> None:
    """What a port that must not wait gives itself."""
    assert Deadline(0.0).passed


WAITS: Final = {name: limit for name, limit in vars(Wait).items() if isinstance(limit, timedelta)}


@pytest.mark.parametrize("name", WAITS)
def test_deadline_after_a_named_wait_is_its_limit_away(name: str) -> None:
    """Each name stands for a length of time."""
    assert 0 < Deadline.after(WAITS[name]).remaining <= WAITS[name].total_seconds()


def test_offer_is_awaited_longer_than_dnsmasq_pings() -> None:
    """An address a server has never given is pinged for three seconds first."""
    assert timedelta(seconds=3) < Wait.OFFER


@pytest.mark.parametrize("value", [0, False, "", "ready"])
def test_first_value_other_than_none_is_returned(value: object) -> None:
    """Zero, False and an empty text are observations too."""
    assert eventually("it", lambda: value, Wait.GRACE, "hint") is value


def test_observer_is_asked_until_it_sees_something() -> None:
    """As often as it takes, and not once more."""
    looks = itertools.count(1)
    seen = eventually("it", lambda: look if (look := next(looks)) == 4 else None, Wait.LINK, "hint")
    assert (seen, next(looks)) == (4, 5)


def test_what_never_comes_is_an_error_with_its_mend() -> None:
    """Name, time and advice in one line."""
    with pytest.raises(LabError) as caught:
        eventually("link x", lambda: None, Wait.GRACE, "plug it in")
    assert str(caught.value) == "link x: not seen within 0.02 s; plug it in"


def test_observer_that_raises_ends_the_wait() -> None:
    """A server that has died need not be waited for."""

    def observe() -> bool | None:
        raise LabError("server", "ended", "see its log")

    with pytest.raises(LabError, match="server: ended"):
        eventually("it", observe, Wait.OFFER, "hint")
