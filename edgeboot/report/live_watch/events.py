"""What a watch tells: a stage that a client has reached, an offer that it had, and how its boot ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edgeboot.base.mac import MacAddress
from edgeboot.report.capture_clients.end import End, end_of
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.machine_boot.boot_stage import StageSeen
from edgeboot.report.story_told.as_json import VERSION, client, offer
from edgeboot.report.story_told.offer_seen import OfferSeen
from edgeboot.report.story_told.who import ended, software


@dataclass(frozen=True, slots=True)
class StageReached:
    """A client came so far, for the first time in this boot."""

    mac: MacAddress
    runs: str
    """What runs there, as far as it is known by then."""
    seen: StageSeen

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {
            "v": VERSION,
            "event": "stage",
            "mac": str(self.mac),
            "software": self.runs,
            **self.seen.to_json(),
        }


@dataclass(frozen=True, slots=True)
class OfferCame:
    """A server has made its first offer to a client in this boot."""

    mac: MacAddress
    runs: str
    """What runs there, as far as it is known by then."""
    offer: OfferSeen

    @property
    def at(self) -> float:
        """When it passed, in seconds since the epoch."""
        return self.offer.passed.at

    def to_json(self) -> dict[str, Any]:
        """An object of these fields; the offer is as in a story."""
        return {
            "v": VERSION,
            "event": "offer",
            "mac": str(self.mac),
            "software": self.runs,
            **offer(self.offer),
        }


@dataclass(frozen=True, slots=True)
class BootEnded:
    """How a boot ended, without its packets: a watch may run for months."""

    mac: MacAddress
    at: float
    """When its last stage passed, in seconds since the epoch."""
    end: End
    runs: str
    told: str
    """How it ended, and why, in one line."""
    needed: str
    """What the client would have needed; empty where nothing is known of it."""
    kinds: tuple[str, ...]
    """The names of the diagnoses."""
    story: dict[str, Any]
    """The whole story, as JSON has it."""

    def to_json(self) -> dict[str, Any]:
        """The story, with what every event has."""
        return {"v": VERSION, "event": "end", "at": self.at, **self.story}


Event = StageReached | OfferCame | BootEnded


def boot_ended(story: ClientStory) -> BootEnded:
    """How a story ended."""
    last = max((each.at for each in story.stages), default=0.0)
    needed = next((each.needed for each in story.diagnoses if each.needed), "")
    kinds = tuple(dict.fromkeys(each.kind.value for each in story.diagnoses))
    return BootEnded(
        story.mac, last, end_of(story), software(story), ended(story), needed, kinds, client(story)
    )
