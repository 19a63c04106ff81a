"""What a watch tells, and where: on the screen, in a log, as counts, and the last packets in a file."""

from __future__ import annotations

import json
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final, TextIO

from edgeboot.base.destination import replace_file
from edgeboot.base.errors import LabError
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.passive import PassiveSource
from edgeboot.host.wire.capture.ring_file import RingFile
from edgeboot.report.live_watch.events import BootEnded
from edgeboot.report.live_watch.events import Event as BootEvent
from edgeboot.report.live_watch.lines import lines, summary
from edgeboot.report.live_watch.live import Live
from edgeboot.report.live_watch.live_metrics import LiveMetrics
from edgeboot.report.values import plain_console

_LOOK: Final = 0.5
"""Seconds between two looks at what is new."""


@dataclass
class Telling:
    """What is told where."""

    interface: str
    metrics: Path | None = None
    log: TextIO | None = None
    ring: RingFile | None = None
    live: Live = field(default_factory=Live)
    ends: list[BootEnded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._console = plain_console(soft_wrap=True, highlight=False)
        self._counts = LiveMetrics(self.interface)

    def until_interrupted(self, source: PassiveSource) -> None:
        """Take what comes, and tell it.

        Raises:
            LabError: the interface is gone.
        """
        told = time.monotonic()
        with _interruption() as interrupted:
            while not interrupted():
                select.select([source], [], [], _LOOK)
                self.hear(_pending(source), source.dropped)
                if time.monotonic() - told >= _LOOK:
                    told = time.monotonic()
                    self.tell(self.live.events(time.time()), source.dropped)
            self.tell([*self.live.events(time.time()), *self.live.ended()], source.dropped)
            self.say(summary(self.ends, self.live.packets, source.dropped))

    def hear(self, packets: Sequence[CapturedPacket], dropped: int) -> None:
        """Take packets, and keep them where that is asked for."""
        self.live.take(packets)
        if self.ring is not None and packets:
            self.ring.write(packets, dropped)

    def tell(self, events: Sequence[BootEvent], dropped: int) -> None:
        """Print events, log them, count them."""
        self.say(lines(events))
        for event in events:
            if isinstance(event, BootEnded):
                self.ends.append(event)
                self._counts.note(event)
            if self.log is not None:
                self.log.write(f"{json.dumps(event.to_json())}\n")
        if self.log is not None:
            self.log.flush()
        if self.metrics is not None and events:
            replace_file(self.metrics, self._counts.text(self.live.booting, self.live.packets, dropped))

    def say(self, text: Iterable[str]) -> None:
        """Print lines."""
        for line in text:
            self._console.print(line)


@contextmanager
def _interruption() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or SIGTERM has come: neither ends what is being told in its midst."""
    came = Event()
    before = {each: signal.signal(each, lambda *_: came.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came.is_set
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _pending(source: PassiveSource) -> Sequence[CapturedPacket]:
    try:
        return source.pending()
    except OSError as error:
        problem = f"is gone ({error.strerror})"
        raise LabError(f"--interface {source.interface}", problem, "start the watch again") from error
