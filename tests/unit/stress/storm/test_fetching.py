"""What a storm's nodes do to get their boot files, and what they say of a server that does not give them."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, SERVER_PORT
from edgeboot.host.wire.frame import Datagram
from edgeboot.node.boot.tftp_packets import Acknowledgement, Data, Packet, TftpOptions
from edgeboot.spec.contract.storm_terms import FETCHERS
from edgeboot.stress.storm import fetch_frames, fetching, transfers
from edgeboot.stress.storm.arrival import Arrival
from edgeboot.stress.storm.engine import Storm
from edgeboot.stress.storm.fetch_patience import FetchPatience, fetch_patience
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.round import Round, rounds_named
from tests.unit.stress.storm.answering_wire import Answer, hasty
from tests.unit.stress.storm.boot_wire import (
    FILE,
    BootWire,
    FileServer,
    Serve,
    beside_a_proxy,
    from_server,
    refusing_file,
    silent_file,
)

EDK2 = Round(hasty(), fetches=True)
BRIEF = FetchPatience((0.01, 0.02), (0.02, 0.02), "for tests")
Fetch = Callable[..., StormResult]


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetch]:
    """Runs a storm of five nodes that fetch, on a wire of these servers; impatient ones."""
    monkeypatch.setattr(fetching, "fetch_patience", lambda _: BRIEF)
    monkeypatch.setattr(fetching, "ARP_WAITS", (0.02, 0.02))
    wires: list[BootWire] = []

    def run(
        dhcp: Answer,
        serve: Serve,
        rounds: tuple[Round, ...] = (EDK2,),
        prepare: Callable[[BootWire], None] = lambda _: None,
    ) -> StormResult:
        plan = StormPlan(nodes=5, arrival=Arrival.BURST, rounds=rounds)
        wires.append(BootWire(dhcp, serve))
        prepare(wires[-1])
        table = LeaseTable.made(tmp_path / "leases", plan.nodes, len(rounds))
        storm = Storm(plan, wires[-1], table)
        storm.run()
        table.close()
        figures = {"began": storm.began, "elapsed": storm.elapsed, "lost_here": 0, "client_cpu": 0.0}
        return result_of(plan, storm.recorded, **figures)  # type: ignore[arg-type]

    yield run
    for wire in wires:
        wire.close()


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


@pytest.mark.parametrize(
    "serve,reason,error",
    [
        (
            refusing_file,
            "192.168.99.40 answered error 1 (file not found) 'no such file' for boot.efi",
            1,
        ),
        (silent_file, "192.168.99.40 did not answer the read request for boot.efi", None),
        (FileServer(announced=9), "192.168.99.40 announced 9 octets of boot.efi and sent 10240", None),
    ],
)
def test_why_a_file_was_not_read_is_told(fetch: Fetch, serve: Serve, reason: str, error: int | None) -> None:
    """By what the server has said, or by its silence."""
    result = fetch(from_server, serve)
    [failure] = result.rounds[0].failures
    assert (failure.reason, failure.nodes, failure.error) == (reason, 5, error)
    assert (result.bound, result.not_fetched, result.gave_up, result.unfinished) == (0, 5, 5, 0)


def test_a_boot_server_that_nobody_is(fetch: Fetch) -> None:
    """Its address is asked for by ARP, in vain."""

    def unresolved(wire: BootWire) -> None:
        wire.resolves = False

    result = fetch(from_server, FileServer(), prepare=unresolved)
    reasons = [failure.reason for failure in result.rounds[0].failures]
    assert reasons == ["no ARP reply for 192.168.99.40"]


def test_an_offer_without_a_file_boots_nothing(fetch: Fetch) -> None:
    """With the reason of firmware's rules."""

    def addresses_only(message: object) -> object:
        return list(beside_a_proxy(message))[-1:]  # type: ignore[arg-type]

    result = fetch(addresses_only, FileServer())
    [failure] = result.rounds[0].failures
    assert failure.reason.startswith("no boot file, and no option 60 PXEClient")


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
