"""How a client's boot ended, for text, page, JSON, metrics and exit status alike."""

from __future__ import annotations

from enum import Enum
from typing import Final

from edgeboot.report.capture_clients.story import ClientStory, Outcome


class End(Enum):
    """In the order in which they are told; the values follow the number of clients."""

    STOPPED = "did not boot"
    NOT_YET = "had not booted when the capture ended"
    """It may still have waited, and what it had asked for by then had failed."""
    UNKNOWN = "of unknown end"
    BOOTED = "booted"

    @property
    def is_wanting(self) -> bool:
        """Whether somebody should look after the client."""
        return self in {End.STOPPED, End.NOT_YET}

    @property
    def label(self) -> str:
        """Its name in JSON and in metrics."""
        return self.name.lower()


_ENDS: Final = {
    Outcome.STOPPED: End.STOPPED,
    Outcome.UNKNOWN: End.UNKNOWN,
    Outcome.BOOTED: End.BOOTED,
}


def end_of(story: ClientStory) -> End:
    """That of a client: where its outcome is not known, a diagnosis says what had failed."""
    end = _ENDS[story.outcome]
    return End.NOT_YET if end is End.UNKNOWN and story.diagnoses else end
