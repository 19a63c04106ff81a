"""How a segment stands after a run, by that run's result and verdict."""

from __future__ import annotations

from enum import IntEnum

from edgeboot.report.meaning import Meaning
from edgeboot.report.result import Result
from edgeboot.report.verdict.headline import Verdict


class Standing(IntEnum):
    """The worst first."""

    BOOT_FAILS = 0
    """No edge node would boot, or not every one."""
    NO_VERDICT = 1
    """The run has not come to its end: nothing is known of the server."""
    NOT_AS_STATED = 2
    """No boot was seen to fail, but something is not as the contract says."""
    NOT_ALL_VERIFIED = 3
    """What was tested is as stated; no boot was among it, or tests were not run."""
    WOULD_BOOT = 4

    @property
    def words(self) -> str:
        """As a table has it."""
        return self.name.lower().replace("_", " ")

    @property
    def label(self) -> str:
        """As metrics and JSON have it."""
        return self.name.lower()


def standing(result: Result, verdict: Verdict) -> Standing:
    """Good only where the run came to its end, saw a boot, and found nothing."""
    if not result.meaning.is_a_verdict:
        return Standing.NO_VERDICT
    if verdict.would_boot is False:
        return Standing.BOOT_FAILS
    if verdict.causes:
        return Standing.NOT_AS_STATED
    if verdict.would_boot is None or result.meaning is not Meaning.PASSED:
        return Standing.NOT_ALL_VERIFIED
    return Standing.WOULD_BOOT
