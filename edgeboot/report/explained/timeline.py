"""What happened to a client, one line for each event, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.explain.story import ClientStory
from edgeboot.report.explained.offer_seen import offers_seen, often
from edgeboot.report.explained.who import who
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.traffic import MachineTraffic


@dataclass(frozen=True, slots=True)
class Moment:
    """One event."""

    at: float
    """In seconds since the epoch."""
    title: str
    what: str


def timeline(story: ClientStory) -> tuple[Moment, ...]:
    """Stages, offers, requests that were sent again, refusals, and files that did not come whole."""
    moments = [Moment(each.at, each.stage.title, each.what) for each in story.stages]
    for number, (each, identity) in enumerate(zip_longest(story.rounds, story.identities)):
        if each is None:
            break
        if identity is not None and number:
            moments.append(Moment(each.began, "another round", who(identity)))
        offers = offers_seen(each, identity)
        moments += [Moment(one.passed.at, one.passed.message.name, one.told) for one in offers]
        moments += _of_round(each.traffic)
    return tuple(sorted(moments, key=lambda moment: moment.at))


def _of_round(traffic: MachineTraffic) -> Iterator[Moment]:
    for kind, title in (
        (MessageType.DHCPDISCOVER, "DHCPDISCOVER again"),
        (MessageType.DHCPREQUEST, "DHCPREQUEST again"),
    ):
        again = traffic.sent(kind)[1:]
        if again:
            times = ", ".join(f"{each.at - traffic.sent(kind)[0].at:.1f}" for each in again)
            yield Moment(again[0].at, title, f"{often(len(again))}, {times} s after the first")
    for nak in traffic.received(MessageType.DHCPNAK):
        yield Moment(nak.at, "DHCPNAK", f"from {nak.datagram.sender}")
    for decline in traffic.sent(MessageType.DHCPDECLINE):
        yield Moment(decline.at, "DHCPDECLINE", f"to {decline.server_identifier or 'its server'}")
    for server in dict.fromkeys(each.datagram.destination for each in traffic.boot_requests):
        asked = [each for each in traffic.boot_requests if each.datagram.destination == server]
        yield Moment(asked[0].at, "asks port 4011", f"{often(len(asked))}, of {server}")
    told: dict[str, list[float]] = {}
    for each in traffic.downloads:
        if each.ending is not Ending.WHOLE:
            told.setdefault(each.told, []).append(each.at)
    for what, asked_at in told.items():
        repeated = f", {often(len(asked_at))}" if len(asked_at) > 1 else ""
        yield Moment(asked_at[0], "asks for a file", f"{what}{repeated}")
