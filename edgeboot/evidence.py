"""What is kept of a failed test: the pcap, the server's log, the exchanges, in one directory."""

from __future__ import annotations

import re
import shutil
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.exchange import Exchange, Reply
from edgeboot.labs.log import LogLine
from edgeboot.mac import MacAddress
from edgeboot.segment.frame import Frame
from edgeboot.segment.pcap import write_pcap

_FRAMES_KEPT: Final = 20_000
_RUNS_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a recording: how far its exchanges, frames and the server's log were."""

    exchanges: int
    at: float
    log_line: int


class Recorder:
    """Everything that was exchanged and captured in this lab, the last frames of it."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._frames: deque[Frame] = deque(maxlen=_FRAMES_KEPT)

    def note(self, exchange: Exchange) -> None:
        """Record an exchange; what an EdgeNode's ``on_exchange`` is for."""
        self.exchanges.append(exchange)

    def capture(self, frames: Iterable[Frame]) -> None:
        """Record frames seen on the segment."""
        self._frames.extend(frames)

    @property
    def latest(self) -> float:
        """When the last captured frame passed, in seconds since the epoch; 0 before the first."""
        return self._frames[-1].at if self._frames else 0.0

    def since(self, mark: Mark, replies: Iterable[Reply] = ()) -> tuple[Exchange, ...]:
        """The exchanges after the mark, before them older ones that had one of ``replies``."""
        wanted = {id(reply) for reply in replies}
        older = [
            exchange
            for exchange in self.exchanges[: mark.exchanges]
            if any(id(reply) in wanted for reply in exchange.replies)
        ]
        return (*older, *self.exchanges[mark.exchanges :])

    def frames(self, mark: Mark, exchanges: Sequence[Exchange]) -> list[Frame]:
        """The captured frames after the mark, and those of the exchanges."""
        frames = [frame for frame in self._frames if frame.at > mark.at]
        seen = {frame.octets for frame in frames}
        for exchange in exchanges:
            passed = (exchange.sent, *(reply.frame for reply in exchange.replies))
            frames += [frame for frame in passed if frame.octets not in seen]
        return frames


def clients(exchanges: Iterable[Exchange]) -> dict[MacAddress, frozenset[int]]:
    """Who asked, with the xids used."""
    found: dict[MacAddress, frozenset[int]] = {}
    for exchange in exchanges:
        request = exchange.request
        found[request.chaddr] = found.get(request.chaddr, frozenset()) | {request.xid}
    return found


def prune(root: Path, runs: int = _RUNS_KEPT) -> None:
    """Remove all but the newest runs' evidence."""
    kept = [path for path in root.glob("*") if path.is_dir() and not path.is_symlink()]
    for path in sorted(kept, key=lambda each: each.stat().st_mtime, reverse=True)[runs:]:
        shutil.rmtree(path, ignore_errors=True)


def keep(
    root: Path, run: str, test: str, frames: Sequence[Frame], log: Sequence[LogLine], report: str
) -> Path:
    """Write one test's evidence to ``root/RUN/TEST/``; ``root/last`` names the newest run."""
    directory = root / run / re.sub(r"[^\w.=-]+", "-", test).strip("-")
    directory.mkdir(parents=True, exist_ok=True)
    write_pcap(directory / "capture.pcap", frames)
    (directory / "server.log").write_text("".join(f"{line.text}\n" for line in log), encoding="utf-8")
    (directory / "report.txt").write_text(report + "\n", encoding="utf-8")
    last = root / "last"
    last.unlink(missing_ok=True)
    last.symlink_to(run)
    return directory
