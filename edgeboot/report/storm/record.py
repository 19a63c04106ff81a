"""A storm as a run keeps it: in its result, and for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from edgeboot.report.storm.cause import StormCause
from edgeboot.stress.storm.result import StormResult

AS_IT_IS: Final = "as it is"


@dataclass(frozen=True, slots=True)
class StormRecord:
    """One storm, with what it is held against and what explains it."""

    result: StormResult
    heading: str = AS_IT_IS
    """What is peculiar to it among the storms beside it."""
    limits: Mapping[str, float] | None = None
    """The times that the contract states, in seconds, by their names there; None without a contract's."""
    causes: tuple[StormCause, ...] = ()
    """What explains it."""

    @property
    def ready_after(self) -> float | None:
        """Seconds from the storm's beginning until its last node was ready; None where none was."""
        return self.result.completion[-1].seconds if self.result.completion else None

    @property
    def p99s(self) -> Mapping[str, float]:
        """Seconds that 99 of 100 nodes do not exceed, by what they waited for; what none got is absent."""
        result = self.result
        times = {"offer": result.to_offer, "ack": result.to_ack, "file": result.to_file}
        return {name: each.p99 for name, each in times.items() if each is not None}

    def to_json(self) -> dict[str, Any]:
        """An object with the main figures and, as ``result``, what ``edgeboot storm --json`` prints."""
        return {
            "heading": self.heading,
            "nodes": self.result.nodes,
            "ready": self.result.bound,
            "gave_up": self.result.gave_up,
            "duplicates": [str(each) for each in self.result.duplicates],
            "ready_after": self.ready_after,
            "offer_p99": self.p99s.get("offer"),
            "ack_p99": self.p99s.get("ack"),
            "file_p99": self.p99s.get("file"),
            "limits": None if self.limits is None else dict(self.limits),
            "causes": [each.to_json() for each in self.causes],
            "result": self.result.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StormRecord:
        """What ``to_json`` wrote; raises ValueError, KeyError or TypeError for anything else."""
        return cls(
            _RESULT.validate_python(data["result"]),
            data["heading"],
            data["limits"],
            tuple(map(StormCause.from_json, data["causes"])),
        )


_RESULT: Final = TypeAdapter(StormResult)
