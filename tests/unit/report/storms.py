"""Storms that were made: with a ping check and without one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.report.storm.cause import StormCause
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.report.storm.record import StormRecord
from edgeboot.spec.manifests.cause import Cause
from edgeboot.stress.storm.completion import completion
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.staircase import Staircase
from tests.unit.cli.test_storm import RESULT

STAIRS: Final = (3.1, 6.2, 9.3, 12.4, 15.5, 18.6)
FIGURES: Final[dict[str, float | str]] = {
    "steps": 6,
    "mean": 3.1,
    "ended": 18.6,
    "waiting": 94,
    "looked_for": 6,
    "gains": "g",
    "costs": "c",
}
NO_LINE: Final = Cause("dnsmasq.conf", None, "has no no-ping line")
SLOW: Final = StormRecord(
    replace(
        RESULT,
        offers=completion((*STAIRS, *(18.7 for _ in range(94)))),
        completion=completion(28 + number / 20 for number in range(100)),
        to_ack=Percentiles.of(27.9 for _ in range(100)),
        bound=100,
        not_offered=0,
        refused=0,
        staircase=Staircase(6, 3.1, 18.6, 94, 6),
    ),
    limits={"all_ready_within": 20.0, "ack_p99": 5.0},
    causes=(StormCause(StormCauseKind.PING_CHECK, FIGURES, (NO_LINE,), "no-ping"),),
)
FAST: Final = StormRecord(
    replace(
        SLOW.result,
        offers=completion(number / 20 for number in range(100)),
        completion=completion(4 + number / 20 for number in range(100)),
        to_ack=Percentiles.of(4.0 for _ in range(100)),
        staircase=None,
    ),
    heading="with no-ping",
)
