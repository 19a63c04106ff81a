"""The drawing of docs/storm.md, of what ``edgeboot storm --json`` has printed.

usage: edgeboot storm --what-if no-ping --json | python -m benchmarks.storm_picture > docs/storm.svg
"""

from __future__ import annotations

import json
import sys

from edgeboot.report.page.storm_page import storm_picture
from edgeboot.report.storm.record import StormRecord


def main() -> None:
    """Read the results, and print the drawing."""
    results = json.load(sys.stdin)
    records = [StormRecord.from_json({**each, "limits": None, "result": each}) for each in results]
    print(storm_picture(records), end="")


if __name__ == "__main__":
    main()
