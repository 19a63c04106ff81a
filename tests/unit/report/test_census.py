"""Who answered any message of a run, however late."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.report.census import Census
from edgeboot.spec.contract.segment import Segment
from tests.unit.samples import CONTRACT, NODE, SENT_AT, SERVER, SERVER_MAC, exchange, promised, reply

SEGMENT: Final = Segment(CONTRACT, SERVER_MAC, IPv4Address("192.168.99.1"))
OTHER: Final = IPv4Address("192.168.99.66")
OTHER_MAC: Final = MacAddress.parse("52:54:00:66:66:66")


def offer(
    source: IPv4Address = OTHER,
    mac: MacAddress = OTHER_MAC,
    port: int = 67,
    chaddr: MacAddress = NODE.mac,
) -> Frame:
    """An offer as the server's port sees it, 3.1 s after the question."""
    octets = replace(promised(CONTRACT), chaddr=chaddr).encode()
    ends = ((source, port), (IPv4Address("255.255.255.255"), 68))
    return Frame(udp_frame(mac, BROADCAST, *ends, octets), SENT_AT + 3.1)


def test_late_answer_of_another_server_is_found() -> None:
    """Long after the exchange has ended, and with the time that it took."""
    census = Census()
    census.note([offer(), offer()])
    [rogue] = census.rogues([exchange()], SEGMENT)
    assert str(rogue).startswith(f"{OTHER} ({OTHER_MAC}) sends DHCPOFFER 192.168.99.100")
    assert ", 3.1 s after it was asked; probably a virtual machine" in str(rogue)


@pytest.mark.parametrize(
    "frame",
    [
        offer(SERVER, SERVER_MAC),
        offer(chaddr=MacAddress.parse("52:54:00:00:00:01")),
        offer(port=68),
        Frame(b"short", SENT_AT),
    ],
    ids=["the server", "another site's client", "a client's", "no datagram"],
)
def test_message_that_is_no_stranger_s_to_a_node_is_left_out(frame: Frame) -> None:
    """Other machines of a site have servers of their own to answer them."""
    census = Census()
    census.note([frame])
    assert census.rogues([], SEGMENT) == ()


def test_rogue_of_the_suite_itself_is_a_guest() -> None:
    """Tests put one on the segment on purpose."""
    census = Census({OTHER_MAC})
    census.note([offer()])
    assert census.rogues([exchange()], SEGMENT) == ()


def test_answer_to_one_machine_beside_the_server_s_is_found() -> None:
    """An offer by unicast passes the node's port alone; one without the server's is another fault's."""
    own, other = reply(promised(CONTRACT)), reply(promised(CONTRACT), mac=OTHER_MAC)
    assert [each.reply for each in Census().rogues([exchange(own, other)], SEGMENT)] == [other]
    assert Census().rogues([exchange(other), exchange(own)], SEGMENT) == ()
    assert Census({OTHER_MAC}).rogues([exchange(own, other)], SEGMENT) == ()
