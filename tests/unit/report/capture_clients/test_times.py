"""Captures whose times are not those of one clock are told, too: joined, without times, or set back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.reading import explained
from tests.unit.report.capture_clients.captured import captured, clients_of

Frames = Sequence[Frame]
DISTORTED: Final[dict[str, Callable[[Frames], Frames]]] = {
    "without times": lambda frames: [replace(frame, at=0.0) for frame in frames],
    "one file behind another": lambda frames: [*frames[len(frames) // 2 :], *frames[: len(frames) // 2]],
    "back to front": lambda frames: frames[::-1],
    "clock set back": lambda frames: [
        replace(frame, at=frame.at - 3600 * (2 * number > len(frames))) for number, frame in enumerate(frames)
    ],
}


@pytest.mark.parametrize("distort", DISTORTED.values(), ids=list(DISTORTED))
@pytest.mark.parametrize("name", ["machines/silent", "machines/nofile", "machines/started"])
def test_each_round_has_the_packet_that_begins_it(name: str, distort: Callable[[Frames], Frames]) -> None:
    """Its DHCPDISCOVER is in it, whatever time it has."""
    (told,) = explained(clients_of(distort(captured(name))))
    assert told.rounds
    assert all(each.traffic.sent(MessageType.DHCPDISCOVER) for each in told.rounds)
