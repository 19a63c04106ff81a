"""The evidence of a failed test: pcap, server log and exchanges in one directory."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.dhcp.message import BOOTREPLY
from edgeboot.host.wire.fragments import reassembled
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import write_pcap
from edgeboot.host.wire.port import Port
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import dhcp_message
from edgeboot.report.census import Census
from edgeboot.report.secrets import without_secrets
from edgeboot.report.strangers.stranger_watch import StrangerWatch
from edgeboot.server.log import LogLine

_FRAMES_KEPT: Final = 20_000
_RUNS_KEPT: Final = 20
_OCTETS_KEPT: Final = 1 << 30
"""Of all runs together."""
_BEFORE: Final = 2.0
"""Seconds of the server's log before a test."""
_OURS: Final = ".edgeboot-run"
"""A file in every run's directory, so that no other directory is ever removed."""
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a recording: how far its exchanges, frames and the server's log were."""

    exchanges: int
    at: float
    log_line: int


class Recorder:
    """All exchanges of this lab, and its latest captured frames."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._frames: deque[Frame] = deque()
        self._dropped: deque[float] = deque(maxlen=_FRAMES_KEPT)
        """The times of the frames that were dropped last."""
        self.census = Census()
        self.strangers: StrangerWatch | None = None
        """Of a site's own machines, where there may be some."""

    def note(self, exchange: Exchange) -> None:
        """Record an exchange; what an EdgeNode's ``on_exchange`` is for."""
        self.exchanges.append(exchange)

    def capture(self, frames: Iterable[Frame]) -> None:
        """Record frames seen on the segment."""
        seen = tuple(frames)
        self._frames.extend(seen)
        while len(self._frames) > _FRAMES_KEPT:
            self._dropped.append(self._frames.popleft().at)
        self.census.note(seen)
        if self.strangers is not None:
            self.strangers.note(seen)

    @property
    def latest(self) -> float:
        """When the last captured frame passed, in seconds since the epoch; 0 before the first."""
        return self._frames[-1].at if self._frames else 0.0

    def dropped(self, mark: Mark) -> int:
        """How many frames after the mark are not kept any more."""
        return sum(at > mark.at for at in self._dropped)

    def saw(self, frame: Frame) -> bool:
        """Whether a frame passed where the capture is taken, at the server's own port."""
        return any(each.octets == frame.octets for each in self._frames)

    def answer_passed(self, xid: int, since: float) -> bool:
        """Whether a reply with this xid passed there, from that time on, in seconds since the epoch."""
        passed = (frame for frame in self._frames if frame.at >= since)
        return any(_is_reply(frame, xid) for frame in reassembled(passed))

    def since(self, mark: Mark, replies: Iterable[Reply] = ()) -> tuple[Exchange, ...]:
        """The exchanges after the mark, before them older ones that had one of ``replies``."""
        wanted = {id(reply) for reply in replies}
        older = [
            exchange
            for exchange in self.exchanges[: mark.exchanges]
            if any(id(reply) in wanted for reply in exchange.replies)
        ]
        return (*older, *self.exchanges[mark.exchanges :])

    def frames(self, mark: Mark, exchanges: Sequence[Exchange], ports: Iterable[Port] = ()) -> list[Frame]:
        """The captured frames after the mark, those of the exchanges, and those of ``ports``, each once."""
        frames = [frame for frame in self._frames if frame.at > mark.at]
        seen = {frame.octets for frame in frames}
        for exchange in exchanges:
            passed = (exchange.sent, *(reply.frame for reply in exchange.replies))
            came = (each for frame in passed for each in frame.fragments or (frame,))
            frames += [frame for frame in came if frame.octets not in seen]
        seen |= {frame.octets for frame in frames}
        for port in ports:
            frames += [frame for frame in port.frames if frame.at > mark.at and frame.octets not in seen]
        return list({(frame.at, frame.octets): frame for frame in frames}.values())


def _is_reply(frame: Frame, xid: int) -> bool:
    read = dhcp_message(frame.untagged)
    return read is not None and (read[0].op, read[0].xid) == (BOOTREPLY, xid)


def prune(root: Path, runs: int = _RUNS_KEPT, octets: int = _OCTETS_KEPT) -> list[Path]:
    """Remove all but the newest runs' evidence, and nothing that is not evidence; returns what is gone.

    The newest run stays, however large it is.
    """
    kept = [mark.parent for mark in root.glob(f"*/{_OURS}") if not mark.parent.is_symlink()]
    total, gone = 0, []
    for number, path in enumerate(sorted(kept, key=_modified, reverse=True)):
        total += _size(path)
        if number >= runs or (number and total > octets):
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path)
    return gone


def _modified(path: Path) -> float:
    """When; 0 for one that another run has removed meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _size(directory: Path) -> int:
    """Octets of its files, as far as they are still there."""
    size = 0
    for place, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):
                size += Path(place, name).stat().st_size
    return size


def keep(
    root: Path, run: str, test: str, frames: Sequence[Frame], log: Sequence[LogLine], report: str
) -> Path:
    """Write one test's evidence, without secrets, to ``root/RUN/TEST/``; ``root/last`` names the run."""
    directory = run_directory(root, run) / directory_name(test)
    directory.mkdir(parents=True, exist_ok=True)
    write_pcap(directory / "capture.pcap", frames)
    lines = "".join(f"{line.dated}\n" for line in log)
    (directory / "server.log").write_text(without_secrets(lines), encoding="utf-8")
    (directory / "report.txt").write_text(without_secrets(report) + "\n", encoding="utf-8")
    return directory


def log_beside(lines: Sequence[LogLine], about: Iterable[LogLine], since: float) -> list[LogLine]:
    """The server's log about a test: all of a run's would be megabytes for each.

    Args:
        lines: all of them, in the order of their arrival.
        about: those about its messages; some may be much older than the test.
        since: when the test began, in seconds since the epoch; whatever came later is kept.
    """
    later = lines[bisect_left(lines, since - _BEFORE, key=lambda line: line.at) :]
    first = later[0].number if later else len(lines)
    older = {line.number: line for line in about if line.number < first}
    return [*(older[number] for number in sorted(older)), *later]


def run_directory(root: Path, run: str) -> Path:
    """``root/RUN``, made if it is not there; ``root/last`` names it."""
    directory = root / run
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _OURS).touch()
    link = root / f".last-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(run)
    link.replace(root / "last")  # At once: other workers do the same.
    return directory


def directory_name(test: str) -> str:
    """The test's id as one name; with a hash where parameters had to be changed, or it is too long."""
    place, _, parameters = test.partition("[")
    name = "-".join(filter(None, (re.sub(r"/|::", "-", place), parameters.removesuffix("]"))))
    safe = re.sub(r"[^\w.=-]+", "-", name).strip("-")
    if safe == name and len(safe.encode()) <= _LONGEST_NAME:
        return safe
    cut = safe.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{cut}-{hashlib.sha256(test.encode()).hexdigest()[:6]}"
