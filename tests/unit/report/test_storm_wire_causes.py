"""Causes that no line of a configuration decides, by replies, log and machine."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from edgeboot.report.storm.cause import storm_cause_text
from edgeboot.report.storm.causes import storm_causes
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.server.server_use import ServerUse
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.grants import Grants
from edgeboot.stress.storm.repliers import Replier
from edgeboot.stress.storm.shared_address import SharedAddress
from edgeboot.stress.storm.silence import Silence
from tests.unit.report.test_storm_causes import NOTHING

SILENT = Silence(12.0, 7, 30.0)
OWN, ROGUE = IPv4Address("192.168.99.10"), IPv4Address("192.168.99.66")
SERVER = ServerUse({}, address=OWN, mac="52:54:00:00:00:10")
REPLIER = Replier("52:54:00:00:00:10", OWN, offers=9, acks=9, naks=0)
OTHER = Replier("52:54:00:66:66:66", ROGUE, offers=4, acks=3, naks=2)
BOTH = f"{OWN} ({REPLIER.mac}), {ROGUE} ({OTHER.mac})"


def told(server: ServerUse, **changes: Any) -> list[str]:
    """What is printed of a storm in which only this happened."""
    seen: dict[str, Any] = {"repliers": (REPLIER, OTHER), **changes}
    result = replace(NOTHING, server=server, **seen)
    return [storm_cause_text(each) for each in storm_causes(result, None)]


@pytest.mark.parametrize(
    "server,changes,expected",
    [
        ({"ended": True}, {}, "the server ended during the storm"),
        ({"restarts": 1}, {}, "the server was started again during the storm: 1 time"),
        (
            {"drops": 7, "socket_buffer": 212992},
            {},
            "7 datagrams were dropped since",
        ),
        (
            {},
            {"counters": Counters(requests=9, wrong_acks=3)},
            f"3 DHCPACKs were of another address or server than was asked for; DHCPACKs came from {BOTH}",
        ),
        (
            {"logged": {Telling.OFFER: 9}},
            {"counters": Counters(requests=9, naks=2)},
            f"addresses that had just been offered, from {ROGUE} ({OTHER.mac}); the server's log has none",
        ),
        (
            {},
            {"counters": Counters(requests=9, unanswered_requests=2)},
            f"2 of 9 DHCPREQUESTs were not answered in time, sent to {BOTH}",
        ),
        (
            {"logged": {Telling.DISCOVER: 97, Telling.OFFER: 97}, "logged_in_time": {Telling.OFFER: 97}},
            {"counters": Counters(discovers=100, offers=96), "repliers": (REPLIER,)},
            "of 100 DHCPDISCOVERs its log lacks 3, of 0 DHCPREQUESTs 0, and 1 of the DHCPOFFERs",
        ),
        (
            {},
            {
                "shared": (
                    SharedAddress(
                        IPv4Address("10.0.0.7"), ("02:eb:57:00:00:00", "02:eb:57:00:00:02"), (OWN,)
                    ),
                )
            },
            "10.0.0.7 was given to 02:eb:57:00:00:00, 02:eb:57:00:00:02 by 192.168.99.10",
        ),
    ],
)
def test_what_was_seen_is_told(server: dict[str, Any], changes: dict[str, Any], expected: str) -> None:
    """With figures, and who it was."""
    assert any(expected in line for line in told(replace(SERVER, **server), **changes))


def test_another_server_is_named_by_its_machine() -> None:
    """Beside a ProxyDHCP another one has to be there."""
    [line] = told(SERVER)
    assert (
        "4 DHCPOFFERs and 3 DHCPACKs came from 52:54:00:66:66:66 with server identifier 192.168.99.66" in line
    )
    assert told(SERVER, counters=Counters(proxy_offers=5)) == []


def test_what_its_socket_dropped_is_not_lost_on_the_segment() -> None:
    """The log lacks as many as the kernel counted."""
    server = replace(SERVER, drops=3, logged={Telling.DISCOVER: 97, Telling.OFFER: 97})
    lines = told(server, counters=Counters(discovers=100, offers=97))
    assert not any("lost on the segment" in line for line in lines)


@pytest.mark.parametrize(
    "changes,expected",
    [
        ({"repliers": (REPLIER,), "grants": (Grants(OWN, 9),)}, ["of 9 DHCPREQUESTs 4"]),
        ({"repliers": (REPLIER, OTHER)}, []),
        ({"repliers": (REPLIER,), "grants": (Grants(OWN, 5), Grants(ROGUE, 4))}, []),
    ],
    ids=["alone", "another offers", "another grants"],
)
def test_requests_to_another_server_are_not_lost(changes: dict[str, Any], expected: list[str]) -> None:
    """dnsmasq does not log them without dhcp-authoritative."""
    logged = {Telling.DISCOVER: 9, Telling.OFFER: 9, Telling.REQUEST: 5}
    server, counters = replace(SERVER, logged=logged), Counters(discovers=9, offers=9, requests=9)
    lost = re.findall(r"of 9 DHCPREQUESTs \d+", " ".join(told(server, counters=counters, **changes)))
    assert lost == expected


@pytest.mark.parametrize(
    "server,expected",
    [
        ({}, "silent after 12.0 s: 7 nodes asked until 30.0 s in vain.*its log has no line about them"),
        ({"logged_until": 12.3}, "its log ends at 12.3 s"),
        ({"logged_until": 29.9}, ""),
        ({"ended": True}, "the server ended during the storm"),
    ],
    ids=["without a log", "log ends", "log goes on", "ended"],
)
def test_a_server_that_falls_silent_is_told(server: dict[str, Any], expected: str) -> None:
    """But for one whose log goes on: it reads what comes, and says why it does not answer."""
    text = " ".join(told(replace(SERVER, **server), silence=SILENT, repliers=(REPLIER,)))
    assert re.search(expected, text)
    assert bool(expected) == bool(text)


@pytest.mark.parametrize("asked,expected", [(4, "no place in its table of neighbours 9 times"), (0, "")])
def test_a_full_table_of_neighbours_is_told(asked: int, expected: str) -> None:
    """Where nodes were not answered: others on that machine may have filled it."""
    server = replace(SERVER, neighbours_refused=9, neighbours_limit=1024, logged={Telling.ARP_REFUSED: 9})
    counters = Counters(discovers=50, unanswered_discovers=asked)
    text = " ".join(told(server, counters=counters, repliers=(REPLIER,)))
    assert expected in text
    assert ("raise net.ipv4.neigh.default.gc_thresh3" in text) == bool(expected)
