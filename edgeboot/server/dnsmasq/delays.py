"""The line that has dnsmasq wait before it offers an address (``dhcp-reply-delay``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.tags import Tagged

_CLOCK: Final = timedelta(seconds=1)
"""dnsmasq counts whole seconds of its clock: it may wait less by nearly one."""
_BESIDE: Final = timedelta(seconds=4)
"""What else a reply may take: the ping check of a new address has 3 s."""


def delaying(took: timedelta, lines: Sequence[Directive], sent: Sent) -> Directive | None:
    """The line that accounts for an offer after this time; None where none applies, or it says another time.

    Of several the last one counts; one without a tag only where no tagged one applies.
    """
    tags = sent.tags(lines).all
    delays = [each for each in map(Tagged.of, reversed(lines)) if each.line.name == "dhcp-reply-delay"]
    applying = [each for each in delays if each.applies(tags)]
    applied = next(iter([each for each in applying if each.needed] or applying), None)
    if applied is None or not applied.words[0].isdecimal():
        return None
    delay = timedelta(seconds=int(applied.words[0]))
    return applied.line if delay and delay - _CLOCK <= took < delay + _BESIDE else None
