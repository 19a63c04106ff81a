"""What a storm's nodes do to get their boot files, and what they say of a server that does not give them."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from ipaddress import IPv4Address

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, SERVER_PORT
from edgeboot.host.wire.frame import Datagram
from edgeboot.node.boot.tftp_packets import Acknowledgement, Data, Packet, TftpOptions
from edgeboot.spec.contract.storm_terms import FETCHERS
from edgeboot.stress.storm import fetch_frames, transfers
from edgeboot.stress.storm.fetch_patience import fetch_patience
from edgeboot.stress.storm.round import Round, rounds_named
from tests.unit.stress.storm.answering_wire import hasty
from tests.unit.stress.storm.boot_wire import (
    FILE,
    BootWire,
    FileServer,
    beside_a_proxy,
    from_server,
)
from tests.unit.stress.storm.conftest import EDK2, Fetch


def test_every_node_reads_its_whole_file(fetch: Fetch) -> None:
    """It is ready when the last block is there, and not before."""
    result = fetch(from_server, FileServer())
    [round_] = result.rounds
    assert (result.bound, round_.fetched, round_.not_fetched) == (5, 5, 0)
    assert round_.counters.fetched_octets == 5 * len(FILE)
    assert result.to_file is not None
    assert result.to_ack is not None
    assert result.to_ready == result.to_file
    assert result.to_file.p50 > result.to_ack.p50


def test_edk2_asks_for_the_size_first_and_then_from_another_port(fetch: Fetch) -> None:
    """As on the wire: the second read request has no tsize."""
    server = FileServer()
    fetch(from_server, server)
    sizes, reads = server.requests[:5], server.requests[5:]
    assert {options for _, _, options in sizes} == {TftpOptions(blksize=1468, windowsize=4, tsize=0)}
    assert {options for _, _, options in reads} == {TftpOptions(blksize=1468, windowsize=4)}
    assert {port for _, port, _ in sizes}.isdisjoint(port for _, port, _ in reads)


def test_a_file_of_a_multiple_of_the_block_ends_with_an_empty_one(fetch: Fetch) -> None:
    """RFC 1350 section 6: a block that is not full is the last."""
    result = fetch(from_server, FileServer(bytes(1468 * 4)))
    assert result.rounds[0].fetched == 5


def test_block_numbers_begin_again_behind_65535(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more blocks than there are numbers: here there are eight."""
    for module in (fetch_frames, transfers):
        monkeypatch.setattr(module, "BLOCK_NUMBERS", 8)
    server = FileServer(2 * FILE, wraps_at=8)
    assert fetch(from_server, server).rounds[0].fetched == 5


def test_a_lost_block_is_asked_for_again(fetch: Fetch) -> None:
    """A gap in a window is said once, and the last block's loss shows by a wait."""
    result = fetch(from_server, FileServer(lost=[2, 7]))
    assert result.rounds[0].fetched == 5


def test_a_block_that_comes_twice_is_acknowledged_with_its_window(fetch: Fetch) -> None:
    """One acknowledgement in mid-window would make the server send the rest of the window twice."""
    server, acknowledged = FileServer(), list[int]()

    def doubling(packet: Packet, datagram: Datagram) -> Iterable[Packet]:
        if isinstance(packet, Acknowledgement):
            acknowledged.append(packet.block)
        for answer in server(packet, datagram):
            in_mid_window = isinstance(answer, Data) and answer.block % 4 in {1, 2}
            yield from [answer] * (2 if in_mid_window else 1)

    fetch(from_server, doubling)
    assert set(acknowledged) == {0, 4, 7}


def test_a_proxys_file_is_asked_for_on_port_4011(fetch: Fetch) -> None:
    """The address comes from one server, the file from the other, as EDK2 takes them."""
    server = FileServer()
    result = fetch(beside_a_proxy, server)
    assert result.rounds[0].fetched == 5
    assert {file for file, _, _ in server.requests} == {"asked.efi"}


def test_a_second_acknowledgement_of_the_lease_is_no_boot_servers(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes while the node waits for port 4011, and has the same xid."""
    to_node = BootWire._to_node

    def after_the_leases(wire: BootWire, datagram: Datagram, port: int, payload: bytes) -> None:
        if port == BOOT_SERVER_PORT:
            [lease] = beside_a_proxy(DhcpMessage.decode(datagram.payload))
            to_node(wire, datagram, SERVER_PORT, lease.encode())
        to_node(wire, datagram, port, payload)

    monkeypatch.setattr(BootWire, "_to_node", after_the_leases)
    result = fetch(beside_a_proxy, FileServer())
    assert (result.rounds[0].fetched, result.counters.wrong_acks) == (5, 0)


def test_a_later_round_begins_when_the_file_is_there(fetch: Fetch) -> None:
    """Firmware starts what it has read; a system has no boot file."""
    system = Round(hasty(client=CLIENTS["dhclient"]))
    result = fetch(from_server, FileServer(), rounds=(EDK2, system))
    first, second = result.rounds
    assert (first.fetched, second.bound, second.fetches) == (5, 5, False)
    assert result.all_bound


def test_a_packet_without_room_is_lost_here(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue of a port is full now and then: nodes send again, and the figures are not valid."""
    sent: list[bytes] = []
    send = BootWire.send

    def full_at_times(wire: BootWire, frame: bytes) -> int:
        sent.append(frame)
        if len(sent) % 10 == 1:
            raise OSError(errno.ENOBUFS, "No buffer space available")
        return send(wire, frame)

    monkeypatch.setattr(BootWire, "send", full_at_times)
    assert fetch(from_server, FileServer()).lost_here == 1 + (len(sent) - 1) // 10


def test_a_node_answers_who_asks_for_its_address(fetch: Fetch) -> None:
    """A server's kernel asks for it before it sends a block."""
    server = FileServer()
    wires: list[BootWire] = []

    def asking(packet: object, datagram: object) -> object:
        wires[0].ask(IPv4Address("192.168.99.102"))
        return server(packet, datagram)  # type: ignore[arg-type]

    fetch(from_server, asking, prepare=wires.append)
    assert set(wires[0].claimed) == {IPv4Address("192.168.99.102")}


def test_fetching_rounds_are_those_of_clients_that_boot() -> None:
    """A system's client has no boot file."""
    rounds = rounds_named("firmware,ipxe,system", CLIENTS["edk2-pxe-x86-64"], fetch=True)
    assert [each.fetches for each in rounds] == [True, True, False]


def test_a_client_whose_patience_with_files_is_not_known_is_refused() -> None:
    """A guess would be no measurement."""
    with pytest.raises(
        UsageError, match=re.escape("--fetch: fetches a boot file, and how long u-boot-arm64")
    ):
        Round(hasty(client=CLIENTS["u-boot-arm64"]), fetches=True)


@pytest.mark.parametrize("client", CLIENTS.values(), ids=lambda client: client.name)
def test_a_contract_can_have_nodes_fetch_whose_patience_is_known(client: ClientProfile) -> None:
    """What a contract says of it is refused before a run, by the same clients."""
    if client.rules in FETCHERS:
        fetch_patience(client)
    else:
        with pytest.raises(UsageError, match="is not known"):
            fetch_patience(client)
