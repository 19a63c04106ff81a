"""Where a storm's time goes: the kernel's share, and that of each function.

usage: python -m benchmarks.storm_profile [NODES]

The null responder answers (storm_bench.py). The shares of the functions are by cProfile, which makes calls
dearer than lines: their sum is scaled to what the same storm takes without it.
"""

from __future__ import annotations

import pstats
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.storm_bench import Bench
from edgeboot.host.journal import Journal

_AS_FAST_AS_IT_CAN: Final = 50_000.0
_SHOWN: Final = 12


def shares(bench: Bench, nodes: int) -> None:
    """What takes the most time, in µs for each exchange."""
    with tempfile.TemporaryDirectory() as directory, bench.null_responder():
        data = bench.storm(nodes, _AS_FAST_AS_IT_CAN)
        file = Path(directory) / "profile"
        bench.storm(nodes, _AS_FAST_AS_IT_CAN, profile=file)
        profile = pstats.Stats(str(file))
    user, kernel = (1e6 * data[each] / nodes for each in ("user", "system"))
    print(f"{user + kernel:.1f} µs for each exchange, {kernel:.1f} of them in the kernel\n")
    print("| function | calls for each exchange | share of the time |\n|---|---|---|")
    # (file, line, name): (calls, calls without recursion, seconds of its own, ...)
    rows: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = profile.stats  # type: ignore[attr-defined]
    whole = sum(row[2] for row in rows.values())
    ordered = sorted(rows.items(), key=lambda each: each[1][2], reverse=True)
    for (path, _, name), (calls, _, seconds, *_) in ordered[:_SHOWN]:
        place = name if path == "~" else f"`{Path(path).name}` {name}"
        print(f"| {place} | {calls / nodes:.1f} | {100 * seconds / whole:.0f} % |")


def main(nodes: int) -> None:
    """Print them."""
    with Journal(f"edgeboot-bench-{secrets.token_hex(3)}") as journal:
        shares(Bench(journal), nodes)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
