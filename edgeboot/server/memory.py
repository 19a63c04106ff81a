"""The resident memory of a process, from /proc."""

from __future__ import annotations

import re
from typing import Final

_RESIDENT: Final = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


def resident_memory(status: str) -> int:
    """VmRSS of a /proc/PID/status (proc(5)) in octets; 0 where there is none, as for a zombie.

    The kernel sums its counters up only from time to time: accurate to some hundred kB.
    """
    match = _RESIDENT.search(status)
    return 1024 * int(match[1]) if match else 0
