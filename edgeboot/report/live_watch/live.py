"""Clients whose packets are heard now: what is new of each, and its end when it is quiet.

A client is forgotten when it was told how its boot ended: what its system does then is not kept. It is told
anew when it asks for an address again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.report.capture_clients.beside.about_others import Others, about_others
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.reading import with_diagnoses
from edgeboot.report.capture_clients.stories import story_of
from edgeboot.report.capture_clients.story import ClientStory, Outcome
from edgeboot.report.findings import Sender
from edgeboot.report.live_watch.events import BootEnded, Event, OfferCame, StageReached, boot_ended
from edgeboot.report.live_watch.patience import QUIET, patience
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.story_told.offer_seen import offers_seen
from edgeboot.report.story_told.who import software

_SERVERS: Final = 8
"""Servers whose offers are told of one boot: one that makes up its addresses would fill the screen."""
_TOO_EARLY: Final = "the watch ended while the client may still have gone on"
_COMPARED: Final = 4096
"""Boots that are held against each other; then it begins anew, for a watch may run for months."""
_AGAIN: Final = 2.0
"""Seconds between two looks at a client that still waits."""


@dataclass(slots=True)
class _Booting:
    """What was told of a client."""

    stages: frozenset[BootStage] = frozenset()
    offered: set[Sender] = field(default_factory=set)
    """The servers whose offers were told."""
    progress: tuple[object, ...] = ()
    """Whatever is new where the boot goes on."""
    changed: float = 0.0
    """When that was, in seconds since the epoch."""
    due: float = 0.0
    """When it is looked at again though nothing of it has passed."""


class Live:
    """The clients of a segment, from the first packet that is taken on."""

    def __init__(self) -> None:
        self._clients = Clients()
        self._told: dict[MacAddress, _Booting] = {}
        self._others, self._compared = Others(), 0

    @property
    def packets(self) -> int:
        """How many were taken."""
        return self._clients.packets

    @property
    def booting(self) -> int:
        """How many clients have begun, and are not at their end."""
        return len(self._told)

    def take(self, packets: Iterable[CapturedPacket]) -> None:
        """More packets, in the order in which they passed."""
        for packet in packets:
            self._clients.take(packet.number, packet.at, packet.octets, packet.vlans)

    def events(self, now: float) -> list[Event]:
        """What is new since the last call, in the order of time.

        Args:
            now: in seconds since the epoch; time passes also where no packet does.
        """
        self._clients.until = max(self._clients.until, now)
        found: list[Event] = []
        due = [mac for mac, told in self._told.items() if told.due <= now]
        for mac in dict.fromkeys((*self._clients.changed(), *due)):
            if mac in self._clients:
                found += self._of(mac, now)
            else:  # There were more clients than are kept.
                del self._told[mac]
        return sorted(found, key=_time)

    def ended(self) -> list[BootEnded]:
        """How it stands with every client that is not at its end, which are told and forgotten."""
        kept = [mac for mac in self._told if mac in self._clients]
        left = [boot_ended(self._beside(self._so_far(mac))) for mac in kept]
        for mac in kept:
            self._forget(mac)
        return left

    def _of(self, mac: MacAddress, now: float) -> Iterator[Event]:
        story = story_of(self._clients, mac)
        if not story.rounds:  # It renews a lease, or was in mid-boot when the watch began.
            self._clients.forget(mac)
            return
        told = self._told.setdefault(mac, _Booting())
        runs = software(story)
        for seen in story.stages:
            if seen.stage not in told.stages and seen.stage is not BootStage.LINK:  # Who asks has one.
                yield StageReached(mac, runs, seen)
        for offer in offers_seen(story.rounds[-1], story.identities[len(story.rounds) - 1]):
            if offer.sender not in told.offered and len(told.offered) < _SERVERS:
                told.offered.add(offer.sender)
                yield OfferCame(mac, runs, offer)
        told.stages = frozenset(each.stage for each in story.stages)
        progress = _progress(story)
        if progress != told.progress:
            told.progress, told.changed, told.due = progress, now, now + QUIET
            return
        # Why a boot went no further is asked when it is quiet: most of the work is in that.
        quiet = now - told.changed
        whole = with_diagnoses(story, self._clients.until) if quiet >= QUIET else story
        if not whole.waits and quiet >= patience(whole):
            yield boot_ended(self._beside(whole))
            self._forget(mac)
        else:
            told.due = max(told.due, now + _AGAIN)

    def _so_far(self, mac: MacAddress) -> ClientStory:
        """Its story where nobody waits for the end: that it did not boot is not known as yet."""
        story = with_diagnoses(story_of(self._clients, mac), self._clients.until)
        told = self._told[mac]
        if story.outcome is not Outcome.STOPPED or self._clients.until - told.changed >= patience(story):
            return story
        return replace(story, outcome=Outcome.UNKNOWN, waits=True, blind=(*story.blind, _TOO_EARLY))

    def _beside(self, story: ClientStory) -> ClientStory:
        """With what is wrong beside its own way, such as an address that another client has, too."""
        if self._compared >= _COMPARED:
            self._others, self._compared = Others(), 0
        self._compared += 1
        beside = about_others(story, self._others, self._clients.until)
        return replace(story, diagnoses=(*story.diagnoses, *beside))

    def _forget(self, mac: MacAddress) -> None:
        self._clients.forget(mac)
        del self._told[mac]


def _progress(story: ClientStory) -> tuple[object, ...]:
    """DHCP messages and files: what its system sends beside them is no boot that goes on."""
    traffic = story.traffic
    return len(traffic.messages), tuple((each.url, each.ended) for each in traffic.downloads)


def _time(event: Event) -> float:
    return event.seen.at if isinstance(event, StageReached) else event.at
