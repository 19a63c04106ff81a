"""What happened to a client, one line for each event, in the order of time; what is repeated, once."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final, TypeVar

from edgeboot.dhcp.message import LIMITED_BROADCAST
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage
from edgeboot.report.story_told.offer_seen import offers_seen, often
from edgeboot.report.story_told.who import given, who

_MOST: Final = 8
"""Lines of one title that are told each; of more, the first three and the last."""
_FIRST: Final = 3
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


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
    moments += _before(story)
    known = {each.at for each in story.stages if each.stage is BootStage.ACK}
    for number, (each, identity) in enumerate(story.identified_rounds):
        if number:
            moments.append(Moment(each.began, "another round", who(identity)))
        offers = offers_seen(each, identity)
        moments += [Moment(one.passed.at, one.passed.message.name, one.told) for one in offers]
        moments += _of_round(each.traffic)
        acks = [one for one in each.traffic.received(MessageType.DHCPACK) if one.at not in known]
        moments += _repeated("DHCPACK", ((given(one), one.at) for one in acks if number))
    ordered = sorted(moments, key=lambda moment: moment.at)
    return tuple(sorted(_fewer(ordered), key=lambda moment: moment.at))


def _fewer(moments: Iterable[Moment]) -> Iterator[Moment]:
    """Of each title at most eight: a client that loops for a night would fill a book."""
    for title, same in _alike((each.title, each) for each in moments):
        if len(same) <= _MOST:
            yield from same
            continue
        yield from same[:_FIRST]
        yield Moment(same[_FIRST].at, title, f"{len(same) - _FIRST - 1} more; the last is")
        yield same[-1]


def _before(story: ClientStory) -> Iterator[Moment]:
    """What a client that remembers its address asks at first, before any DHCPDISCOVER, and its refusal."""
    began = story.rounds[0].began if story.rounds else math.inf
    requests = [each for each in story.traffic.sent(MessageType.DHCPREQUEST) if each.at < began]
    naks = [each for each in story.traffic.received(MessageType.DHCPNAK) if each.at < began]
    yield from _repeated("DHCPREQUEST", ((f"for {_wanted(each)}", each.at) for each in requests))
    yield from _repeated("DHCPNAK", ((f"from {each.datagram.sender}", each.at) for each in naks))


def _wanted(request: PassedMessage) -> str:
    octets = request.message.options.get(OptionCode.REQUESTED_IP_ADDRESS) or b""
    address = IPv4Address(octets) if len(octets) == 4 else request.message.ciaddr
    return f"{address}, without an offer"


def _of_round(traffic: MachineTraffic) -> Iterator[Moment]:
    for kind, title in (
        (MessageType.DHCPDISCOVER, "DHCPDISCOVER again"),
        (MessageType.DHCPREQUEST, "DHCPREQUEST again"),
    ):
        first, *again = [each.at for each in traffic.sent(kind)] or [0.0]
        if again:
            times = _listed([at - first for at in again])
            yield Moment(again[0], title, f"{often(len(again))}, {times} s after the first")
    naks = traffic.received(MessageType.DHCPNAK)
    declines = traffic.sent(MessageType.DHCPDECLINE)
    unfetched = (each for each in traffic.downloads if each.ending is not Ending.WHOLE)
    yield from _repeated("DHCPNAK", ((f"from {each.datagram.sender}", each.at) for each in naks))
    yield from _repeated("DHCPDECLINE", ((_declined(traffic, each), each.at) for each in declines))
    for server, asked in _alike((each.datagram.destination, each.at) for each in traffic.boot_requests):
        to_all = server == LIMITED_BROADCAST
        title, of = ("asks boot servers", "by broadcast") if to_all else ("asks port 4011", f"of {server}")
        yield Moment(asked[0], title, f"{often(len(asked))}, {of}")
    yield from _repeated("asks for a file", ((each.told, each.at) for each in unfetched))


def _declined(traffic: MachineTraffic, decline: PassedMessage) -> str:
    """Which address it gave back, and who has it by ARP."""
    octets = decline.message.options.get(OptionCode.REQUESTED_IP_ADDRESS) or b""
    if len(octets) != 4:
        return f"to {decline.server_identifier or 'its server'}"
    address = IPv4Address(octets)
    owner = traffic.answered_by_arp.get(address)
    has_it = "" if owner is None else f", which {owner} has by ARP"
    return f"of {address} to {decline.server_identifier or 'its server'}{has_it}"


def _repeated(title: str, events: Iterable[tuple[str, float]]) -> Iterator[Moment]:
    """Each event once, when it was first, with how often."""
    for what, times in _alike(events):
        yield Moment(times[0], title, f"{what}, {often(len(times))}" if len(times) > 1 else what)


def _alike(pairs: Iterable[tuple[_Key, _Value]]) -> Iterable[tuple[_Key, list[_Value]]]:
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups.items()


def _listed(seconds: Sequence[float]) -> str:
    """Times, of many the first three and the last."""
    shown = [f"{each:.1f}" for each in seconds]
    return ", ".join(shown) if len(shown) <= _MOST else f"{', '.join(shown[:_FIRST])} … {shown[-1]}"
