"""A capture as text: who booted, who did not, and why; what is alike is told once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.story import Outcome
from edgeboot.report.machine_boot.diagnoses.diagnosis import Evidence
from edgeboot.report.story_told.alike import alike
from edgeboot.report.story_told.text import placed, text
from edgeboot.report.story_told.timeline import timeline
from edgeboot.report.story_told.who import ended
from tests.unit.report.story_told.stories import BOOTED, GONE, captured, story


def copies(file: Path, count: int) -> CaptureRead:
    """So many machines to which the same happened."""
    one = story(file)
    macs = (MacAddress(bytes((2, 0, 0, 0, 0, number))) for number in range(count))
    return replace(captured(file), stories=tuple(replace(one, mac=mac) for mac in macs))


def test_headline_says_what_was_booted() -> None:
    """Of a client that booted nothing else matters."""
    assert ended(story(BOOTED)) == "booted tftp://192.168.99.40/signed_ipxe.efi"


def test_headline_says_how_far_it_came_and_why() -> None:
    """The reason stands where it is read first."""
    gone = story(GONE)
    assert ended(gone).startswith(f"did not boot, came as far as DHCPACK: {gone.diagnoses[0].sentence}")


def test_reason_that_is_not_shown_is_not_invented() -> None:
    """A capture may end before it is seen."""
    assert ended(replace(story(GONE), diagnoses=())).endswith("the capture does not show why")


def test_what_is_wrong_beside_a_good_boot_is_no_reason() -> None:
    """It booted all the same."""
    [why] = story(GONE).diagnoses
    booted = replace(captured(BOOTED), stories=(replace(story(BOOTED), diagnoses=(why,)),))
    assert f"  beside it: {why.sentence}" in text(booted)
    assert "why: " not in text(booted)


@pytest.mark.parametrize("after, told", [(2.0, "packet 4, 2.000 s"), (-9.5, "packet 4, 9.500 s before")])
def test_packet_of_another_client_may_have_passed_before(after: float, told: str) -> None:
    """Of two that have one address, the first has it earlier."""
    assert placed(Evidence(4, 100.0 + after, "DHCPACK"), 100.0) == told


def test_end_that_is_not_known_is_said_to_be_so() -> None:
    """With what the capture cannot show."""
    unknown = replace(story(GONE), outcome=Outcome.UNKNOWN, diagnoses=(), blind=("it ends while it waits",))
    assert ended(unknown).startswith("not known whether it booted")
    assert ended(unknown).endswith("it ends while it waits")


def test_capture_that_ends_early_tells_what_had_failed_by_then() -> None:
    """Somebody has ended it when the screen showed the error."""
    unknown = replace(story(GONE), outcome=Outcome.UNKNOWN)
    assert ended(unknown).startswith("had not booted when the capture ended, came as far as DHCPACK: ")


def test_clients_alike_are_told_once() -> None:
    """Fifty of them would hide the one that is different."""
    told = text(copies(GONE, 37))
    assert "37 clients alike: 02:00:00:00:00:00" in told
    assert "and 32 more" in told
    assert told.count("why: ") == 1


def test_those_that_did_not_boot_come_first() -> None:
    """They are what is looked for."""
    stories = (*copies(BOOTED, 9).stories, story(GONE))
    assert [each.clearest.outcome for each in alike(stories)] == [Outcome.STOPPED, Outcome.BOOTED]


def test_many_that_booted_are_counted_only() -> None:
    """Their stages say nothing that is asked for."""
    told = text(copies(BOOTED, 9))
    assert "9 clients: 9 booted" in told
    assert "DHCPACK" not in told


def test_summary_counts_each_end() -> None:
    """First of all."""
    stories = (story(GONE), story(BOOTED), replace(story(GONE), outcome=Outcome.UNKNOWN))
    [summary, *_] = text(replace(captured(GONE), stories=stories)).splitlines()
    assert "3 clients: 1 did not boot, 1 had not booted when the capture ended, 1 booted" in summary


@pytest.mark.parametrize(
    "title, what",
    [
        ("DHCPDISCOVER again", "3 times, 3.9, 12.6, 30.4 s after the first"),
        ("DHCPOFFER", "and 3 times again; leads to nothing: no boot file"),
        ("asks for a file", "http://192.168.99.40/gone.efi refused with status 404, twice"),
        ("DHCPACK", "DHCPACK of 192.168.99.117 from 192.168.99.10"),
    ],
)
def test_timeline_tells_each_event_once(title: str, what: str) -> None:
    """A client repeats what is not answered; a person reads it once."""
    told = next(each.what for each in timeline(story(GONE)) if each.title == title)
    assert what in told


def test_offer_that_was_taken_is_marked() -> None:
    """By the DHCPREQUEST that names its server, with what it leads to."""
    [offer, *_] = [each for each in timeline(story(BOOTED)) if each.title == "DHCPOFFER"]
    assert "taken; leads to tftp://192.168.99.40/signed_ipxe.efi" in offer.what
