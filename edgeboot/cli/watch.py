"""``edgeboot watch``: what boots on a segment now, heard without a packet sent."""

from __future__ import annotations

import argparse
import json
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final, TextIO

from edgeboot.base.destination import check_file, replace_file
from edgeboot.base.errors import LabError, UsageError
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_NOTHING_JUDGED
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.capture.hearing import hearing
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.passive import PassiveSource
from edgeboot.host.wire.capture.ring_file import SMALLEST, RingFile
from edgeboot.node.probe import check_interface
from edgeboot.report.capture_clients.end import End
from edgeboot.report.live_watch.events import BootEnded
from edgeboot.report.live_watch.events import Event as BootEvent
from edgeboot.report.live_watch.lines import lines, summary
from edgeboot.report.live_watch.live import Live
from edgeboot.report.live_watch.live_metrics import LiveMetrics
from edgeboot.report.values import plain_console

_LOOK: Final = 0.5
"""Seconds between two looks at what is new."""
_MIB: Final = 1 << 20
_SIZE: Final = 64
"""MiB that are kept where nothing else is said."""
_EPILOG: Final = (
    "Ctrl-C ends it with a summary. Nothing is sent; CAP_NET_RAW is all it needs. Exit status: 0 every boot "
    "ended well that was heard to its end; 1 one did not; 2 no boot was heard to its end; 3 the interface "
    "cannot be opened; 4 an argument cannot be used"
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.epilog = _EPILOG
    add = command.add_argument
    add("-i", "--interface", required=True, help="where to listen: a bridge, a port, a mirror of a switch")
    add("--log", type=Path, metavar="FILE", help="append each event as a JSON object on a line of its own")
    add("--metrics", type=Path, metavar="FILE", help="counts for Prometheus, replaced as they change")
    add("--write", type=Path, metavar="FILE", help="keep the last packets as pcapng, for edgeboot explain")
    size_help = f"MiB of --write, with the file before it (default: {_SIZE})"
    add("--write-size", type=int, metavar="MIB", help=size_help)
    command.set_defaults(act=run_watch)


def run_watch(options: argparse.Namespace) -> int:
    """Tell what boots until interrupted; the exit status.

    Raises:
        UsageError: the interface or a file cannot be used.
        LabError: the process may not open packet sockets, or the interface is gone.
    """
    size = _size(options.write_size, options.write)
    check_interface(options.interface)
    for file, option in ((options.log, "--log"), (options.metrics, "--metrics"), (options.write, "--write")):
        if file is not None:
            check_file(file, option)
    with ExitStack() as stack:
        try:
            source = stack.enter_context(PassiveSource(options.interface))
        except OSError as error:
            problem, hint = f"cannot be listened on ({error.strerror})", "run it as root or with CAP_NET_RAW"
            raise LabError(f"--interface {options.interface}", problem, hint) from error
        watch = Watch(options.interface, metrics=options.metrics)
        if options.log is not None:
            options.log.parent.mkdir(parents=True, exist_ok=True)
            watch.log = stack.enter_context(options.log.open("a", encoding="utf-8"))
        if options.write is not None:
            watch.ring = stack.enter_context(_ring(options.write, options.interface, size))
        watch.say([f"note: {hearing(LinkEnd(None, options.interface)).sentence}"])
        return watch.until_interrupted(source)


def _size(given: int | None, file: Path | None) -> int:
    """Octets of the ring.

    Raises:
        UsageError: they hold no packet, or there is no ring.
    """
    if given is not None and file is None:
        raise UsageError(f"--write-size {given}", "is the size of nothing", "name --write FILE, too")
    size = (_SIZE if given is None else given) * _MIB
    if size < SMALLEST:
        raise UsageError(f"--write-size {given}", "is too small for any packet", "name 1 or more")
    return size


def _ring(file: Path, interface: str, size: int) -> RingFile:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return RingFile(file, interface, size)
    except FileExistsError as error:
        problem, hint = "exists, and edgeboot watch has not written it", "name another file, or move it away"
        raise UsageError(f"--write {error.filename}", problem, hint) from error


@dataclass
class Watch:
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

    def until_interrupted(self, source: PassiveSource) -> int:
        """Take what comes, and tell it; the exit status.

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
        return self.status

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

    @property
    def status(self) -> int:
        """The exit status."""
        ends = {each.end for each in self.ends}
        if any(each.is_wanting for each in ends):
            return EXIT_FOUND_WANTING
        return 0 if End.BOOTED in ends else EXIT_NOTHING_JUDGED


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
