"""The TFTP client at a real port, against scripted servers at the other end of a veth pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.dhcp.firmware import Boot
from edgeboot.host.wire.port import Port
from edgeboot.node.boot.fetched import NotFetched, Refused
from edgeboot.node.boot.tftp_fetch import attempt_write, fetch, fetch_boot, probe_size
from edgeboot.node.boot.tftp_packets import (
    Acknowledgement,
    Data,
    Error,
    OptionAcknowledgement,
    Packet,
    ReadRequest,
    TftpOptions,
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
    """The ports of the node and of the server."""
    ports = Port("near", NODE.mac, namespace=cable), Port("far", SERVER_MAC, namespace=cable)
    yield ports
    for port in ports:
        port.close()


@pytest.fixture
def node(ports: tuple[Port, Port], monkeypatch: pytest.MonkeyPatch) -> EdgeNode:
    """A node with a lease, with shorter time-outs than in a lab."""
    monkeypatch.setattr(Wait, "TFTP_ANSWER", timedelta(milliseconds=50))
    monkeypatch.setattr(Wait, "TFTP_STALL", timedelta(milliseconds=400))
    return EdgeNode(NODE, ports[0], client_state=ClientState(State.BOUND, reply(promised(CONTRACT))))


@pytest.mark.covers("RFC1350-4-transfer-identifier")
def test_client_follows_the_server_to_its_port(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The result names the server's port and MAC address."""
    with serving(ports[1], honest) as received:
        fetched = fetch(node, SERVER, "a.efi", TftpOptions())
    assert (fetched.content, fetched.blocks, fetched.server_port) == (CONTENT, 5, TRANSFER)
    assert (fetched.sender, fetched.url) == (f"{SERVER} ({SERVER_MAC})", f"tftp://{SERVER}/a.efi")
    assert received == [ReadRequest("a.efi"), *map(Acknowledgement, range(1, 6))]


