"""A server's log: numbered lines, searched or awaited."""

from __future__ import annotations

from threading import Timer
from typing import Final

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import NotAnswered
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.server.log import LogLine, ServerLog

MAC: Final = MacAddress.parse("02:eb:00:00:00:0a")
DISCOVER: Final = "dnsmasq-dhcp: 4711 DHCPDISCOVER(ens3) 02:eb:00:00:00:0a"
OFFER: Final = "dnsmasq-dhcp: 4711 DHCPOFFER(ens3) 192.168.99.100 02:eb:00:00:00:0a"
TAGS: Final = "dnsmasq-dhcp: 4711 tags: ens3"
OTHER: Final = "dnsmasq-dhcp: 47110 DHCPOFFER(ens3) 192.168.99.101 02:eb:00:00:00:0b"


def log_of(*texts: str) -> ServerLog:
    """A log that has these lines."""
    log = ServerLog()
    for text in texts:
        log.add(f"{text}\n")
    return log


def test_lines_are_numbered_from_the_first() -> None:
    """The end is the number of the line that comes next."""
    log = log_of("a", "b")
    assert [(line.number, line.text) for line in log.lines] == [(0, "a"), (1, "b")]
    assert log.end == 2


def test_first_matching_line_is_found() -> None:
    """From a number on, if one is given; None where nothing matches."""
    log = log_of("started", "ready", "started")
    assert [log.find("start"), log.find("start", 1), log.find("stopped")] == [
        log.lines[0],
        log.lines[2],
        None,
    ]


def test_line_that_is_there_is_not_waited_for() -> None:
    """The line may have been logged before the call."""
    assert log_of("ready").wait_for("ready", within=Wait.GRACE).number == 0


def test_line_that_comes_later_ends_the_wait() -> None:
    """A reader thread adds it, and the waiting one wakes."""
    log = log_of("started")
    reader = Timer(0.05, log.add, args=("ready\n",))
    reader.start()
    assert log.wait_for("ready", within=Wait.OFFER).number == 1
    reader.join()


def test_line_before_the_mark_does_not_count() -> None:
    """What an earlier test caused must not satisfy a later one."""
    log = log_of("ready")
    with pytest.raises(NotAnswered):
        log.wait_for("ready", since=log.end, within=Wait.GRACE)


def test_line_that_never_comes_is_an_error_with_the_last_ones() -> None:
    """The error has the last five lines."""
    log = log_of(*"abcdefg")
    with pytest.raises(NotAnswered) as caught:
        log.wait_for("ready", within=Wait.GRACE)
    first, *last = str(caught.value).splitlines()
    assert first == "the server logged no line matching 'ready'; its last lines:"
    assert [line.strip() for line in last] == list("cdefg")


def test_empty_log_is_said_to_be_empty() -> None:
    """An empty log is stated as such."""
    with pytest.raises(NotAnswered, match=r"\(nothing at all\)"):
        ServerLog().wait_for("ready", within=Wait.GRACE)


def test_message_is_found_by_its_type_and_client() -> None:
    """Another client's offer is not this one's."""
    log = log_of(OTHER, DISCOVER, TAGS, OFFER)
    assert log.wait_for_message(MessageType.DHCPOFFER, MAC).number == 3


def test_mac_is_found_in_either_case() -> None:
    """Servers other than dnsmasq print capitals."""
    log = log_of("lease for 02:EB:00:00:00:0A", OTHER, OFFER)
    assert [line.number for line in log.about(MAC)] == [0, 2]
    assert [line.number for line in log.about(MAC, since=1)] == [2]


@pytest.mark.parametrize(
    "line",
    ["a word- and more", "dnsmasq: 4711 DHCPOFFER(ens3) 192.168.99.100 x", "sent size: 100 option"],
)
def test_number_elsewhere_in_a_line_is_no_xid(line: str) -> None:
    """An address may end in it; only what log-dhcp puts first counts."""
    assert LogLine(0, line).xid is None


def at(seconds: float, text: str) -> LogLine:
    """A line that arrived then."""
    return LogLine(0, text, seconds)


def transaction(*lines: LogLine) -> list[str]:
    """What is told of the message with xid 4711 that was sent at 10 s and waited for until 18 s."""
    log = ServerLog()
    log._lines = list(lines)
    return [line.text for line in log.transaction(MAC, 4711, 10.0, 18.0)]


@pytest.mark.parametrize(
    "line",
    [
        at(12.0, DISCOVER.replace("4711", "4712")),
        at(9.0, DISCOVER),
        at(12.0, OTHER),
        at(9.0, "dnsmasq-dhcp: DHCPDISCOVER(ens3) 02:eb:00:00:00:0a"),
        at(18.5, "dnsmasq-dhcp: DHCPDISCOVER(ens3) 02:eb:00:00:00:0a"),
        at(12.0, "dnsmasq-dhcp: DHCPDISCOVER(ens3) 02:eb:00:00:00:0b"),
    ],
    ids=["another xid", "before it", "another client", "earlier", "later", "another MAC"],
)
def test_line_about_another_message_is_not_of_the_transaction(line: LogLine) -> None:
    """The same client may have been answered a moment before."""
    assert transaction(line) == []


def test_lines_of_a_transaction_have_its_xid_or_come_while_it_lasts() -> None:
    """Without log-dhcp a line states no xid: then its MAC and its time count."""
    numbered, plain = at(12.0, TAGS), at(17.9, "dnsmasq-dhcp: DHCPDISCOVER(ens3) 02:eb:00:00:00:0a")
    assert transaction(numbered, plain) == [numbered.text, plain.text]


def test_line_is_shown_with_its_time_of_arrival() -> None:
    """In UTC to the millisecond, so that it can be found in the capture."""
    line = LogLine(3, "started", 1764240030.1234)
    assert str(line) == "10:40:30.123 started"
    assert line.dated == "2025-11-27T10:40:30.123Z started"
    assert log_of("a").lines[0].at > line.at
