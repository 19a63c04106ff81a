"""Whose a packet is, what is kept of it, and that there is an end to what is kept."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import SERVER_PORT, MessageType
from edgeboot.host.wire.frame import Frame, dissect, udp_frame
from edgeboot.host.wire.pcap import write_pcap
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.reading import clients_of as read_clients
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.capture_clients.stories import stories
from edgeboot.report.capture_clients.story import ClientStory, Outcome
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.tftp_download import TftpDownload
from tests.unit.report.capture_clients.captured import clients_of, story
from tests.unit.report.captured import who_has
from tests.unit.report.machine_boot.frames import asked, fetched, given, leased, offered
from tests.unit.samples import NODE, SERVER

ROUTER = MacAddress.parse("52:54:00:00:00:01")
AGENT = SERVER.__class__("192.168.99.1")
CONTENT = bytes(range(256)) * 80
DIGEST = hashlib.sha256(CONTENT).hexdigest()
DISCOVER = asked(MessageType.DHCPDISCOVER, 1.0)


def routed(frame: Frame) -> Frame:
    """As captured behind a router, which has put its own hardware addresses in."""
    return replace(frame, octets=ROUTER.packed + ROUTER.packed + frame.octets[12:])


def of_machine(number: int, frame: Frame = DISCOVER) -> Frame:
    """A frame of another machine."""
    return replace(frame, octets=frame.octets.replace(NODE.mac.packed, b"\2\xeb\1\0" + number.to_bytes(2)))


def transfers(of: ClientStory) -> list[TftpDownload]:
    """What a client has asked for by TFTP."""
    return [each for each in of.traffic.downloads if isinstance(each, TftpDownload)]


def relayed(frame: Frame, at: float) -> Frame:
    """A message as its relay agent passes it on to the server, or the server's answer to the agent."""
    datagram = dissect(frame)
    assert datagram is not None
    message = replace(DhcpMessage.decode(datagram.payload), giaddr=AGENT)
    ends = ((AGENT, SERVER_PORT), (SERVER, SERVER_PORT))
    source, target = ends if message.op == 1 else ends[::-1]
    octets = udp_frame(ROUTER, ROUTER, source, target, message.encode())
    return Frame(octets, frame.at + at)


def test_file_is_digested_as_it_passes() -> None:
    """Octet for octet; of its blocks the first, the last and its acknowledgement are kept."""
    found = story(*leased(1.0), *fetched(2.0, CONTENT)).traffic
    assert found.downloads[0].sha256 == DIGEST
    assert len(found.frames) == len(leased(1.0)) + 4


def test_client_behind_a_router_is_found_by_its_address() -> None:
    """No frame of the transfer has its hardware address."""
    frames = (*leased(1.0), *map(routed, fetched(2.0, CONTENT)))
    assert [each.ending for each in story(*frames).traffic.downloads] == [Ending.WHOLE]


def test_packets_that_are_captured_twice_count_once() -> None:
    """A mirror of two ports has each of them twice; no block was sent again by that."""
    once = (*leased(1.0), *fetched(2.0, CONTENT))
    twice = [each for frame in once for each in (frame, replace(frame, at=frame.at + 0.0001))]
    found = story(*twice)
    assert len(found.traffic.messages) == 4
    assert [(each.sha256, each.repeated) for each in transfers(found)] == [(DIGEST, 0)]
    assert found.blind == ("4 of its messages were captured twice within 20 ms, and count once",)


def test_message_that_is_sent_again_counts_twice() -> None:
    """The same octets, after the client's wait."""
    again = replace(DISCOVER, at=DISCOVER.at + 4)
    assert len(story(DISCOVER, again).traffic.sent(MessageType.DHCPDISCOVER)) == 2


def test_copies_of_a_relay_agent_make_no_second_conversation() -> None:
    """Both sides of it were captured: ``tcpdump -i any`` on the agent."""
    pairs = [(frame, relayed(frame, 0.001)) for frame in leased(1.0)]
    found = story(*(frame for pair in pairs for frame in pair)).traffic
    assert [each.message.name for each in found.messages] == [
        "DHCPDISCOVER",
        "DHCPOFFER",
        "DHCPREQUEST",
        "DHCPACK",
    ]


def test_capture_on_the_servers_side_of_a_relay_agent_is_told_to_be_one() -> None:
    """Whether the answers reach the client is not in it."""
    found = story(*(relayed(frame, 0.0) for frame in leased(1.0)))
    assert len(found.traffic.received(MessageType.DHCPACK)) == 1
    assert found.blind[0].startswith(f"captured on the server's side of relay agent {AGENT}")


def test_boot_that_goes_on_beyond_a_relay_agent_is_not_judged() -> None:
    """No file that it may have fetched passes on the server's side, however long the capture is."""
    later = replace(DISCOVER, octets=bytes(60), at=DISCOVER.at + 300)
    [found] = explained(clients_of([*(relayed(frame, 0.0) for frame in leased(1.0)), later]))
    assert (found.outcome, found.diagnoses) == (Outcome.UNKNOWN, ())
    assert found.blind[0].endswith("such as its ARP, and the files that it asks for, is not seen")


