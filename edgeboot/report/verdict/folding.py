"""What of pytest's own output is left where several tests failed by one cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from edgeboot.report.secrets import without_secrets
from edgeboot.report.verdict.headline import HeadlineCause, Verdict

_SHOWN: Final = 3
"""Causes whose clearest failure is shown."""
LINES: Final = 60
"""Of all failures that are shown, together."""
_FEWEST: Final = 12
_SHORTEST: Final = 5
"""Lines of a section that is cut."""
_TITLE: Final = 2
_LOG: Final = "log"
_EXCHANGE: Final = "edgeboot: exchange"
Section = tuple[str, str]


def shown_failures(verdict: Verdict) -> dict[str, str]:
    """The tests whose failures are shown, and the line that stands for the others of that cause."""
    return {cause.clearest: _others(cause) for cause in verdict.causes[:_SHOWN]}


def lines_for_each(failures: int) -> int:
    """How many lines each of so many failures may have."""
    return max(_FEWEST, LINES // max(1, failures))


def fitted(sections: Sequence[Section], lines: int) -> list[Section]:
    """Sections of at most so many lines, with a last one that says what was left out.

    Exchanges are left out first, the older ones before the last: what is asked last has failed. What
    remains is cut where it is long. Secrets are left out of all of them.
    """
    sections = [(title, without_secrets(body)) for title, body in sections]
    if _height(sections) <= lines:
        return list(sections)
    rest = [each for each in sections if each[0] != _EXCHANGE]
    each_may_have = max(_SHORTEST, lines // max(1, len(rest)) - _TITLE)
    kept = {id(each): (each[0], _cut(each[0], each[1], each_may_have)) for each in rest}
    room = lines - _height(kept.values())
    exchanges = [each for each in sections if each[0] == _EXCHANGE]
    for exchange in reversed(exchanges):
        room -= _height([exchange])
        if room < 0:
            break
        kept[id(exchange)] = exchange
    shown = [kept[id(each)] for each in sections if id(each) in kept]
    missing = len(sections) - len(shown)
    words = [f"{missing} exchange{'s' if missing > 1 else ''}"] if missing else []
    if any(kept[id(each)] != each for each in rest):
        words.append("lines of what is shown")
    return [*shown, ("edgeboot: left out", f"{' and '.join(words)}: report.txt has them, -vv shows them")]


def _others(cause: HeadlineCause) -> str:
    others = len(cause.tests) - 1
    return f"+ {others} of the same cause (-vv shows them)" if others else ""


def _height(sections: Iterable[Section]) -> int:
    return sum(_TITLE + body.count("\n") for _, body in sections)


def _cut(title: str, body: str, lines: int) -> str:
    """The end of a log, the beginning of anything else."""
    every = body.splitlines()
    if len(every) <= lines:
        return body
    return "\n".join(["…", *every[1 - lines :]] if _LOG in title else [*every[: lines - 1], "…"])
