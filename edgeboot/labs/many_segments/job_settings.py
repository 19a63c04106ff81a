"""``[job]`` of ``segments.toml``: how Kubernetes runs the segments."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictBool

from edgeboot import __version__
from edgeboot.base.strict_model import StrictModel
from edgeboot.labs.many_segments.kubernetes_names import LabelName, Labels, ObjectName
from edgeboot.spec.contract.terms import Limit

MARGIN: Final = timedelta(minutes=5)
"""At a window's end: a Job may begin so late, and a Pod that is ended gives back its leases."""
_LONGEST: Final = 31
"""Characters of the name: with a window's times, a CronJob's minute and an index of five digits it is the
name of a Pod's host, which has 63 at most."""


_OWN: Final = frozenset(
    {
        "app.kubernetes.io/name",
        "app.kubernetes.io/component",
        "edgeboot.openedgeplatform.org/segments",
    }
)
_LONGEST_KEPT: Final = timedelta(days=3650)
"""Less than the seconds that ``ttlSecondsAfterFinished`` takes (int32)."""


def _labels(labels: dict[str, str]) -> dict[str, str]:
    for key in labels:
        if key in _OWN:
            raise ValueError(f"has {key}, by which status and kubectl delete find the Jobs")
    return labels


def _kept(time: timedelta) -> timedelta:
    if time > _LONGEST_KEPT:
        raise ValueError(f"is longer than {_LONGEST_KEPT.days}d")
    return time


class JobSettings(StrictModel):
    """What is alike for all segments."""

    name: LabelName = Field(default="edgeboot-segments", max_length=_LONGEST)
    image: str = Field(default=f"localhost/edgeboot/edgeboot:{__version__}", min_length=1)
    service_account: ObjectName = "edgeboot"
    claim: ObjectName = "edgeboot"
    """The PersistentVolumeClaim for journals, evidence and results, which all nodes can write."""
    parallelism: int = Field(default=50, ge=1, le=100_000, strict=True)
    """Segments at once."""
    retries: int = Field(default=2, ge=0, le=20, strict=True)
    """How often a segment is tried again whose run came to no verdict (``backoffLimitPerIndex``)."""
    most_failed: int | None = Field(default=None, ge=0, strict=True)
    """With more failed segments the Job ends (``maxFailedIndexes``); None for never."""
    run_time: Limit = timedelta(minutes=30)
    """A run that lasts longer is ended, and tried again."""
    kept: Annotated[Limit, AfterValidator(_kept)] = timedelta(days=2)
    """How long an ended Job and its Pods, which have the verdicts, are kept."""
    labels: Annotated[Labels, AfterValidator(_labels)] = Field(default_factory=dict)
    """Of the Jobs, such as that of a queue."""
    suspended: StrictBool = False
    """Whether the Jobs are made suspended, for a queue to start them (docs/segments-kueue.md)."""
