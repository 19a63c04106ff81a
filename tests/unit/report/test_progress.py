"""How far a run is, as values and as one line."""

from __future__ import annotations

import io
import os
import pty
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

import pytest

from edgeboot.base.waiting import Step, Waiting
from edgeboot.report.progress.doing import Doing, changes
from edgeboot.report.progress.line import live_line
from edgeboot.report.progress.progress import Moment, Progress
from edgeboot.report.progress.screen import Screen

TEST: Final = "tests/e2e/test_offer.py::test_offer_of_a_client[pxe/uefi]"
WAIT: Final = Waiting(0.0, (Step("ping check of a new address", 3.0),))
MOMENT: Final = Moment(83.0, 312, 648, 2, 91.4, None, TEST, None)
UP: Final = Doing((), ("segment 0.2 s", "server 0.1 s"), "0.3 s")


def progress(**doing: Doing) -> Progress:
    """A run of 40 tests, some of whose processes do something."""
    run = Progress("netns", began=0.0)
    run.collected(40)
    for process, now in doing.items():
        run.note(process, now)
    return run


@pytest.mark.parametrize(
    "moment, line",
    [
        (MOMENT, "312/648, 2 red, 1:23, 1:31 left: test_offer.py::test_offer_of_a_client[pxe/uefi]"),
        (replace(MOMENT, red=0, left=None, test=None), "312/648, 1:23"),
        (replace(MOMENT, every=None, red=0, left=None, stage="collecting tests"), "1:23: collecting tests"),
        (
            replace(MOMENT, done=0, red=0, left=None, stage="lab kind: cluster", wait="node, 1.0 of 120 s"),
            "0/648, 1:23: lab kind: cluster: node, 1.0 of 120 s",
        ),
    ],
)
def test_line_says_how_far_the_run_is(moment: Moment, line: str) -> None:
    """Done and all, reds so far, elapsed, left, and what it does."""
    assert live_line(moment, 100).plain == line


@pytest.mark.parametrize("width", [20, 40, 59, 79])
def test_line_fits_the_terminal(width: int) -> None:
    """Also where the name of a test does not; what is waited for is told before the name."""
    line = live_line(replace(MOMENT, wait="ping check of a new address, 1.8 of 3 s"), width)
    assert line.cell_len <= width
    assert (width < 59) or line.plain.endswith(", 1.8 of 3 s")


def test_lab_that_comes_up_is_told_by_stages() -> None:
    """Each once, and of the first lab alone."""
    run = Progress("netns", began=0.0)
    first = run.note("gw0", Doing(("server",), ("segment 0.2 s",)))
    assert (first, run.at(1.0).stage) == (["edgeboot: lab netns: segment 0.2 s"], "collecting tests")
    told = ["edgeboot: lab netns: server 0.1 s", "edgeboot: lab netns is up after 0.3 s"]
    assert (run.note("gw0", UP), run.note("gw1", UP)) == (told, [])


def test_what_is_told_already_is_not_told_again() -> None:
    """A moment later nothing has changed."""
    assert list(changes("netns", UP, UP)) == []


def test_stage_of_the_first_lab_stands_for_the_run() -> None:
    """Until a lab is up; then its tests do."""
    assert progress(gw0=Doing(("cluster", "bridge"))).at(1.0).stage == "lab netns: cluster, bridge"
    assert progress(gw0=UP, gw1=Doing(("segment",))).at(1.0).stage is None


def test_long_wait_of_a_bring_up_is_told_once() -> None:
    """After two seconds; tests that wait are nothing to report in a pipe."""
    run = progress(gw0=Doing(("server",), wait=WAIT), gw1=replace(UP, wait=WAIT))
    assert list(run.overdue(1.9)) == []
    assert list(run.overdue(2.0)) == ["edgeboot: lab netns waits for ping check of a new address, 2.0 of 3 s"]
    assert list(run.overdue(2.5)) == []


def test_oldest_test_is_the_one_that_is_running() -> None:
    """It is what the run waits for."""
    run = progress()
    for number, test in enumerate("abc"):
        run.begun(test, float(number))
    run.ended("a", 2.5)
    run.failed("a")
    assert (run.at(3.0).test, run.at(3.0).done, run.at(3.0).red) == ("b", 1, 1)


def test_time_left_follows_from_the_pace_of_the_last_seconds() -> None:
    """None before there is one, and never beyond the time of the run."""
    run = progress()
    run.begun("first", 10.0)
    for number in range(20):
        run.ended(str(number), 11.0 if number < 10 else 20.0)
    assert [run.at(now).left for now in (12.0, 20.0, 25.0, 40.0)] == [None, 10.0, 20.0, None]
    run.end = 23.0
    assert run.at(20.0).left == 3.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: where a program prints, and where that is seen."""
    seen, printed = pty.openpty()
    yield printed, seen
    os.close(seen)


def all_of(seen: int) -> str:
    """Everything that was printed on a terminal, once nobody has it open any more."""
    output = b""
    with suppress(OSError):  # EIO: the end.
        while data := os.read(seen, 4096):
            output += data
    return output.decode()


def test_line_is_taken_away_before_anybody_prints(terminal: tuple[int, int]) -> None:
    """And is not drawn within the line of another."""
    printed, seen = terminal
    screen, other = Screen(printed, colour=False), io.StringIO()
    shared = screen.shared(other)
    screen.draw(MOMENT)
    shared.write("\x1b[1mwithin")
    screen.draw(MOMENT)
    screen.say("a line of its own")
    screen.close()
    os.close(printed)
    line = live_line(MOMENT, 79).plain
    assert all_of(seen) == f"{line}\r\x1b[2K\r\na line of its own\r\n"
    assert other.getvalue() == "\x1b[1mwithin"
