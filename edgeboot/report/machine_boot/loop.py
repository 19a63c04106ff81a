"""Whether iPXE is sent the file again that it was started from: it loads itself for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from edgeboot.report.machine_boot.rounds import Round


@dataclass(frozen=True, slots=True)
class Loop:
    """A file that was fetched by what it had started itself."""

    url: str
    sha256: str
    times: int
    """How often it was fetched whole, each time by another round."""

    def __str__(self) -> str:
        return f"{self.url} loads itself: fetched whole {self.times} times, SHA-256 {self.sha256}"

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {"url": self.url, "sha256": self.sha256, "times": self.times}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(**data)


def loop_in(rounds: Sequence[Round]) -> Loop | None:
    """The file that iPXE has fetched after it was started from the same; None where there is none."""
    times: Counter[tuple[str, str]] = Counter()
    found: Loop | None = None
    for each in rounds:
        for fetched in {(file.url, file.sha256) for file in each.fetched}:
            times[fetched] += 1
            if times[fetched] > 1 and each.is_ipxe:
                found = Loop(*fetched, times[fetched])
    return found
