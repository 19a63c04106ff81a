"""A TFTP client at a real port, and servers on a real cable that do what they should not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.machine.wire.port import Port
from edgeboot.node.boot.tftp_fetch import ask_to_write, fetch, fetch_url, size_of
from edgeboot.node.boot.fetched import NotFetched, Refused
from edgeboot.node.boot.tftp_packets import (
    Acknowledgement,
    Data,
    Error,
    OptionAcknowledgement,
    Options,
    Packet,
    ReadRequest,
    WriteRequest,
)
from edgeboot.node.client_state import ClientState, State
from edgeboot.node.edge_node import EdgeNode
from tests.unit.node.tftp_server import (
    CONTENT,
    TRANSFER,
    Answer,
    block,
    damaged,
    framed,
    honest,
    sent,
    serving,
    unreachable,
)
from tests.unit.samples import CONTRACT, NODE, SERVER, SERVER_MAC, promised, reply


@pytest.fixture
def ports(cable: str) -> Iterator[tuple[Port, Port]]:
    """The node's port and the server's."""
    ports = Port("near", NODE.mac, namespace=cable), Port("far", SERVER_MAC, namespace=cable)
    yield ports
    for port in ports:
        port.close()


@pytest.fixture
def node(ports: tuple[Port, Port], monkeypatch: pytest.MonkeyPatch) -> EdgeNode:
    """A node with a lease, and with less patience than in a lab."""
    monkeypatch.setattr(Wait, "TFTP_ANSWER", timedelta(milliseconds=50))
    monkeypatch.setattr(Wait, "TFTP_STALL", timedelta(milliseconds=400))
    return EdgeNode(NODE, ports[0], client_state=ClientState(State.BOUND, reply(promised(CONTRACT))))


@pytest.mark.covers("RFC1350-4-transfer-identifier")
def test_client_follows_the_server_to_its_port(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """And tells which one it was, from which MAC."""
    with serving(ports[1], honest) as heard:
        fetched = fetch(node, SERVER, "a.efi", Options())
    assert (fetched.content, fetched.blocks, fetched.server_port) == (CONTENT, 5, TRANSFER)
    assert (fetched.sender, fetched.url) == (f"{SERVER} ({SERVER_MAC})", f"tftp://{SERVER}/a.efi")
    assert heard == [ReadRequest("a.efi"), *map(Acknowledgement, range(1, 6))]


@pytest.mark.covers("RFC7440-windowsize")
def test_window_is_used_where_it_is_granted(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Two blocks an acknowledgement, as the server said."""

    def answers(packet: Packet) -> list[Answer]:
        if isinstance(packet, ReadRequest):
            return [sent(OptionAcknowledgement(Options(windowsize=2, tsize=len(CONTENT))))]
        assert isinstance(packet, Acknowledgement)
        return [block(packet.block + ahead) for ahead in (1, 2) if (packet.block + ahead) <= 5]

    with serving(ports[1], answers) as heard:
        fetched = fetch(node, SERVER, "a.efi", Options(windowsize=4, tsize=0))
    assert (fetched.content, fetched.windowsize) == (CONTENT, 2)
    assert heard[1:] == [Acknowledgement(number) for number in (0, 2, 4, 5)]


