"""One client and one row: what the real one did, beside what the suite says of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a row."""

    client: str
    """The client of the table."""
    version: str
    """Package and version of the real one."""
    row: str
    real: str
    ours: str
    differences: tuple[str, ...] = ()
    """Where its messages are not those of the table."""
    remark: str = ""
    """Beside the verdict."""

    @property
    def agrees(self) -> bool:
        """Whether verdict and messages are the same."""
        return self.real == self.ours and not self.differences

    def __str__(self) -> str:
        told = [] if self.real == self.ours else [f"real: {self.real}; ours: {self.ours}"]
        return f"{self.client} ({self.version}), {self.row}: " + "; ".join((*told, *self.differences))
