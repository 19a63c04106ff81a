"""A machine of a site that has booted, or not, while the suite ran; and all of them in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

STRANGERS: Final = "Other machines of the segment"
"""The title under which they are told."""
_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Stranger:
    """One machine, by texts that a result keeps."""

    number: int
    """In the order in which they first asked: shortened addresses may be the same."""
    mac: str
    """Shortened, unless the run was asked for whole addresses."""
    booted: bool | None
    """None where what is broadcast does not show it."""
    told: str
    """How it ended, and why."""

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(**data)


def sentences(strangers: Sequence[Stranger]) -> tuple[str, ...]:
    """How many have booted, then each that did not; none without any."""
    booted = sum(each.booted is True for each in strangers)
    stopped = [each for each in strangers if each.booted is False]
    unknown = len(strangers) - booted - len(stopped)
    if not strangers:
        return ()
    machines = "other machine" if booted == 1 else "other machines"
    counts = [f"{booted} {machines} booted meanwhile"]
    counts += [f"{len(stopped)} did not"] if stopped else []
    counts += [f"of {unknown} the end cannot be seen from here"] if unknown else []
    more = len(stopped) - _TOLD
    return (
        ", ".join(counts),
        *(f"{each.mac} {each.told}" for each in stopped[:_TOLD]),
        *([f"{more} more did not: the result has them"] if more > 0 else []),
    )