@pytest.mark.covers("RFC7440-windowsize")
def test_window_is_used_where_it_is_granted(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """With a granted window of two, every second block is acknowledged."""

    def answers(packet: Packet) -> list[Answer]:
        if isinstance(packet, ReadRequest):
            return [sent(OptionAcknowledgement(TftpOptions(windowsize=2, tsize=len(CONTENT))))]
        assert isinstance(packet, Acknowledgement)
        return [block(packet.block + ahead) for ahead in (1, 2) if (packet.block + ahead) <= 5]

    with serving(ports[1], answers) as received:
        fetched = fetch(node, SERVER, "a.efi", TftpOptions(windowsize=4, tsize=0))
    assert (fetched.content, fetched.windowsize) == (CONTENT, 2)
    assert received[1:] == [Acknowledgement(number) for number in (0, 2, 4, 5)]


@pytest.mark.covers("RFC1350-2-retransmission")
def test_lost_packets_are_retransmitted(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The request and every acknowledgement are lost once, and sent again."""
    seen: list[Packet] = []

    def answers(packet: Packet) -> list[Answer]:
        seen.append(packet)
        return honest(packet) if seen.count(packet) == 2 else []

    with serving(ports[1], answers):
        fetched = fetch(node, SERVER, "a.efi", TftpOptions())
    assert fetched.content == CONTENT


@pytest.mark.covers("RFC1350-4-wrong-identifier")
def test_packet_of_another_transfer_is_rejected(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Its sender gets error 5, and the transfer continues."""

    def answers(packet: Packet) -> list[Answer]:
        other = sent(Data(1, b"not yours"), TRANSFER + 1)
        return [*honest(packet), other] if packet == ReadRequest("a.efi") else honest(packet)

    with serving(ports[1], answers) as received:
        fetched = fetch(node, SERVER, "a.efi", TftpOptions())
    assert fetched.content == CONTENT
    assert [packet.code for packet in received if isinstance(packet, Error)] == [5]


def test_datagram_with_a_wrong_checksum_is_dropped(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Firmware drops it too; if nothing else arrives, the error counts the dropped datagrams."""
    with (
        serving(ports[1], lambda packet: [damaged(answer) for answer in honest(packet)]),
        pytest.raises(NotFetched, match=r"does not answer .*; \d+ datagrams with a wrong checksum were"),
    ):
        fetch(node, SERVER, "a.efi", TftpOptions())


def test_stall_names_the_last_block(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """With the total number of blocks, if the server announced the size."""

    def answers(packet: Packet) -> list[Answer]:
        match packet:
            case ReadRequest():
                return [sent(OptionAcknowledgement(TftpOptions(tsize=len(CONTENT))))]
            case Acknowledgement(number) if number < 3:
                return [block(number + 1)]
            case _:
                return []

    with serving(ports[1], answers), pytest.raises(NotFetched, match=r"stalled after block 3 of 5$"):
        fetch(node, SERVER, "a.efi", TftpOptions(tsize=0))


def test_file_of_another_size_than_announced_is_an_error(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The file was truncated, or changed while it was read."""

    def answers(packet: Packet) -> list[Answer]:
        if isinstance(packet, ReadRequest):
            return [sent(OptionAcknowledgement(TftpOptions(tsize=len(CONTENT))))]
        return [sent(Data(1, b"short"))] if packet == Acknowledgement(0) else []

    with serving(ports[1], answers), pytest.raises(NotFetched, match=r"\) announced 2304 octets and sent 5"):
        fetch(node, SERVER, "a.efi", TftpOptions(tsize=0))


@pytest.mark.covers("RFC2347-error-8")
def test_server_that_violates_the_protocol_gets_an_error(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The transfer ends with error 8, and the failure names the violation."""

    def answers(packet: Packet) -> list[Answer]:
        return (
            [sent(OptionAcknowledgement(TftpOptions(blksize=1000)))]
            if isinstance(packet, ReadRequest)
            else []
        )

    with (
        serving(ports[1], answers) as received,
        pytest.raises(NotFetched, match=r"grants blksize 1000 where 600 was asked for"),
    ):
        fetch(node, SERVER, "a.efi", TftpOptions(blksize=600))
    assert isinstance(received[-1], Error)
    assert received[-1].code == 8


@pytest.mark.parametrize(
    "request_file", [fetch, probe_size, attempt_write], ids=lambda function: function.__name__
)
def test_refusal_has_code_and_text_of_the_server(
    request_file: Callable[[EdgeNode, object, str], object], node: EdgeNode, ports: tuple[Port, Port]
) -> None:
    """The error has code, text and sender for read, size and write requests."""
    with (
        serving(ports[1], lambda _: [sent(Error(2, "not for you"))]),
        pytest.raises(Refused, match=r"says error 2 \(access violation\) 'not for you'") as refused,
    ):
        request_file(node, SERVER, "a.efi")
    assert (refused.value.code, refused.value.sender) == (2, f"{SERVER} ({SERVER_MAC})")


def test_answer_of_another_protocol_is_an_error(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The text says what is wrong with the datagram."""
    with (
        serving(ports[1], lambda _: [lambda asker: framed(b"HTTP/1.1 400 Bad Request", 69, asker)]),
        pytest.raises(NotFetched, match=r"sent what is no TFTP packet \(opcode 18516"),
    ):
        fetch(node, SERVER, "a.efi")


def test_closed_port_is_an_error(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """The host answers with ICMP port unreachable."""
    with (
        serving(ports[1], lambda _: [unreachable]),
        pytest.raises(NotFetched, match=rf"UDP port 69 of {SERVER} \({SERVER_MAC}\) is closed"),
    ):
        fetch(node, SERVER, "a.efi")


@pytest.mark.covers("EDK2-PXE-tftp-only")
@pytest.mark.parametrize(
    "name,asked", [("/a.efi", "/a.efi"), (None, "a.efi")], ids=["with a slash", "by URL"]
)
def test_what_a_client_boots_is_asked_for_by_its_name(
    name: str | None, asked: str, node: EdgeNode, ports: tuple[Port, Port]
) -> None:
    """A server that takes absolute paths has another file without the slash, or none."""
    with serving(ports[1], honest) as received:
        fetch_boot(node, Boot(f"tftp://{SERVER}/a.efi", name=name), TftpOptions())
    assert received[0] == ReadRequest(asked)


def test_unused_server_address_is_an_error(node: EdgeNode) -> None:
    """ARP gets no reply, so no request is sent."""
    with pytest.raises(NotFetched, match=rf"nobody on the segment has {SERVER} \(no ARP reply\)"):
        fetch_boot(node, Boot(f"tftp://{SERVER}/a.efi"))


@pytest.mark.parametrize("url", ["http://192.168.99.40/a.efi", "a.efi"])
def test_url_of_another_scheme_is_not_fetched_by_tftp(url: str, node: EdgeNode) -> None:
    """Only tftp:// URLs are accepted."""
    with pytest.raises(NotFetched, match="is not fetched by TFTP"):
        fetch_boot(node, Boot(url))


def test_host_name_in_place_of_an_address_is_an_error(node: EdgeNode) -> None:
    """TFTP of firmware accepts addresses only."""
    with pytest.raises(NotFetched, match=r"'boot\.example' is no address, and names are not resolved"):
        fetch_boot(node, Boot("tftp://boot.example/a.efi"))


@pytest.mark.covers("EDK2-tftp-size-probe")
def test_size_probe_ends_with_error_8(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """No block is requested, and error 8 ends the transfer."""
    granted = sent(OptionAcknowledgement(TftpOptions(tsize=850528)))
    with serving(ports[1], lambda packet: [granted] if isinstance(packet, ReadRequest) else []) as received:
        size = probe_size(node, SERVER, "a.efi")
    assert (size.octets, size.sender) == (850528, f"{SERVER} ({SERVER_MAC})")
    assert isinstance(received[-1], Error)
    assert (len(received), received[-1].code) == (2, 8)


def test_server_without_tsize_is_an_error(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Firmware cannot allocate memory for the file without its size."""
    with serving(ports[1], honest), pytest.raises(NotFetched, match=r"announces no size \(tsize\)"):
        probe_size(node, SERVER, "a.efi")


def test_server_that_accepts_a_write_request_is_named(node: EdgeNode, ports: tuple[Port, Port]) -> None:
    """Nothing is written: the server gets an ERROR where it expects the first block."""
    with serving(
        ports[1], lambda packet: [sent(Acknowledgement(0))] if isinstance(packet, WriteRequest) else []
    ):
        assert attempt_write(node, SERVER, "a.efi") == f"{SERVER} ({SERVER_MAC})"