def test_machine_that_asks_by_a_relay_agent_later_went_on_elsewhere() -> None:
    """What it did after its lease here passed on that side: that it asked for no file is not known."""
    moved = relayed(replace(DISCOVER, at=DISCOVER.at + 300), 0.0)
    [found] = explained(clients_of([*leased(1.0), moved]))
    [here] = explained(clients_of([*leased(1.0), replace(DISCOVER, at=DISCOVER.at + 300)]))
    assert ([each.kind.value for each in here.diagnoses], found.diagnoses) == (["nothing-asked"], ())


def test_question_about_an_address_is_kept_for_who_is_offered_it() -> None:
    """A server's ARP request before its DHCPOFFER."""
    found = story(DISCOVER, who_has(1.1), offered(4.2))
    assert [each.octets[12:14] for each in found.traffic.frames].count(b"\x08\x06") == 1


def test_packets_that_a_snap_length_has_cut_leave_the_size_known() -> None:
    """The file is whole by the lengths in its headers; its digest is not known, and that is told."""
    cut = [replace(frame, octets=frame.octets[:96]) for frame in fetched(2.0, CONTENT)]
    found = story(*leased(1.0), *cut)
    (download,) = found.traffic.downloads
    assert (download.ending, len(download.content)) == (Ending.WHOLE, len(CONTENT))
    assert "were cut by the capture (snap length)" in found.blind[0]


def test_of_too_many_clients_the_idlest_are_forgotten_and_counted() -> None:
    """Whoever still asks is kept."""
    clients = Clients(most=3)
    for number, machine in enumerate((0, 1, 2, 0, 3, 0, 4), 1):
        clients.take(number, DISCOVER.at + number, of_machine(machine).octets)
    assert [each.mac.packed[-1] for each in clients] == [0, 3, 4]
    assert clients.forgotten == 2


def test_frames_of_all_clients_have_a_limit_together() -> None:
    """Messages as long as a datagram may be do not fill the memory."""
    clients = Clients(most_octets=10 * len(DISCOVER.octets))
    for machine in range(40):
        clients.take(machine + 1, DISCOVER.at + machine, of_machine(machine).octets)
    assert (len(clients), clients.forgotten) == (10, 30)


def test_client_that_asks_for_hours_is_told_by_its_beginning_and_its_end() -> None:
    """What is between is counted."""
    again = [replace(DISCOVER, at=DISCOVER.at + 5 * number) for number in range(1000)]
    found = story(*again)
    times = [each.at for each in found.traffic.sent(MessageType.DHCPDISCOVER)]
    assert (times[0], times[-1], len(times)) == (again[0].at, again[-1].at, 256)
    assert found.blind[1].startswith("744 more of its packets are not told")


def test_client_that_was_forgotten_begins_anew() -> None:
    """And what it fetched before is none of its own any more."""
    clients = clients_of((*leased(1.0), fetched(2.0, CONTENT)[0]))
    clients.forget(NODE.mac)
    for number, frame in enumerate((*leased(30.0), *fetched(40.0, CONTENT)[1:]), 1000):
        clients.take(number, frame.at, frame.octets)
    (found,) = stories(clients)
    assert (len(found.traffic.frames), found.traffic.downloads) == (4, ())


def test_answer_to_a_client_whose_request_was_not_captured_is_kept() -> None:
    """Its hardware address is in the message."""
    assert len(story(given(1.0)).traffic.received(MessageType.DHCPACK)) == 1


@pytest.mark.parametrize("beside", [(), (DISCOVER,)], ids=["alone", "beside a client of IPv4"])
def test_dhcpv6_is_said_not_to_be_read(tmp_path: Path, beside: tuple[Frame, ...]) -> None:
    """That nobody asks is another thing."""
    packet = bytes.fromhex("60000000000c1101") + bytes(32) + bytes.fromhex("02220223000c0000") + bytes(4)
    path = tmp_path / "v6.pcap"
    write_pcap(path, [*beside, Frame(DISCOVER.octets[:12] + b"\x86\xdd" + packet, DISCOVER.at)])
    assert read_clients(path)[1] == ("1 packet of DHCPv6, which is not read: clients of IPv4 are told",)


def test_sender_of_which_no_ethernet_was_captured_is_its_address() -> None:
    """As in a capture of raw IP: zeros would be taken for an address."""
    offer = offered(1.1)
    raw = replace(offer, octets=offer.octets[:6] + bytes(6) + offer.octets[12:])
    (passed,) = story(DISCOVER, raw).traffic.received(MessageType.DHCPOFFER)
    assert (passed.datagram.sender, str(Sender.of(passed))) == ("192.168.99.10", "192.168.99.10")
