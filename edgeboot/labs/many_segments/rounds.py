"""Whether the segments of a window fit into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from edgeboot.labs.many_segments.job_settings import MARGIN
from edgeboot.labs.many_segments.reading import Segments
from edgeboot.spec.contract.terms import written_duration


def too_many(segments: Segments) -> Iterator[str]:
    """A sentence for each window whose segments may not all have their turn, if runs take their whole time.

    No error: most runs take a part of the time that they may.
    """
    job = segments.job
    windows = Counter(row.row.window for row in segments.rows)
    for window, number in windows.items():
        if window is None:
            continue
        rounds = -(-number // job.parallelism)
        if rounds * job.run_time > window.length - MARGIN:
            longest = written_duration(job.run_time)
            yield (
                f"window {window}: {number} segments, {job.parallelism} at once, take {rounds} rounds of at "
                f"most {longest}; what has not had its turn at the window's end is not verified"
            )