@pytest.mark.covers("RFC1350-2-retransmission")
def test_lost_packets_are_sent_again(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The first of each kind is lost: the request, and every acknowledgement."""
    seen: list[Packet] = []

    def answers(packet: Packet) -> list[Answer]:
        seen.append(packet)
        return honest(packet) if seen.count(packet) == 2 else []

    with serving(ports[1], answers):
        fetched = fetch(node, SERVER, "a.efi", Options())
    assert fetched.content == CONTENT


@pytest.mark.covers("RFC1350-4-wrong-identifier")
def test_packet_of_another_transfer_is_sent_away(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """With error 5, to whom it came from, and the transfer goes on."""

    def answers(packet: Packet) -> list[Answer]:
        stranger = sent(Data(1, b"not yours"), TRANSFER + 1)
        return [*honest(packet), stranger] if packet == ReadRequest("a.efi") else honest(packet)

    with serving(ports[1], answers) as heard:
        fetched = fetch(node, SERVER, "a.efi", Options())
    assert fetched.content == CONTENT
    assert [packet.code for packet in heard if isinstance(packet, Error)] == [5]


def test_datagram_with_a_wrong_checksum_is_dropped(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """As firmware drops it; where nothing else comes, the failure says so."""
    with (
        serving(ports[1], lambda packet: [damaged(each) for each in honest(packet)]),
        pytest.raises(NotFetched, match=r"does not answer .*; \d+ datagrams with a wrong checksum were"),
    ):
        fetch(node, SERVER, "a.efi", Options())


def test_stall_names_the_last_block(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Of how many, where the size was told."""

    def answers(packet: Packet) -> list[Answer]:
        match packet:
            case ReadRequest():
                return [sent(OptionAcknowledgement(Options(tsize=len(CONTENT))))]
            case Acknowledgement(number) if number < 3:
                return [block(number + 1)]
            case _:
                return []

    with serving(ports[1], answers), pytest.raises(NotFetched, match=r"stalled after block 3 of 5$"):
        fetch(node, SERVER, "a.efi", Options(tsize=0))


def test_file_of_another_size_than_told_is_no_boot_file(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Cut short on its way, or changed while it was read."""

    def answers(packet: Packet) -> list[Answer]:
        if isinstance(packet, ReadRequest):
            return [sent(OptionAcknowledgement(Options(tsize=len(CONTENT))))]
        return [sent(Data(1, b"short"))] if packet == Acknowledgement(0) else []

    with serving(ports[1], answers), pytest.raises(NotFetched, match=r"\) told 2304 octets and sent 5"):
        fetch(node, SERVER, "a.efi", Options(tsize=0))


@pytest.mark.covers("RFC2347-error-8")
def test_server_that_breaks_the_protocol_is_told(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """It gets an error, and the failure says what it did."""

    def answers(packet: Packet) -> list[Answer]:
        return [sent(OptionAcknowledgement(Options(blksize=1000)))] if isinstance(packet, ReadRequest) else []

    with (
        serving(ports[1], answers) as heard,
        pytest.raises(NotFetched, match=r"grants blksize 1000 where 600 was asked for"),
    ):
        fetch(node, SERVER, "a.efi", Options(blksize=600))
    assert isinstance(heard[-1], Error)
    assert heard[-1].code == 8


@pytest.mark.parametrize("ask", [fetch, size_of, ask_to_write], ids=lambda ask: ask.__name__)
def test_refusal_is_the_server_s_own_words(
    ask: Callable[[EdgeNode, object, str], object], node: EdgeNode, ports: tuple[Port, Port]
) -> None:
    """Code, text, and who said it; whatever was asked for."""
    with (
        serving(ports[1], lambda _: [sent(Error(2, "not for you"))]),
        pytest.raises(Refused, match=r"says error 2 \(access violation\) 'not for you'") as refused,
    ):
        ask(node, SERVER, "a.efi")
    assert (refused.value.code, refused.value.sender) == (2, f"{SERVER} ({SERVER_MAC})")


def test_what_is_no_tftp_is_named(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Something else listens there."""
    with (
        serving(ports[1], lambda _: [lambda asker: framed(b"HTTP/1.1 400 Bad Request", 69, asker)]),
        pytest.raises(NotFetched, match=r"sent what is no TFTP packet \(opcode 18516"),
    ):
        fetch(node, SERVER, "a.efi")


def test_closed_port_is_told(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The host is there and says that nobody listens (ICMP port unreachable)."""
    with (
        serving(ports[1], lambda _: [unreachable]),
        pytest.raises(NotFetched, match=rf"UDP port 69 of {SERVER} \({SERVER_MAC}\) is closed"),
    ):
        fetch(node, SERVER, "a.efi")


def test_address_nobody_has_is_told(node: EdgeNode) -> None:
    """Before anything is asked for."""
    with pytest.raises(NotFetched, match=rf"nobody on the segment has {SERVER} \(no ARP reply\)"):
        fetch_url(node, f"tftp://{SERVER}/a.efi")


@pytest.mark.parametrize("url", ["http://192.168.99.40/a.efi", "a.efi"])
def test_url_of_another_kind_is_not_fetched_by_tftp(url: str, node: EdgeNode) -> None:
    """The offer leads elsewhere."""
    with pytest.raises(NotFetched, match="is not fetched by TFTP"):
        fetch_url(node, url)


def test_name_in_place_of_an_address_is_told(node: EdgeNode) -> None:
    """Firmware's TFTP takes addresses alone."""
    with pytest.raises(NotFetched, match=r"'boot\.example' is no address, and names are not resolved"):
        fetch_url(node, "tftp://boot.example/a.efi")


@pytest.mark.covers("EDK2-tftp-size-probe")
def test_size_probe_ends_with_error_8(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """No block is asked for; the server hears why."""
    granted = sent(OptionAcknowledgement(Options(tsize=850528)))
    with serving(ports[1], lambda packet: [granted] if isinstance(packet, ReadRequest) else []) as heard:
        told = size_of(node, SERVER, "a.efi")
    assert (told.octets, told.sender) == (850528, f"{SERVER} ({SERVER_MAC})")
    assert isinstance(heard[-1], Error)
    assert (len(heard), heard[-1].code) == (2, 8)


def test_server_that_tells_no_size_is_named(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Firmware could not allocate memory for the file."""
    with serving(ports[1], honest), pytest.raises(NotFetched, match=r"tells no size \(tsize\)"):
        size_of(node, SERVER, "a.efi")


def test_server_that_lets_us_write_is_told_apart(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Nothing is written: it gets an error where it waits for the first block."""
    with serving(
        ports[1], lambda packet: [sent(Acknowledgement(0))] if isinstance(packet, WriteRequest) else []
    ):
        assert ask_to_write(node, SERVER, "a.efi") == f"{SERVER} ({SERVER_MAC})"
