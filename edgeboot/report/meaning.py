"""The meaning of a run's exit status, for the server under test and for the run."""

from __future__ import annotations

from enum import Enum


class Meaning(Enum):
    """What came of a run."""

    PASSED = "passed"
    FAILED = "failed tests"
    INTERRUPTED = "interrupted"
    LAB = "lab could not come up"
    """Or the lab broke during the run; nothing was verified."""
    USAGE = "usage error"
    NOTHING = "no test was run"
    INTERNAL = "internal error"
    UNFINISHED = "running, or killed"
    """Written at the start, so that an earlier run's file is not read as this run's."""

    @property
    def is_a_verdict(self) -> bool:
        """Whether the run came to its end and says something of the server."""
        return self in {Meaning.PASSED, Meaning.FAILED}


def meaning(status: int, *, tests_run: int, error: str | None) -> Meaning:
    """What the exit status of a run means; 3 is the lab's only where there is the lab's error.

    Args:
        status: pytest's.
        tests_run: how many tests have a result about the server.
        error: why the run ended before its last test.
    """
    match status:
        case 0:
            return Meaning.PASSED if tests_run else Meaning.NOTHING
        case 1:
            return Meaning.FAILED
        case 2:
            return Meaning.INTERRUPTED
        case 3 if error is not None:
            return Meaning.LAB
        case 4:
            return Meaning.USAGE
        case 5:
            return Meaning.NOTHING
        case _:
            return Meaning.INTERNAL
