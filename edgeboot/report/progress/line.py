"""The one line of a run on a terminal."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from edgeboot.report.progress.progress import Moment

_BEFORE: Final = ": "
_LEAST: Final = 12
"""Columns of a name that still tell something."""


def live_line(moment: Moment, width: int) -> Text:
    """How far the run is and what it does now, in at most so many columns.

    What is waited for takes the place of the test's name where there is no room for both; how long it
    is waited for is never cut off.
    """
    line = Text(", ").join(_counts(moment))
    room = width - line.cell_len - len(_BEFORE)
    if (doing := _doing(moment, room)) is not None:
        line.append(_BEFORE).append_text(doing)
    line.truncate(width, overflow="ellipsis")
    return line


def _counts(moment: Moment) -> list[Text]:
    counts = [Text(clock(moment.elapsed))]
    if moment.every is not None:
        counts.insert(0, Text(f"{moment.done}/{moment.every}", style="bold"))
    if moment.red:
        counts.insert(1, Text(f"{moment.red} red", style="bold red"))
    if moment.left is not None:
        counts.append(Text(f"{clock(moment.left)} left"))
    return counts


def _doing(moment: Moment, room: int) -> Text | None:
    """What it does, in so many columns."""
    name = moment.stage or short_name(moment.test)
    if moment.wait is None:
        return Text(name, style="dim") if name else None
    what, _, seconds = moment.wait.rpartition(", ")
    both, tail = f"{name}: {what}" if name else what, f", {seconds}"
    text = Text(both if len(both) + len(tail) <= room else what, style="dim")
    text.truncate(max(room - len(tail), _LEAST), overflow="ellipsis")
    return text.append(tail)


def short_name(test: str | None) -> str:
    """A test's name without its directories."""
    place, bracket, parameters = (test or "").partition("[")
    return f"{place.rpartition('/')[2]}{bracket}{parameters}"


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
