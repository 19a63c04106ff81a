"""Storms on a real Pod, whose limit of processor time the kubelet sets: ``make storm-faults LAB=kind``."""

from __future__ import annotations

from typing import Final

from tests.faults.fault import Cause
from tests.faults.manifest_changes import pod
from tests.faults.storm_fault import ACKS, IN_TIME, stated, storm_fault

_BEFORE: Final = "      envFrom:\n"
_TERMS: Final = stated(100, arrival="burst", ack_p99="8s")
"""Of a hundred nodes at once; firmware's own wait is four seconds of it."""


def limited(cpu: str) -> tuple[Cause, ...]:
    """The Pod with this limit of processor time."""
    return (*pod(_BEFORE, f"      resources:\n        limits:\n          cpu: {cpu}\n{_BEFORE}"), _TERMS)


CLUSTER_STORM_FAULTS: Final = (
    storm_fault(
        "storm: limits.cpu of 10m",
        "the Pod may use a hundredth of a processor",
        "machines get their addresses late, and ask again meanwhile",
        limited("10m"),
        {
            f"{IN_TIME}[{ACKS}]": r"8 s are allowed.*the server's Pod \(1 ms of processor time in each "
            r"100 ms\) had used up its processor time in \d+ periods, and was kept waiting for \d+\.\d s of "
            r".*; to mend it, raise .*pod\.yaml:\d+ cpu: 10m \(--what-if no-cpu-limit measures it\)"
        },
        lab="kind",
    ),
    storm_fault(
        "storm: limits.cpu that suffices",
        "nothing: the Pod may use half of a processor",
        "nothing",
        limited("500m"),
        {},
        lab="kind",
    ),
    storm_fault("storm: no limits.cpu", "nothing", "nothing", (_TERMS,), {}, lab="kind"),
)
