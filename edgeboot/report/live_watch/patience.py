"""How long a client that is silent may go on by itself: until then nobody knows how its boot ends."""

from __future__ import annotations

import math
from typing import Final

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.capture_clients.story import ClientStory, Outcome

QUIET: Final = 20.0
"""Seconds without anything new after which a boot has ended that went well, or was refused: a started file
asks for an address by then, and firmware has asked for its file again."""
LONGEST: Final = 70.0
"""Seconds after which firmware has gone on that has an address, or whose waits are not known."""
_LATE: Final = 2.0
"""Seconds by which a wait on the wire is longer than the table has it, at most."""


def patience(story: ClientStory) -> float:
    """Seconds after the last message within which it may still go on, by its own table where it has one."""
    if story.outcome is Outcome.BOOTED:
        return QUIET
    asking = _next_request(story)
    if asking is not None:
        return max(QUIET, asking + _LATE)
    return QUIET if story.diagnoses else LONGEST


def _next_request(story: ClientStory) -> float | None:
    """Seconds after which it asks for its address again; None for one that has it."""
    last, identity = story.rounds[-1].traffic, story.identities[len(story.rounds) - 1]
    if last.received(MessageType.DHCPACK) or last.downloads or last.boot_requests:
        return None
    profile = CLIENTS.get(identity.client)
    waits = None if profile is None else profile.retransmission
    if waits is None:
        return LONGEST
    discovers, requests = last.sent(MessageType.DHCPDISCOVER), last.sent(MessageType.DHCPREQUEST)
    asked = max((each.at for each in discovers), default=-math.inf)
    taken = sum(each.at >= asked for each in requests)
    stated, times = (waits.request, taken) if taken else (waits.discover, len(discovers))
    return stated[min(times, len(stated)) - 1]
