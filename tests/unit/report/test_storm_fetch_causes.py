"""What is said of nodes of a storm that waited for their boot files, or have none."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from edgeboot.server.server_use import ServerUse
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.fetch_failures import FetchEnd, FetchFailure
from edgeboot.stress.storm.result import StormResult
from tests.unit.report.test_storm_causes import CONFIG, NOTHING, logging, told

OWN, OTHER = IPv4Address("192.168.99.10"), IPv4Address("192.168.99.40")
FETCHING = tuple(replace(each, fetches=True) for each in NOTHING.rounds)


def without_files(end: FetchEnd, server: IPv4Address | None = OWN, reason: str = "because") -> StormResult:
    """A storm with seven nodes that ended so."""
    failure = FetchFailure(reason, 7, None, end, server)
    rounds = tuple(replace(each, failures=(failure,)) for each in FETCHING)
    return replace(NOTHING, rounds=rounds, not_fetched=7, server=ServerUse({}, address=OWN))


def test_too_few_ports_of_tftp_are_named_with_their_line() -> None:
    """Only of a storm whose nodes waited for their files: the log says it at every start."""
    server = logging("dnsmasq-tftp: restricting maximum simultaneous TFTP transfers to 5")
    config = replace(CONFIG, text="tftp-port-range=40000,40004\n")
    assert told(replace(NOTHING, server=server), config) == []
    assert told(replace(NOTHING, server=server, rounds=FETCHING), config) == []
    [line] = told(replace(NOTHING, server=server, rounds=FETCHING, not_fetched=3), config)
    assert "3 nodes have given up without their boot file" in line
    assert "remove or widen /srv/dnsmasq.conf:1 tftp-port-range=40000,40004" in line
    assert line.endswith("(--what-if no-tftp-port-range measures it)")


@pytest.mark.parametrize(
    "end,server,lines,expected",
    [
        (
            FetchEnd.REFUSED,
            OWN,
            "enable-tftp\ntftp-root=/srv",
            "of /srv/dnsmasq.conf:2 tftp-root=/srv",
        ),
        (
            FetchEnd.NO_ARP_REPLY,
            OTHER,
            "dhcp-boot=a.efi,,192.168.99.40",
            "/srv/dnsmasq.conf:1 dhcp-boot",
        ),
        (FetchEnd.NO_ANSWER, OWN, "tftp-root=/srv", "add enable-tftp to /srv/dnsmasq.conf"),
        (FetchEnd.NOTHING_NAMED, None, "port=0", "add dhcp-boot to /srv/dnsmasq.conf"),
        (FetchEnd.NOTHING_NAMED, None, "dhcp-boot=a.efi", "correct /srv/dnsmasq.conf:1 dhcp-boot=a.efi"),
    ],
)
def test_the_line_to_mend_is_named(end: FetchEnd, server: IPv4Address, lines: str, expected: str) -> None:
    """Where one says what nodes could not have."""
    [line] = told(without_files(end, server), replace(CONFIG, text=lines))
    assert line.startswith("7 nodes ")
    assert "because; to mend it, " in line
    assert expected in line


@pytest.mark.parametrize("end", [FetchEnd.REFUSED, FetchEnd.NO_ANSWER, FetchEnd.STOPPED])
def test_of_another_boot_server_no_line_is_named(end: FetchEnd) -> None:
    """What it serves is not in the configuration of the server under test."""
    [line] = told(without_files(end, OTHER), replace(CONFIG, text="tftp-root=/srv"))
    assert line.endswith(": because")


@pytest.mark.parametrize(
    "sockets,repeated,lines,expected",
    [
        (6, 3, "enable-tftp\ntftp-max=5", "raise /srv/dnsmasq.conf:2 tftp-max=5 (--what-if tftp-max=1000"),
        (51, 3, "enable-tftp", "add tftp-max=1000 to /srv/dnsmasq.conf"),
        (49, 3, "enable-tftp", ""),
        (6, 0, "enable-tftp\ntftp-max=5", ""),
        (99, 3, "port=0", ""),
    ],
    ids=["stated", "by default", "fewer", "nobody waited", "no TFTP"],
)
def test_as_many_transfers_as_there_may_be_are_told(
    sockets: int, repeated: int, lines: str, expected: str
) -> None:
    """Where nodes had to send again: the server leaves their requests unread, and logs nothing."""
    use = ServerUse({}, most_sockets=sockets)
    counters = Counters(repeated_packets=repeated)
    result = replace(NOTHING, rounds=FETCHING, server=use, counters=counters)
    text = " ".join(told(result, replace(CONFIG, text=lines)))
    assert expected in text
    assert bool(expected) == bool(text)
