"""A machine's boot as text: for ``report.txt``, and for pytest's report of a failed test."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen
from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.values import visible


def text(boot: MachineBoot) -> str:
    """Stages with their times and witnesses, why it stopped, firmware's words, and its last lines."""
    return visible("\n".join(_lines(boot)))


def stage_rows(boot: MachineBoot) -> Iterator[tuple[str, str, str]]:
    """Of each stage that was expected or seen: its name, its time, and what showed it or that it is missing.

    Times are seconds since power-on. A stage that is expected behind a missing one is left out.
    """
    seen: dict[BootStage, list[StageSeen]] = {}
    for each in boot.seen:
        seen.setdefault(each.stage, []).append(each)
    unseen = dict(boot.unseen)
    for stage in sorted({*seen, *boot.expected, *unseen}):
        if stage in seen:
            for number, each in enumerate(seen[stage]):
                title = "" if number else stage.title
                yield title, f"{each.at - boot.began:.1f} s", f"{each.witness.value}: {each.what}"
        if stage in unseen and stage not in seen:
            yield stage.title, "", f"cannot be seen here: {unseen[stage]}"
        elif stage is boot.missing:
            yield stage.title if stage not in seen else "", "", "MISSING"
        elif stage not in seen and boot.reached is not None and stage < boot.reached:
            yield stage.title, "", "not seen, but what comes after it was"


def _lines(boot: MachineBoot) -> Iterator[str]:
    yield f"{boot.name} ({boot.firmware}), {boot.mac}: {boot.headline}"
    for title, at, what in stage_rows(boot):
        yield f"  {title:<22} {at:>8}  {what}"
    if boot.loop is not None:
        yield f"loop: {boot.loop}"
    yield from (f"on the wire: {each}" for each in boot.wire)
    yield from (f"firmware: {each}" for each in boot.words)
    if boot.mend:
        yield f"to mend: {boot.mend}"
    if boot.screenshot is not None:
        yield f"its screen: {boot.screenshot}"
    if boot.console:
        yield "last lines of its console:"
    yield from (f"  {line.at - boot.began:8.1f} s  {line.text}" for line in boot.console)
