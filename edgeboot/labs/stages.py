"""How long each stage of a lab's bring-up took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: when it began after the first of them, and how long it took, in seconds."""

    name: str
    began: float
    took: float

    def __str__(self) -> str:
        return f"{self.name} {self.took:.1f} s"


class Stages:
    """A stopwatch for stages that may overlap."""

    def __init__(self) -> None:
        self._zero = time.monotonic()
        self.done: list[Stage] = []
        self.running: list[str] = []
        """The names of those that have begun and not ended."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the body of the ``with`` statement."""
        began = time.monotonic()
        self.running.append(name)
        try:
            yield
        finally:
            self.running.remove(name)
            ended = time.monotonic()
            self.done.append(Stage(name, began - self._zero, ended - began))

    @property
    def seconds(self) -> float:
        """From the beginning to the end of the last stage."""
        return max((stage.began + stage.took for stage in self.done), default=0.0)

    def __str__(self) -> str:
        ordered = sorted(self.done, key=lambda stage: stage.began)
        return f"up in {self.seconds:.1f} s ({', '.join(map(str, ordered))})"
