"""``edgeboot watch``: what boots on a segment now, heard without a packet sent."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from edgeboot.base.destination import check_file
from edgeboot.base.errors import LabError, UsageError
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_NOTHING_JUDGED
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.capture.hearing import hearing
from edgeboot.host.wire.capture.passive import PassiveSource
from edgeboot.host.wire.capture.ring_file import SMALLEST, RingFile
from edgeboot.node.probe import check_interface
from edgeboot.report.capture_clients.end import End
from edgeboot.report.live_watch.events import BootEnded
from edgeboot.report.live_watch.telling import Telling

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
        telling = Telling(options.interface, metrics=options.metrics)
        if options.log is not None:
            options.log.parent.mkdir(parents=True, exist_ok=True)
            telling.log = stack.enter_context(options.log.open("a", encoding="utf-8"))
        if options.write is not None:
            telling.ring = stack.enter_context(_ring(options.write, options.interface, size))
        telling.say([f"note: {hearing(LinkEnd(None, options.interface)).sentence}"])
        telling.until_interrupted(source)
        return status(telling.ends)


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


def status(ended: Iterable[BootEnded]) -> int:
    """The exit status of the boots that were heard to their ends."""
    ends = {each.end for each in ended}
    if any(each.is_wanting for each in ends):
        return EXIT_FOUND_WANTING
    return 0 if End.BOOTED in ends else EXIT_NOTHING_JUDGED
