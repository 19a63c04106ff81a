"""Whose processor time was used up, in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from edgeboot.host.process_use import Throttling

_OF_A_POD: Final = re.compile(r"pod[0-9a-f]{8}[-_][0-9a-f]{4}[-_]")
"""The beginning of a Pod's uid, in the name that either driver of the kubelet gives to its control group."""


def is_of_the_pod(throttled: Throttling) -> bool:
    """Whether its limit is the server's container's, or that of all containers of its Pod."""
    return not throttled.above or _OF_A_POD.search(Path(throttled.above).name) is not None


def throttled_group(throttled: Throttling) -> str:
    """The server, its Pod, or a control group above that, and what it may use, as far as that is known."""
    if not throttled.above:
        told = "the server"
    elif is_of_the_pod(throttled):
        told = "the server's Pod"
    else:
        told = f"the control group {throttled.above} above the server's"
    if throttled.period:
        quota, period = 1e3 * throttled.quota, 1e3 * throttled.period
        told += f" ({quota:g} ms of processor time in each {period:g} ms)"
    return told
