"""Events as lines for people: what several clients do at the same time is one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.base.mac import MacAddress
from edgeboot.report.capture_clients.end import End
from edgeboot.report.live_watch.events import BootEnded, Event, OfferCame, StageReached
from edgeboot.report.story_told.offer_seen import often
from edgeboot.report.values import visible

_TOGETHER: Final = 4
"""More clients than that at once are one line."""
_SHOWN: Final = 5


def lines(events: Iterable[Event]) -> Iterator[str]:
    """A line for each event, or for those that are alike of more than four clients."""
    alike: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        alike.setdefault(_key(event), []).append(event)
    for group in alike.values():
        if len(group) > _TOGETHER:
            yield visible(_together(group))
        else:
            yield from (visible(line) for each in group for line in _alone(each))


def summary(ends: Sequence[BootEnded], packets: int, dropped: int) -> Iterator[str]:
    """What a whole watch has seen: those that did not boot, by their reasons, then how many booted."""
    counts = Counter(each.end for each in ends)
    told = ", ".join(f"{counts[each]} {each.value}" for each in End if counts[each])
    lost = f", {dropped} more were lost because this machine was too slow" if dropped else ""
    yield f"{counted(len(ends), 'boot')}: {told or 'none'}; {counted(packets, 'packet')} heard{lost}"
    groups: dict[tuple[object, ...], list[BootEnded]] = {}
    for each in ends:
        if each.end is not End.BOOTED:
            groups.setdefault(_key(each), []).append(each)
    for group in sorted(groups.values(), key=len, reverse=True):
        yield visible(f"  {_macs([each.mac for each in group])}, {group[0].runs}: {group[0].told}")


def _key(event: Event) -> tuple[object, ...]:
    if isinstance(event, StageReached):
        return "stage", event.seen.stage, event.runs
    if isinstance(event, OfferCame):
        return "offer", event.offer.sender, event.runs
    # Two boots that ended by a diagnosis of the same name differ by addresses and times only.
    return "end", event.end, event.runs, event.kinds or event.told


def _alone(event: Event) -> Iterator[str]:
    if isinstance(event, StageReached):
        seen = event.seen
        yield f"{_clock(seen.at)} {event.mac}  {seen.stage.title:<22} {seen.what} ({event.runs})"
        return
    if isinstance(event, OfferCame):
        yield f"{_clock(event.at)} {event.mac}  {event.offer.passed.message.name:<22} {event.offer.told}"
        return
    yield f"{_clock(event.at)} {event.mac}  {event.told} ({event.runs})"
    if event.needed:
        yield f"{'':8} {event.mac}  needed: {event.needed}"


def _together(group: Sequence[Event]) -> str:
    first, macs = group[0], _macs([each.mac for each in group])
    if isinstance(first, StageReached):
        return (
            f"{_clock(first.seen.at)} {len(group)} clients: {first.seen.stage.title} ({first.runs}): {macs}"
        )
    if isinstance(first, OfferCame):
        name, sender = first.offer.passed.message.name, first.offer.sender
        return f"{_clock(first.at)} {len(group)} clients: {name} from {sender} ({first.runs}): {macs}"
    of_one = f"of them {first.mac} {first.told} ({first.runs})"
    return f"{_clock(first.at)} {len(group)} clients alike: {macs}; {of_one}"


def _macs(macs: Sequence[MacAddress]) -> str:
    often_seen = Counter(macs)
    shown = [f"{mac}{f' ({often(times)})' if times > 1 else ''}" for mac, times in often_seen.items()]
    more = len(shown) - _SHOWN
    return f"{', '.join(shown[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")
