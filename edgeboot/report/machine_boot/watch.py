"""Watches a machine from its power-on: what passes its port, what servers log, what its console shows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Protocol

from edgeboot.base.deadline import Deadline
from edgeboot.base.errors import EdgebootError
from edgeboot.base.waiting import waiting
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.frame import Frame
from edgeboot.machines.protocol import Machine, MachineError
from edgeboot.machines.starting import start_from_network
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.record import MachineBoot, machine_boot
from edgeboot.report.machine_boot.stages import stages_of
from edgeboot.report.machine_boot.traffic import OWN_PORT
from edgeboot.report.machine_boot.watched import Watched
from edgeboot.server.log import ServerLog

_LOOK: Final = timedelta(seconds=0.5)
"""Between two looks; frames are gathered meanwhile."""


class FrameSource(Protocol):
    """What frames of a machine come from, such as a Port."""

    def pending(self) -> list[Frame]:
        """Those that have come since the last call."""

    def collect(self, deadline: Deadline) -> list[Frame]:
        """Those, and what comes until the deadline."""


@dataclass
class MachineWatch:
    """One machine, and everything by which its boot can be seen.

    Args:
        machine: it is powered through this watch, so that its times are known.
        port: sees every frame of it, both ways, or what can be seen of it.
        server_log: of the server under test.
        boot_server_log: of the boot server; the same where the server under test serves the files.
        cable: between it and the segment, behind that port; None for one that cannot be unplugged here.
        place: where the frames are seen, as a sentence says it.
        unseen: stages that nothing here shows, each with the reason; they are expected of no boot.
    """

    machine: Machine
    port: FrameSource
    server_log: ServerLog
    boot_server_log: ServerLog
    cable: LinkEnd | None = None
    place: str = OWN_PORT
    unseen: Mapping[BootStage, str] = field(default_factory=dict)
    records: list[MachineBoot] = field(default_factory=list)
    """What checks have made of it, for the report."""
    screenshots: dict[str, bytes] = field(default_factory=dict)
    """PNG files by their names, for the evidence."""
    _frames: list[Frame] = field(default_factory=list)
    _began: float = 0.0
    _is_on: bool = False
    _lines: tuple[int, int] = (0, 0)

    def power_on(self) -> None:
        """Switch it on, and look at what happens from now on; raises MachineError."""
        with self._starting():
            self.machine.power_on()

    def start_from_network(self) -> None:
        """Start it, or start it anew, and let that start boot from the network; raises MachineError."""
        with self._starting():
            start_from_network(self.machine)

    def reset(self) -> None:
        """Start it anew, and look at what happens from now on; raises MachineError."""
        with self._starting():
            self.machine.reset()

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Forget what was seen: the next start is looked at alone. One that fails is a record of its own."""
        self.port.pending()
        self._frames.clear()
        self._lines = (self.server_log.end, self.boot_server_log.end)
        self._began, self._is_on = time.time(), False
        try:
            yield
        except MachineError as error:
            name, mac, expected = self.machine.name, str(self.machine.mac), (BootStage.POWER,)
            boot = MachineBoot(name, mac, self._firmware, expected, (), wire=(error.problem,))
            self.keep(boot)
            told = f"{boot.stopped}: no {BootStage.POWER.title}; it {error.problem}"
            raise MachineError(name, told, error.hint) from error
        self._is_on = True

    @property
    def _firmware(self) -> str:
        try:
            return self.machine.firmware
        except EdgebootError:  # A machine that cannot be asked.
            return "unknown firmware"

    @property
    def watched(self) -> Watched:
        """Everything so far, from the last power-on or reset."""
        self._frames += self.port.pending()
        return self._so_far()

    def _so_far(self) -> Watched:
        console = self.machine.console
        lines = () if console is None else console.lines
        same = self.boot_server_log is self.server_log
        return Watched(
            self.machine.mac,
            tuple(self._frames),
            self.server_log.lines[self._lines[0] :],
            () if same else self.boot_server_log.lines[self._lines[1] :],
            tuple(line for line in lines if line.at >= self._began),
            self._began if self._is_on else None,
            self.place,
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
        assert self.cable is not None, "not in this lab"  # noqa: S101 - a programming error
        with links.down(self.cable):
            self._frames += self.port.collect(Deadline.after(outage))

    def keep(self, boot: MachineBoot) -> None:
        """Keep a record for the report; of a boot that stopped with a picture of the screen."""
        screen = None if boot.missing is None else self._keep_screen()
        self.records.append(replace(boot, screenshot=screen))

    def keep_failed(self) -> None:
        """Keep what was seen in a test that failed, unless a check has told where the boot stopped."""
        last = self.records[-1] if self.records else None
        if not self._began or (last is not None and last.missing is not None):
            return
        with suppress(OSError, EdgebootError):  # Its port may be gone: the test may have failed by that.
            self._frames += self.port.pending()
        watched = self._so_far()
        expected = tuple({each.stage for each in stages_of(watched)}) if last is None else last.expected
        boot, _ = machine_boot(self.machine.name, self._firmware, watched, expected, unseen=self.unseen)
        self.records.append(replace(boot, screenshot=self._keep_screen()))

    def _keep_screen(self) -> str | None:
        """Take a picture of its screen for the evidence; None where it has none that can be seen."""
        try:
            picture = self.machine.screenshot()
        except (OSError, EdgebootError):  # What is told is why it did not boot.
            picture = None
        if picture is None:
            return None
        name = f"screen-{self.machine.name}.png"
        self.screenshots[name] = picture
        return name
