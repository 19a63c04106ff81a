"""Watches a machine from its power-on: what passes its port, what servers log, what its console shows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.waiting import waiting
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.port import Port
from edgeboot.machines.protocol import Machine
from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.machine_boot.watched import Watched
from edgeboot.server.log import ServerLog

_LOOK: Final = timedelta(seconds=0.5)
"""Between two looks; frames are gathered meanwhile."""


@dataclass
class MachineWatch:
    """One machine, and everything by which its boot can be seen.

    Args:
        machine: it is powered through this watch, so that its times are known.
        port: sees every frame of it, both ways.
        cable: between it and the segment, behind that port.
        server_log: of the server under test.
        boot_server_log: of the boot server; the same where the server under test serves the files.
    """

    machine: Machine
    port: Port
    cable: LinkEnd
    server_log: ServerLog
    boot_server_log: ServerLog
    records: list[MachineBoot] = field(default_factory=list)
    """What checks have made of it, for the report."""
    screenshots: dict[str, bytes] = field(default_factory=dict)
    """PNG files by their names, for the evidence."""
    _frames: list[Frame] = field(default_factory=list)
    _powered_on: float | None = None
    _lines: tuple[int, int] = (0, 0)

    def power_on(self) -> None:
        """Switch it on, and look at what happens from now on."""
        self.begin()
        self.machine.power_on()

    def reset(self) -> None:
        """Start it anew, and look at what happens from now on."""
        self.begin()
        self.machine.reset()

    def begin(self) -> None:
        """Forget what was seen: the next start is looked at alone."""
        self.port.pending()
        self._frames.clear()
        self._lines = (self.server_log.end, self.boot_server_log.end)
        self._powered_on = time.time()

    @property
    def watched(self) -> Watched:
        """Everything so far, from the last power-on or reset."""
        self._frames += self.port.pending()
        began, console = self._powered_on or 0.0, self.machine.console
        lines = () if console is None else console.lines
        same = self.boot_server_log is self.server_log
        return Watched(
            self.machine.mac,
            tuple(self._frames),
            self.server_log.lines[self._lines[0] :],
            () if same else self.boot_server_log.lines[self._lines[1] :],
            tuple(line for line in lines if line.at >= began),
            self._powered_on,
        )

    def wait_for(
        self, until: Callable[[Watched], bool], what: str, within: timedelta, gives_up: str | None = None
    ) -> Watched:
        """Look until something was seen, or the time is over; returns what was seen by then.

        Args:
            until: whether it is there.
            what: it is, as a run that waits names it.
            within: the limit, from now.
            gives_up: a regular expression of a console's line after which nothing more will come.
        """
        deadline, over = Deadline.after(within), None if gives_up is None else re.compile(gives_up)
        with waiting(f"{self.machine.name}: {what}", within):
            while True:
                watched = self.watched
                ended = over is not None and any(over.search(line.text) for line in watched.console)
                if until(watched) or deadline.passed:
                    return watched
                self._look(deadline)
                if ended:  # Its last line may have been half of one.
                    return self.watched

    def _look(self, deadline: Deadline) -> None:
        limit = min(_LOOK, timedelta(seconds=deadline.remaining))
        self._frames += self.port.collect(Deadline.after(limit))

    def unplug_for(self, outage: timedelta) -> None:
        """Unplug its cable for so long."""
        with links.down(self.cable):
            self._frames += self.port.collect(Deadline.after(outage))

    def keep_screen(self) -> Path | None:
        """Take a picture of its screen for the evidence; None where it has none that can be seen."""
        picture = self.machine.screenshot()
        if picture is None:
            return None
        name = f"screen-{self.machine.name}.png"
        self.screenshots[name] = picture
        return Path(name)
