"""One machine's boot as a report tells it: its stages with their times, where it stopped, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Self

from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.firmware_words import Explained, explained
from edgeboot.report.machine_boot.loop import Loop, loop_in
from edgeboot.report.machine_boot.rounds import furthest
from edgeboot.report.machine_boot.stages import missing, reached, stages_of
from edgeboot.report.machine_boot.stopped import why
from edgeboot.report.machine_boot.watched import Watched

_LAST: Final = 20
"""Lines of the console that a report shows."""


@dataclass(frozen=True, slots=True)
class MachineBoot:
    """What was seen of one machine between its power-on and the moment when the record was made."""

    name: str
    mac: str
    firmware: str
    expected: tuple[BootStage, ...]
    seen: tuple[StageSeen, ...]
    words: tuple[Explained, ...] = ()
    """Firmware's messages about why it did not boot."""
    wire: tuple[str, ...] = ()
    """What the capture shows of why it came no further."""
    console: tuple[ConsoleLine, ...] = ()
    """Its last lines."""
    loop: Loop | None = None
    mend: str = ""
    """The line that made it stop, where one is known."""
    screenshot: str | None = None
    """The PNG file, from the directory of the evidence; None without one."""
    unseen: tuple[tuple[BootStage, str], ...] = ()
    """Stages that nothing could have shown, each with the reason."""

    @property
    def began(self) -> float:
        """From when its times count: power-on, or the first thing that was seen."""
        return min((each.at for each in self.seen), default=0.0)

    @property
    def reached(self) -> BootStage | None:
        """The furthest expected stage; None where nothing was seen."""
        return reached([each for each in self.seen if each.stage in self.expected])

    @property
    def missing(self) -> BootStage | None:
        """The first expected stage that it did not reach; None where it reached all."""
        return missing(self.seen, self.expected)

    @property
    def stopped(self) -> str:
        """How far it came, in words."""
        return "did not start" if self.reached is None else f"stopped after {self.reached.title}"

    @property
    def headline(self) -> str:
        """Where it stopped, and the first reason, in one line."""
        if self.missing is None:
            return f"{self.name} reached {self.expected[-1].title}"
        because = next(iter((*self.wire, *(str(each) for each in self.words))), "")
        told = f"{self.name} ({self.firmware}) {self.stopped}: no {self.missing.title}"
        return f"{told}; {because}" if because else told

    def placed_in(self, directory: str) -> MachineBoot:
        """With its picture in this directory of the run's evidence: other tests have some of that name."""
        return self if self.screenshot is None else replace(self, screenshot=f"{directory}/{self.screenshot}")

    def to_json(self) -> dict[str, Any]:
        """An object; times are in seconds since the epoch."""
        return {
            "name": self.name,
            "mac": self.mac,
            "firmware": self.firmware,
            "expected": [each.name for each in self.expected],
            "reached": self.reached and self.reached.name,
            "missing": self.missing and self.missing.name,
            "stages": [each.to_json() for each in self.seen],
            "words": [each.to_json() for each in self.words],
            "wire": list(self.wire),
            "console": [{"at": each.at, "text": each.text} for each in self.console],
            "loop": self.loop and self.loop.to_json(),
            "mend": self.mend,
            "screenshot": self.screenshot,
            "unseen": [{"stage": stage.name, "why": why} for stage, why in self.unseen],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(
            data["name"],
            data["mac"],
            data["firmware"],
            tuple(BootStage[each] for each in data["expected"]),
            tuple(map(StageSeen.from_json, data["stages"])),
            tuple(map(Explained.from_json, data["words"])),
            tuple(data["wire"]),
            tuple(ConsoleLine(**each) for each in data["console"]),
            data["loop"] and Loop.from_json(data["loop"]),
            data["mend"],
            data["screenshot"],
            # Older results have none.
            tuple((BootStage[each["stage"]], each["why"]) for each in data.get("unseen", ())),
        )


def machine_boot(
    name: str,
    firmware: str,
    watched: Watched,
    expected: Sequence[BootStage],
    architecture: int | None = None,
    unseen: Mapping[BootStage, str] = MappingProxyType({}),
) -> tuple[MachineBoot, tuple[Diagnosis, ...]]:
    """The record of a machine, and the facts of the wire by which a line to mend is found.

    Args:
        name: of the machine.
        firmware: what runs on it.
        watched: what was seen of it.
        expected: the stages that it should reach.
        architecture: option 93 of the client that should boot; None for whichever came furthest.
        unseen: stages that nothing could show, each with the reason.
    """
    seen = stages_of(watched)
    stage = missing(seen, expected)
    at_fault = furthest(watched.rounds, architecture)
    facts = () if stage is None else why(watched, stage, at_fault)
    ended = tuple(watched.console)
    words = () if stage is None else explained(ended, watched.rounds)
    record = MachineBoot(
        name,
        str(watched.mac),
        firmware,
        tuple(sorted(expected)),
        seen,
        words,
        tuple(dict.fromkeys(fact.sentence for fact in facts)),
        ended[-_LAST:],
        loop_in(watched.rounds),
        unseen=tuple(sorted(unseen.items())),
    )
    return record, facts
