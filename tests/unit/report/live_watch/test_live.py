"""Clients told while they boot: each stage once, the end when it is quiet, many at once in few lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.end import End
from edgeboot.report.live_watch.events import BootEnded, Event, StageReached
from edgeboot.report.live_watch.lines import lines, summary
from edgeboot.report.live_watch.live import Live
from edgeboot.report.live_watch.live_metrics import LiveMetrics
from edgeboot.report.live_watch.patience import LONGEST, QUIET
from edgeboot.report.machine_boot.boot_stage import BootStage
from tests.unit.report.captured import from_node, from_server
from tests.unit.report.story_told.stories import BOOTED, GONE, MACHINES, offered
from tests.unit.samples import CONTRACT, NODE, SERVER, XID, promised

PATIENCE: Final = LONGEST
FRAMES: Final = tuple(read_pcap(BOOTED))


def packets(frames: Iterable[Frame]) -> list[CapturedPacket]:
    """As they are heard."""
    return [
        CapturedPacket(number, frame.at, frame.octets, len(frame.octets))
        for number, frame in enumerate(frames, start=1)
    ]


def heard(live: Live, frames: Iterable[Frame], after: float = 0.0) -> list[Event]:
    """What is told so many seconds after these frames."""
    every = list(frames)
    live.take(packets(every))
    last = every[-1].at
    return [*live.events(last), *live.events(last + after)]


def ends(events: Iterable[Event]) -> list[BootEnded]:
    """Those that are ends."""
    return [each for each in events if isinstance(each, BootEnded)]


def booting(count: int) -> list[Frame]:
    """So many machines, each with a DHCPDISCOVER."""
    discover = NODE.discover(XID)
    nodes = (replace(NODE, mac=MacAddress(bytes((2, 0, 0, 0, 0, number)))) for number in range(count))
    return [from_node(replace(discover, chaddr=node.mac), 0.0) for node in nodes]


def asked_again(frames: Iterable[Frame]) -> list[Frame]:
    """Each once more, four seconds later: who asks once may have been switched off."""
    every = list(frames)
    return [*every, *(replace(each, at=each.at + 4) for each in every)]


def test_each_stage_is_told_once_in_its_order() -> None:
    """However many packets show it."""
    live = Live()
    told = [
        each.seen.stage for frame in FRAMES for each in heard(live, [frame]) if isinstance(each, StageReached)
    ]
    assert told == sorted(set(told))
    assert {BootStage.DISCOVER, BootStage.OFFER, BootStage.ACK, BootStage.FILE} <= set(told)


def test_first_offer_of_a_server_is_told() -> None:
    """As it comes: which one the client takes is seen later, or never."""
    asks, offer = offered(promised(CONTRACT))
    live = Live()
    told = list(lines([*heard(live, [asks, offer]), *heard(live, [replace(offer, at=offer.at + 1)])]))
    [line] = [each for each in told if "DHCPOFFER" in each]
    assert f"{NODE.mac}  DHCPOFFER" in line
    assert "leads to tftp://" in line


def test_offers_to_many_are_one_line() -> None:
    """Those of one server."""
    asked = booting(9)
    answers = [
        from_server(replace(promised(CONTRACT), chaddr=MacAddress(bytes((2, 0, 0, 0, 0, number)))), 0.1)
        for number in range(9)
    ]
    live = Live()
    heard(live, asked)
    [line] = [each for each in lines(heard(live, answers)) if "DHCPOFFER" in each]
    assert "9 clients: DHCPOFFER from" in line


def test_boot_has_ended_when_it_is_quiet() -> None:
    """A program that was started may ask for an address itself."""
    assert ends(heard(Live(), FRAMES, QUIET - 1)) == []
    [end] = ends(heard(Live(), FRAMES, QUIET))
    assert end.end is End.BOOTED


def test_client_is_forgotten_at_its_end() -> None:
    """A watch may run for months: what a system sends later is not kept."""
    live = Live()
    heard(live, FRAMES, QUIET)
    assert live.booting == 0
    assert heard(live, FRAMES[-3:], QUIET) == []


def test_client_that_boots_again_is_told_again() -> None:
    """It was reset."""
    live = Live()
    first = heard(live, FRAMES, QUIET)
    later = [replace(frame, at=frame.at + 100) for frame in FRAMES]
    assert len(heard(live, later, QUIET)) == len(first)


def test_silence_is_told_when_firmware_waits_no_longer() -> None:
    """And not before: the answer may come."""
    [discover, _] = offered(promised(CONTRACT))
    assert ends(heard(Live(), [discover], 1)) == []
    [end] = ends(heard(Live(), asked_again([discover]), PATIENCE))
    assert (end.end, end.kinds) == (End.STOPPED, ("no-answer",))


def test_silence_between_two_requests_is_no_end() -> None:
    """EDK2 waits for 32 seconds after its fourth DHCPDISCOVER, and goes on then."""
    live, found = Live(), []
    for frame in read_pcap(MACHINES / "silent.pcap"):
        found += live.events(frame.at - 0.1)
        live.take(packets([frame]))
        found += live.events(frame.at)
    assert ends(found) == []


def test_client_that_may_still_go_on_has_not_failed() -> None:
    """Ctrl-C comes when it comes."""
    live = Live()
    heard(live, offered(promised(CONTRACT))[:1], QUIET - 5)
    [end] = live.ended()
    assert end.end in {End.NOT_YET, End.UNKNOWN}


def test_client_that_is_kept_no_longer_is_told_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment has more of them than there is room for."""
    live = Live()
    monkeypatch.setattr(live, "_clients", Clients(most=8))
    heard(live, booting(8))
    later = [replace(frame, at=frame.at + 1) for frame in booting(12)[8:]]
    assert len(ends(heard(live, later, PATIENCE))) == 8


