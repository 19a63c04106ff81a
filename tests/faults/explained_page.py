"""Writes the result of explaining the catalogue's captures into docs/explain.md, between its markers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edgeboot.base.paths import PROJECT
from tests.faults.catalogue import CATALOGUE
from tests.faults.fault import Fault, Group
from tests.faults.told import table

if TYPE_CHECKING:
    from tests.faults.explained import Explained

PAGE: Final = PROJECT / "docs" / "explain.md"
BEGIN: Final = "<!-- written by make explain-faults: do not edit -->"
SILENCE: Final = "no-answer"
SEVERAL: Final = "released-not-free"
"""Its sentence names three causes; packets do not tell them apart."""
END: Final = "<!-- end of what make explain-faults writes -->"


def write_table(results: Sequence[Explained], lab: str, page: Path = PAGE) -> Path:
    """Replace what is between the markers; the page's path.

    Raises:
        ValueError: the page has no markers.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the table; write {BEGIN} and {END} where it shall stand")
    lines = "\n".join(_lines(results, lab))
    page.write_text(f"{before}{BEGIN}\n\n{lines}\n\n{END}{after}", encoding="utf-8")
    return page


def _lines(results: Sequence[Explained], lab: str) -> Iterator[str]:
    by_name = {each.name: each for each in results}
    told, right = ([each for each in results if bool(each.needed) is broken] for broken in (True, False))
    count, alarms = sum(each.holds for each in told), sum(not each.holds for each in right)
    yield (
        f"{count} of {len(told)} faults with packets are explained with the cause that they state "
        f"({count / max(len(told), 1):.1%}); of {len(right)} servers that are right, each by the captures of "
        f"a whole run, {alarms} were told of anything but known defects of their contracts."
    )
    silent, several = (sum(each.of_cause == {word} for each in told) for word in (SILENCE, SEVERAL))
    yield ""
    yield (
        f"{silent} of these are told by `{SILENCE}` alone: the packets show that nobody answers, and not "
        f"what keeps the server from it; {several} by `{SEVERAL}`, whose sentence names the cause beside two "
        "others. Where a word may be told of other things as well, the sentence must have words that state "
        "the cause."
    )
    yield from ("", "| group | explained | of |", "|---|---|---|")
    for group, faults in CATALOGUE.items():
        ran = [by_name[each.name] for each in faults if each.lab == lab and each.name in by_name]
        if ran:
            yield f"| {group.value} | {sum(each.holds for each in ran)} | {len(ran)} |"
    yield from ("", "Not explained:", "", "| fault | would be told by | is told |", "|---|---|---|")
    for each in (*told, *right):
        if not each.holds:
            words = ", ".join(sorted(each.words)) or "nothing"
            yield f"| {each.name} | {', '.join(sorted(each.needed)) or 'nothing'} | {words} |"
    yield from ("", "Left out, since no packet of a client shows their cause:", "")
    for reason, names in _left_out(lab).items():
        yield f"- {reason}: {', '.join(names)}"


def _left_out(lab: str) -> dict[str, list[str]]:
    left: dict[str, list[str]] = {}
    for each in (each for group in Group for each in CATALOGUE[group] if each.lab == lab):
        reason = table().reason(each)
        if reason is not None:
            left.setdefault(reason, []).append(_name(each))
    return left


def _name(fault: Fault) -> str:
    return f"“{fault.name}”"
