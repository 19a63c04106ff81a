"""How each client's boot ended, as far as its capture goes."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.report.explain.stories import stories
from edgeboot.report.explain.story import Outcome
from tests.unit.report.captured import BEGAN
from tests.unit.report.explain.captured import captured, clients_of, story
from tests.unit.report.machine_boot.frames import FROM, asked, fetched, given, leased

LATER = Frame(b"\0" * 60, BEGAN + 600)
"""A packet of nobody, ten minutes later."""


@pytest.mark.parametrize(
    "name, outcome",
    [
        ("machines/started", Outcome.BOOTED),
        ("machines/http-good", Outcome.BOOTED),
        ("machines/silent", Outcome.STOPPED),
        ("machines/missing", Outcome.STOPPED),
        ("machines/http-404", Outcome.STOPPED),
    ],
)
def test_real_boot_has_the_outcome_that_its_machine_had(name: str, outcome: Outcome) -> None:
    """The machine's console, beside each capture, says the same."""
    after = Frame(LATER.octets, captured(name)[-1].at + 60)
    assert story(*captured(name), after).outcome is outcome


def test_client_that_may_still_wait_is_not_judged() -> None:
    """The capture ends right after its DHCPDISCOVER."""
    found = story(asked(MessageType.DHCPDISCOVER, 1.0))
    assert (found.outcome, found.waits) == (Outcome.UNKNOWN, True)
    assert found.blind == ("the capture ends while the client may still wait for an answer",)


def test_client_without_a_dhcpdiscover_is_told_to_begin_in_mid_boot() -> None:
    """Its first messages passed before the capture began."""
    found = story(asked(MessageType.DHCPREQUEST, 1.0, FROM), given(1.1), LATER)
    assert found.outcome is Outcome.UNKNOWN
    assert found.blind[0].startswith("the capture begins in mid-boot")


def test_offer_that_was_taken_and_not_captured_is_a_blind_spot() -> None:
    """Captured at another port: unicast replies are not in it."""
    frames = (asked(MessageType.DHCPDISCOVER, 1.0), asked(MessageType.DHCPREQUEST, 2.0, FROM))
    assert "passed elsewhere" in story(*frames, LATER).blind[0]


def test_every_client_of_a_capture_has_its_own_story() -> None:
    """And what another one fetches is none of its own."""
    frames = (*leased(1.0), *fetched(2.0, b"x" * 700), LATER)
    (other,) = {asked(MessageType.DHCPDISCOVER, 0.5).octets[6:12]}
    moved = (Frame(frame.octets.replace(other, b"\2\xeb\0\0\0\x77"), frame.at) for frame in leased(3.0))
    found = list(stories(clients_of((*frames, *moved))))
    assert [len(each.traffic.downloads) for each in found] == [1, 0]
