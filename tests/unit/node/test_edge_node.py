"""An edge node at a real port: whose replies are its own, and what it makes of them."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import NotAnswered
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, dissect, udp_frame
from edgeboot.host.wire.port import Port
from edgeboot.node.client_state import ClientState, IllegalTransition, State
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.node.matching import reply_to
from tests.unit.samples import CONTRACT, EVERYBODY, NODE, SERVER, SERVER_MAC, XID, message, promised, reply

REQUEST: Final = NODE.discover(XID)
STRANGER: Final = EdgeNodeIdentity.numbered(2)
NOBODY: Final = MacAddress(bytes(6))
OFFERED: Final = promised(CONTRACT)

Answer = Callable[[DhcpMessage], list[DhcpMessage]]


def framed(sent: DhcpMessage, port: int = 68) -> bytes:
    """The server's message as a frame."""
    return udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, port), sent.encode())


def asked_of(sent: DhcpMessage) -> bytes:
    """The node's message as a frame."""
    return udp_frame(NODE.mac, BROADCAST, (IPv4Address(0), 68), (EVERYBODY, 67), sent.encode())


@pytest.fixture
def ports(cable: str) -> Iterator[tuple[Port, Port]]:
    """The node's port and the server's, at the two ends of a cable."""
    ports = Port("near", NODE.mac, namespace=cable), Port("far", SERVER_MAC, namespace=cable)
    yield ports
    for port in ports:
        port.close()


@contextmanager
def answered(port: Port, answer: Answer, messages: int = 1) -> Iterator[None]:
    """A server that answers one message, or more, and ends."""

    def serve() -> None:
        for _ in range(messages):
            frame = port.receive(Deadline.after(Wait.OFFER))
            datagram = None if frame is None else dissect(frame)
            assert datagram is not None
            for each in answer(DhcpMessage.decode(datagram.payload)):
                port.send(framed(each))

    with ThreadPoolExecutor(1) as threads:
        served = threads.submit(serve)
        yield
        served.result()


def offer_to(request: DhcpMessage, **fields: Any) -> DhcpMessage:
    """The good offer to this request, or one that differs in some fields."""
    return replace(OFFERED, xid=request.xid, **fields)


@pytest.mark.parametrize(
    "octets",
    [
        framed(replace(OFFERED, xid=XID + 1)),
        framed(replace(OFFERED, chaddr=STRANGER.mac)),
        framed(replace(OFFERED, op=1)),
        framed(OFFERED, port=67),
        udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, 68), bytes(235)),
        framed(OFFERED)[:30],
    ],
    ids=["another xid", "another client", "a request", "another port", "too short", "no datagram"],
)
def test_frame_for_somebody_else_is_no_reply(octets: bytes) -> None:
    """Both xid and chaddr must be the request's, or it is another client's."""
    assert reply_to(REQUEST, Frame(octets, 0.0)) is None


def test_reply_is_the_message_with_its_datagram_and_frame() -> None:
    """Who sent it is known from outside the message."""
    frame = Frame(framed(OFFERED), 1.0)
    found = reply_to(REQUEST, frame)
    assert found is not None
    assert (found.message.options, found.datagram.source_mac, found.frame) == (
        OFFERED.options,
        SERVER_MAC,
        frame,
    )


def test_replies_of_all_servers_are_kept_and_no_others(ports: tuple[Port, Port]) -> None:
    """Two offers and one to a stranger between them: two replies, in their order."""

    def answer(request: DhcpMessage) -> list[DhcpMessage]:
        second = offer_to(request, yiaddr=CONTRACT.pool.last)
        return [offer_to(request), offer_to(request, chaddr=STRANGER.mac), second]

    recorded: list[Exchange] = []
    with answered(ports[1], answer):
        exchange = EdgeNode(NODE, ports[0], recorded.append).discover(grace=Wait.NEIGHBOUR)
    assert [reply.address for reply in exchange.replies] == [CONTRACT.pool.first, CONTRACT.pool.last]
    assert recorded == [exchange]


def test_reply_that_came_before_the_question_is_no_answer(ports: tuple[Port, Port]) -> None:
    """A straggler of an earlier exchange has the same xid where a request repeats it."""
    node = EdgeNode(NODE, ports[0])
    ports[1].send(framed(replace(OFFERED, xid=XID, yiaddr=CONTRACT.pool.last)))
    assert select.select([ports[0]._socket], [], [], 1)[0]
    with answered(ports[1], lambda request: [offer_to(request)]):
        exchange = node.exchange(REQUEST)
    assert [reply.address for reply in exchange.replies] == [CONTRACT.pool.first]


@pytest.fixture
def sentinel(cable: str) -> Iterator[EdgeNode]:
    """Another node at the same cable, with a socket of its own."""
    port = Port("near", STRANGER.mac, namespace=cable)
    yield EdgeNode(STRANGER, port)
    port.close()


