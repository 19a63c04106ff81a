"""A machine whose clock is set while a storm runs: its time stamps say nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.report.storm.table import storm_rows
from edgeboot.stress.storm.round import Round
from edgeboot.stress.storm.system_clock import SystemClock
from tests.unit.stress.storm.answering_wire import granting, hasty
from tests.unit.stress.storm.conftest import RunStorm


class SetClock:
    """The system's clock, which was set by so many seconds."""

    def __init__(self) -> None:
        self.by = 0.0
        self._shown = time.time

    def __call__(self) -> float:
        """What it shows."""
        return self._shown() + self.by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """In the place of this machine's."""
    clock = SetClock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.mark.parametrize("by", [30.0, -3600.0, 0.02])
def test_a_clock_that_is_set_is_seen(clock: SetClock, by: float) -> None:
    """Forwards or backwards; from then on time stamps count by its new setting."""
    system = SystemClock()
    before, clock.by = system.epoch, by
    system.look()
    assert system.step == pytest.approx(by, abs=0.005)
    assert system.epoch - before == pytest.approx(by, abs=0.005)


def test_a_clock_that_was_set_back_again_is_seen(clock: SetClock) -> None:
    """At its end it shows what it would have shown: frames between have other time stamps all the same."""
    system = SystemClock()
    for clock.by in (30.0, 0.0):
        system.look()
    assert abs(system.step) == pytest.approx(30.0, abs=0.005)


def test_figures_of_a_storm_with_a_set_clock_are_not_valid(run_storm: RunStorm, clock: SetClock) -> None:
    """No latency of it is told as the server's."""
    replies = 0

    def setting(message: DhcpMessage) -> Iterable[DhcpMessage]:
        nonlocal replies
        replies += 1
        clock.by = 30.0 if replies > 5 else 0.0
        return granting(message)

    result, _ = run_storm(setting, rounds=(Round(hasty(patient=True)),))
    assert result.clock_step == pytest.approx(30.0, abs=0.005)
    rows = dict(storm_rows({"": result}))
    assert rows["not valid"][0].startswith("this machine's clock was set by +30.0")


def test_a_storm_with_a_steady_clock_is_valid(run_storm: RunStorm) -> None:
    """A busy machine reads its two clocks at different moments."""
    result, _ = run_storm(granting)
    assert (result.clock_step, result.not_valid) == (0.0, None)