def test_lease_that_is_renewed_is_no_boot() -> None:
    """Systems that run do it all day."""
    renewal = from_node(NODE.extend(XID, CONTRACT.pool.first), 0.0)
    assert heard(Live(), [renewal], PATIENCE) == []


def test_what_many_do_at_once_is_one_line() -> None:
    """Fifty nodes that boot when power returns stay readable."""
    told = list(lines(heard(Live(), booting(50))))
    assert len(told) == 1
    assert "50 clients: DHCPDISCOVER" in told[0]
    assert "and 45 more" in told[0]


def test_few_clients_have_a_line_each() -> None:
    """Then one wants to see which."""
    assert len(list(lines(heard(Live(), booting(4))))) == 4


def test_summary_tells_alike_failures_once() -> None:
    """With how many booted."""
    live = Live()
    silent = ends(heard(live, asked_again(booting(12)), PATIENCE))
    [counts, *failed] = summary([*silent, *ends(heard(live, FRAMES, QUIET))], live.packets, dropped=3)
    assert counts.startswith("13 boots: 12 did not boot, 1 booted; ")
    assert counts.endswith("3 more were lost because this machine was too slow")
    assert len(failed) == 1
    assert "and 7 more" in failed[0]


@pytest.mark.parametrize(
    "line",
    [
        'edgeboot_watch_boots_total{interface="virbr1",outcome="stopped"} 1.0',
        'edgeboot_watch_diagnoses_total{interface="virbr1",kind="no-answer"} 1.0',
        'edgeboot_watch_booting{interface="virbr1"} 2.0',
        'edgeboot_watch_dropped_packets_total{interface="virbr1"} 3.0',
    ],
)
def test_metrics_count_ends_and_their_reasons(line: str) -> None:
    """For an alarm on the segment where nodes do not boot."""
    metrics = LiveMetrics("virbr1")
    for end in ends(heard(Live(), asked_again(booting(1)), PATIENCE)):
        metrics.note(end)
    assert line in metrics.text(booting=2, packets=9, dropped=3).decode().splitlines()


def test_events_are_objects_for_a_collector() -> None:
    """Each with its machine and what it is; the end has the whole story."""
    *stages, end = (each.to_json() for each in heard(Live(), read_pcap(GONE), QUIET))
    assert {each["event"] for each in stages} == {"stage", "offer"}
    assert (end["event"], end["mac"], end["rounds"][0]["client"]) == (
        "end",
        "52:54:00:eb:00:01",
        "edk2-pxe-x86-64",
    )


def given(number: int, address: IPv4Address, at: float) -> list[Frame]:
    """The lease of a machine of its own: it asks, takes, and is given an address."""
    node = EdgeNodeIdentity.numbered(number)
    ack = replace(promised(CONTRACT), chaddr=node.mac, xid=number, yiaddr=address)
    kinds = (MessageType.DHCPOFFER, MessageType.DHCPACK)
    types = (option(Code.DHCP_MESSAGE_TYPE, kind) for kind in kinds)
    offer, last = (replace(ack, options=Options((each, *rest(ack)))) for each in types)
    return [
        from_node(node.discover(number), at),
        from_server(offer, at + 0.1),
        from_node(node.select(number, address, SERVER), at + 0.2),
        from_server(last, at + 0.3),
    ]


def rest(reply: DhcpMessage) -> list[DhcpOption]:
    """Its options but the type."""
    return [each for each in reply.options if each.code != Code.DHCP_MESSAGE_TYPE]


def test_address_that_two_clients_have_is_told_of_the_later_one() -> None:
    """Each is told alone; what they have of each other is known all the same."""
    live = Live()
    [first] = ends(heard(live, given(1, CONTRACT.pool.first, 0.0), after=PATIENCE))
    [second] = ends(heard(live, given(2, CONTRACT.pool.first, 700.0), after=PATIENCE))
    assert "address-given-twice" not in first.kinds
    assert "address-given-twice" in second.kinds


def test_client_that_boots_again_has_its_own_address() -> None:
    """It was told and forgotten between."""
    live = Live()
    for at in (0.0, 700.0):
        [end] = ends(heard(live, given(1, CONTRACT.pool.first, at), after=PATIENCE))
        assert "address-given-twice" not in end.kinds
