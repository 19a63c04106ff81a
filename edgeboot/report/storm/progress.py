"""How far a storm is, and the release of its leases: a line of text each."""

from __future__ import annotations

from edgeboot.base.counted import counted
from edgeboot.base.mac import MacAddress
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.release import ReleaseProgress


def progress_line(progress: Progress, rate: float) -> str:
    """How far a storm is; ``rate`` is that of the nodes ready in a second, now."""
    gave_up = f", {progress.gave_up} gave up" if progress.gave_up else ""
    nodes = f"{progress.bound} of {counted(progress.nodes, 'node')} ready, {rate:.0f}/s"
    longest = ", ".join(f"{_short(each.mac)} {each.seconds:.0f} s" for each in progress.stragglers)
    waiting = f"{progress.waiting} waiting{f' ({longest})' if longest else ''}"
    return f"{progress.elapsed:.0f} s: {nodes}, {waiting}{gave_up}"


def _short(mac: MacAddress) -> str:
    """Without the half that all nodes of storms share."""
    return f"…{mac.packed[3:].hex(':')}"


def release_line(progress: ReleaseProgress) -> str:
    """How far the release of a storm's leases is."""
    line = f"{progress.released} of {counted(progress.leases, 'address')} given back"
    return f"{line}; Ctrl-C once more leaves the rest" if progress.interrupted else line
