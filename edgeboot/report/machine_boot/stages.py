"""Which stages of a machine's boot were seen, by which witness first, and the first that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.stages_captured import stages_captured
from edgeboot.report.machine_boot.stages_logged import stages_logged
from edgeboot.report.machine_boot.stages_on_the_console import stages_on_the_console
from edgeboot.report.machine_boot.watched import Watched

_ANSWERS: Final = frozenset({BootStage.ACK, BootStage.BOOT_SERVER_4011, BootStage.FILE})


def stages_of(watched: Watched) -> tuple[StageSeen, ...]:
    """Every stage that was seen, by each of its witnesses the first time, in the order of the stages."""
    every = (
        *_by_power(watched),
        *stages_captured(watched.traffic, watched.rounds),
        *stages_logged(watched),
        *stages_on_the_console(watched),
    )
    return in_order(every)


def in_order(seen: Iterable[StageSeen]) -> tuple[StageSeen, ...]:
    """Of what each witness has seen, each stage the first time, in the order of the stages."""
    found: dict[tuple[BootStage, Witness], StageSeen] = {}
    for each in seen:
        key = (each.stage, each.witness)
        if key not in found or each.at < found[key].at:
            found[key] = each
    return tuple(sorted(found.values(), key=lambda each: (each.stage, each.at)))


def reached(seen: Sequence[StageSeen]) -> BootStage | None:
    """The furthest stage that was seen; None where nothing was.

    That a server has sent an answer does not count where a capture could have shown that it came.
    """
    captured = any(each.witness is Witness.CAPTURE for each in seen)
    came = (each.stage for each in seen if not (captured and _is_only_sent(each)))
    return max(came, default=None)


def _is_only_sent(each: StageSeen) -> bool:
    """A web server logs a file as soon as the kernel has it, which sends it for as long as it takes."""
    return each.witness in {Witness.SERVER_LOG, Witness.BOOT_SERVER_LOG} and each.stage in _ANSWERS


def missing(seen: Sequence[StageSeen], expected: Sequence[BootStage]) -> BootStage | None:
    """The first expected stage behind the furthest that was seen; None where all were reached.

    A stage whose witness was blind, and that a later one proves, is not missing.
    """
    there = reached([each for each in seen if each.stage in expected])
    return next((each for each in sorted(expected) if there is None or each > there), None)


def _by_power(watched: Watched) -> Iterator[StageSeen]:
    if watched.powered_on is not None:
        yield StageSeen(BootStage.POWER, watched.powered_on, Witness.MACHINE, "switched on")
