"""Many segments as one page: a row each, and each cause once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

from edgeboot.report.page.render import rendered
from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.told import absent, date, headline, left_out, overdue, sentence, share

STRETCHES: Final = 12
"""Of a segment's history that its row has."""


def segments_page(merged: Merged, file: Path) -> str:
    """The page with links to reports, as they are found from the page's file."""
    start = file.absolute().parent
    return rendered(
        "segments.html.j2",
        merged=merged,
        headline=headline(merged),
        overdue=overdue(merged),
        absent=absent(merged),
        left_out=left_out(merged),
        share=lambda shared: share(shared, merged),
        sentence=sentence,
        date=date,
        anchor=_anchor,
        link=lambda target: _link(target, start),
        most=STRETCHES,
    )


def _anchor(segment: Segment) -> str:
    return f"segment-{quote(segment.name or '', safe='')}"


def _link(target: Path, start: Path) -> str:
    """Relative, so that directory and page may be moved together."""
    relative = os.path.relpath(target.absolute(), start)
    return quote(os.fsencode(f"./{relative}"))
