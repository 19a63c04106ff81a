"""``edgeboot segments render``: the objects of a ``segments.toml`` on standard output."""

from __future__ import annotations

import argparse
import sys

from edgeboot.labs.many_segments.reading import read_segments
from edgeboot.labs.many_segments.rendering import rendered
from edgeboot.labs.many_segments.rounds import too_many


def act(options: argparse.Namespace) -> int:
    """Print them; raises UsageError before anything is printed."""
    segments = read_segments(options.file)
    text = rendered(segments)
    for remark in too_many(segments):
        print(f"edgeboot: {remark}", file=sys.stderr)
    sys.stdout.write(text)
    return 0
