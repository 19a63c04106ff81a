"""Where one segment stands, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from edgeboot.report.termination_message import TerminationMessage


class State(Enum):
    """What is known of a segment in a Job, what needs somebody first."""

    RED = "red"
    """Verified, and something is not as stated."""
    NOT_VERIFIED = "not verified"
    """Its runs came to no verdict, and are not tried again."""
    NOT_IN_TIME = "not verified in time"
    """The Job has ended before it had a verdict. Whether it had begun is not known: the Job removes Pods that
    run at its end, and does not count them as failed."""
    WAITING = "waiting"
    """Its Pod cannot start yet."""
    RUNNING = "running"
    NOT_BEGUN = "not begun"
    """It has no Pod yet: others have their turn."""
    AS_STATED = "as stated"

    @property
    def ended(self) -> bool:
        """Whether the Job does nothing more for it."""
        return self not in {State.WAITING, State.RUNNING, State.NOT_BEGUN}


@dataclass(frozen=True, slots=True)
class Standing:
    """One segment of a Job."""

    index: int
    segment: str
    state: State
    cause: str = ""
    """Of a red one the worst cause; of others why they are where they are. Empty where nothing is wrong."""
    since: datetime | None = None
    node: str | None = None
    status: int | None = None
    """The exit status of its last run that has ended."""
    attempts: int = 0
    """Pods that it has had and that are still kept."""
    message: TerminationMessage | None = None
    """Of its last run that has ended, if it left one."""

    def to_json(self) -> dict[str, Any]:
        """For a machine to read; times are ISO 8601."""
        message = self.message
        return {
            "index": self.index,
            "segment": self.segment,
            "state": self.state.value,
            "cause": self.cause,
            "since": None if self.since is None else self.since.isoformat(),
            "node": self.node,
            "status": self.status,
            "attempts": self.attempts,
            "would_boot": None if message is None else message.would_boot,
            "sentence": None if message is None else message.sentence,
            "causes": [] if message is None else [each.title for each in message.causes],
        }


@dataclass(frozen=True, slots=True)
class JobStanding:
    """A Job and its segments."""

    name: str
    namespace: str
    started: datetime | None
    ended: str | None
    """Why it has ended, as Kubernetes says it; None while it has not."""
    segments: tuple[Standing, ...]
    """In the order of their indexes."""

    def to_json(self) -> dict[str, Any]:
        """For a machine to read."""
        return {
            "job": self.name,
            "namespace": self.namespace,
            "started": None if self.started is None else self.started.isoformat(),
            "ended": self.ended,
            "segments": [each.to_json() for each in self.segments],
        }
