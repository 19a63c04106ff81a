"""The page of an explained capture: who did not boot and why, and a chart of what passed."""

from __future__ import annotations

from dataclasses import replace

from edgeboot.report.capture_clients.story import Outcome
from edgeboot.report.page.explain_page import explain_page
from tests.unit.report.story_told.stories import BOOTED, GONE, captured, offered, read
from tests.unit.samples import CONTRACT, OFFER, message, promised


def test_page_says_first_how_many_booted() -> None:
    """Its title is what a person who has many tabs sees of it."""
    assert "<title>edgeboot: 1 client: 1 booted</title>" in explain_page([captured(BOOTED)])


def test_client_that_did_not_boot_is_open_with_its_reason() -> None:
    """Nobody has to look for it."""
    page = explain_page([captured(GONE)])
    assert '<details class="client wrong" id="c0-0" open>' in page
    assert "refused with status 404" in page


def test_page_has_the_ladder_chart_of_the_client() -> None:
    """The same as that of a failed test."""
    assert '<div class="ladder"' in explain_page([captured(BOOTED)])


def test_several_captures_are_one_page() -> None:
    """Of a client's port and the server's, such as they come with a bug report."""
    page = explain_page([captured(BOOTED), replace(captured(GONE), name="other.pcap")])
    assert "2 clients: " in page
    assert "<h2>other.pcap</h2>" in page


def test_what_a_capture_cannot_show_is_on_the_page() -> None:
    """Beside what is known."""
    whole = captured(GONE)
    [one] = whole.stories
    blind = replace(one, outcome=Outcome.UNKNOWN, diagnoses=(), blind=("it begins in mid-boot",))
    assert "<li>it begins in mid-boot</li>" in explain_page([replace(whole, stories=(blind,))])


def test_words_of_a_server_are_no_markup() -> None:
    """A capture comes from anywhere."""
    hostile = message(OFFER, *promised(CONTRACT).options, file=b"<script>alert(1)</script>")
    assert "<script>alert(1)" not in explain_page([read(offered(hostile))])
