"""The survey of a segment: DHCP servers, booting clients, addresses in use."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

import pytest
from scapy.layers.l2 import ARP, Ether

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.links import LinkEnd, add_address
from edgeboot.host.wire import arp
from edgeboot.host.wire.frame import dissect, udp_frame
from edgeboot.host.wire.port import Port
from edgeboot.labs.orchestrator.survey import SurveyResult, owner_of, run_survey
from edgeboot.node.edge_node import EdgeNode
from tests.unit.samples import CONTRACT, EVERYBODY, NODE, SERVER, SERVER_MAC, XID, promised

STRANGER: Final = MacAddress.parse("52:54:00:aa:00:01")
OUR_OTHER: Final = EdgeNodeIdentity.numbered(7).mac
ANYBODY: Final = IPv4Address("0.0.0.0")  # noqa: S104 - a client without an address
FREE: Final = IPv4Address("192.168.99.199")


def populate(far: Port) -> None:
    """The far end: a server, a foreign booting client, another run's node, two owners of one address."""
    boots = EdgeNodeIdentity(STRANGER, NODE.machine).discover(XID)
    for client, mac in ((boots, STRANGER), (NODE.discover(XID), OUR_OTHER)):
        everybody = (EVERYBODY, SERVER_PORT)
        far.send(udp_frame(mac, BROADCAST, (ANYBODY, CLIENT_PORT), everybody, client.encode()))
    deadline = Deadline.after(timedelta(seconds=0.3))
    while (frame := far.receive(deadline)) is not None:
        asked, datagram = arp.message(frame), dissect(frame)
        if asked is not None and asked.pdst == SERVER:
            for mac in (SERVER_MAC, STRANGER):
                ends = {"psrc": str(SERVER), "hwdst": str(asked.hwsrc), "pdst": str(asked.psrc)}
                told = ARP(op="is-at", hwsrc=str(mac), **ends)
                far.send(bytes(Ether(src=str(mac), dst=str(asked.hwsrc)) / told))
        elif datagram is not None and datagram.destination_port == SERVER_PORT:
            answer(far, DhcpMessage.decode(datagram.payload))


def answer(far: Port, asked: DhcpMessage) -> None:
    """The server's offer."""
    offer = DhcpMessage(2, asked.xid, asked.chaddr, promised(CONTRACT).options, yiaddr=CONTRACT.pool.first)
    far.send(
        udp_frame(SERVER_MAC, BROADCAST, (SERVER, SERVER_PORT), (EVERYBODY, CLIENT_PORT), offer.encode())
    )


def test_owner_of_one_address_is_found_without_a_look(cable: str) -> None:
    """As checked before a host is added; an unused address has no owner."""
    add_address(LinkEnd(cable, "far"), IPv4Interface(f"{SERVER}/24"))
    near = Port("near", NODE.mac, namespace=cable)
    assert owner_of(near, SERVER) is not None
    assert owner_of(near, FREE) is None
    near.close()


@pytest.fixture
def survey(cable: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyResult]:
    """The survey from the near end."""
    monkeypatch.setattr(Wait, "LOOK", timedelta(seconds=1.5))
    near, far = Port("near", NODE.mac, namespace=cable), Port("far", SERVER_MAC, namespace=cable)
    with ThreadPoolExecutor(1) as threads:
        node = EdgeNode(EdgeNodeIdentity.numbered(1), near)
        peopled = threads.submit(populate, far)
        yield run_survey(node, [SERVER, FREE])
        peopled.result()
    for port in (near, far):
        port.close()


def test_look_shows_who_is_on_the_segment(survey: SurveyResult) -> None:
    """Servers by their offers, clients in the middle of booting, owners of addresses, another run."""
    assert [offer.server_identifier for offer in survey.offers] == [SERVER]
    assert survey.owners == {SERVER: (SERVER_MAC, STRANGER)}
    assert survey.owner(SERVER) is None, "two have it"
    assert survey.others_of_ours == {OUR_OTHER}
    assert STRANGER in survey.booting
    assert survey.heard == {SERVER_MAC, STRANGER}