def only_the_stranger(request: DhcpMessage) -> list[DhcpMessage]:
    """A server that ignores everybody but the sentinel."""
    return [offer_to(request, chaddr=request.chaddr)] if request.chaddr == STRANGER.mac else []


def test_silence_is_proven_in_less_than_50_milliseconds(ports: tuple[Port, Port], sentinel: EdgeNode) -> None:
    """A corpus has hundreds of them; the quickest of five, for a busy machine may stall any."""
    node = EdgeNode(NODE, ports[0])
    with answered(ports[1], only_the_stranger, messages=10):
        exchanges = [node.ignored(REQUEST, sentinel) for _ in range(5)]
    assert {exchange.replies for exchange in exchanges} == {()}
    quickest = min(exchange.waited for exchange in exchanges)
    assert Wait.GRACE <= quickest < timedelta(milliseconds=50)


def test_reply_to_a_raw_message_is_matched_by_xid_alone(ports: tuple[Port, Port], sentinel: EdgeNode) -> None:
    """A bent message may have no chaddr: what comes back for it, to whatever client, is its reply."""
    bent = replace(REQUEST, chaddr=NOBODY)
    with answered(ports[1], lambda request: [offer_to(request, chaddr=request.chaddr)], messages=2):
        exchange = EdgeNode(NODE, ports[0]).send_raw([asked_of(bent)], bent, sentinel)
    assert [reply.message.chaddr for reply in exchange.replies] == [NOBODY]


@dataclass(frozen=True)
class ImpatientSentinel:
    """A sentinel that waits no longer than ``Wait.GRACE`` for its offer."""

    node: EdgeNode

    def discover(self, *, grace: timedelta | None = Wait.GRACE) -> Exchange:
        """As ``EdgeNode.discover``."""
        return self.node.discover(grace=grace, within=Wait.GRACE)


def test_raw_message_is_recorded_though_the_sentinel_gets_no_offer(
    ports: tuple[Port, Port], sentinel: EdgeNode
) -> None:
    """The message that killed the server must be in the evidence."""
    recorded: list[Exchange] = []
    with pytest.raises(NotAnswered, match=f"of {STRANGER.mac}, received nothing"):
        EdgeNode(NODE, ports[0], recorded.append).send_raw(
            [asked_of(REQUEST)], REQUEST, ImpatientSentinel(sentinel)
        )
    assert [(each.sent.octets, each.replies) for each in recorded] == [(asked_of(REQUEST), ())]


def test_message_is_sent_again_until_it_is_answered(ports: tuple[Port, Port]) -> None:
    """The same message, so that the answer to any of them counts."""
    answers: Iterator[list[DhcpMessage]] = iter([[], [], [replace(OFFERED, xid=XID)]])
    with answered(ports[1], lambda _: next(answers), messages=3):
        exchange = EdgeNode(NODE, ports[0]).exchange(REQUEST, retransmit_every=Wait.GRACE)
    assert [frame.octets for frame in ports[0].frames if frame.sent][:3] == [asked_of(REQUEST)] * 3
    assert len(exchange.replies) == 1


def test_offer_is_not_taken_by_a_node_that_did_not_ask(ports: tuple[Port, Port]) -> None:
    """Nothing is sent: a client requests an address after its DHCPDISCOVER only."""
    with pytest.raises(IllegalTransition, match="in state INIT cannot send a DHCPREQUEST"):
        EdgeNode(NODE, ports[0]).request(reply(OFFERED))
    assert list(ports[0].frames) == []


@pytest.mark.parametrize("kind,leased", [(MessageType.DHCPACK, True), (MessageType.DHCPNAK, False)])
def test_only_an_acknowledgement_is_a_lease(
    kind: MessageType, leased: bool, ports: tuple[Port, Port]
) -> None:
    """A node that was refused holds no address and releases none."""
    node, offer = EdgeNode(NODE, ports[0], client_state=ClientState(State.SELECTING)), reply(OFFERED)
    answer = message(option(Code.DHCP_MESSAGE_TYPE, kind), option(Code.SERVER_IDENTIFIER, SERVER))
    with answered(ports[1], lambda _: [answer]):
        exchange = node.request(offer)
    assert node.lease is (exchange.replies[0] if leased else None)
    node.release()
    released = ports[1].receive(Deadline.after(Wait.NEIGHBOUR if leased else Wait.GRACE))
    assert (released is not None) is leased


def test_node_asks_with_another_list_at_the_same_port(ports: tuple[Port, Port]) -> None:
    """Only option 55 differs."""
    node = EdgeNode(NODE, ports[0])
    other = node.asking_for(None)
    assert (other.port, other.mac, other.identity.parameters) == (node.port, node.mac, None)


def test_node_without_a_lease_releases_nothing(ports: tuple[Port, Port]) -> None:
    """It is silent, and cannot ask from an address it does not have."""
    node = EdgeNode(NODE, ports[0])
    node.release()
    assert list(ports[0].frames) == []
    with pytest.raises(ValueError, match="has no lease: boot"):
        node.neighbour(IPv4Address("192.168.99.1"))
