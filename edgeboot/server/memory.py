"""How much memory a process holds, in the kernel's own words."""

from __future__ import annotations

import re
from typing import Final

_RESIDENT: Final = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


def resident_memory(status: str) -> int:
    """VmRSS of a /proc/PID/status (proc(5)) in octets; 0 where there is none, as for a zombie.

    The kernel adds its counters up now and then only: good to some hundred kB.
    """
    found = _RESIDENT.search(status)
    return 1024 * int(found[1]) if found else 0
