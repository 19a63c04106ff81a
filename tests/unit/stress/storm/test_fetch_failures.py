"""Why a storm's nodes have no boot file: told once for all that suffer the same."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.host.wire.frame import Datagram
from edgeboot.node.boot.tftp_packets import Error, Packet, ReadRequest
from edgeboot.stress.storm.fetch_failures import FetchEnd
from edgeboot.stress.storm.round import Round
from tests.unit.stress.storm.answering_wire import hasty
from tests.unit.stress.storm.boot_wire import (
    BOOT_SERVER,
    BootWire,
    FileServer,
    Serve,
    beside_a_proxy,
    from_server,
    refusing_file,
    silent_file,
)
from tests.unit.stress.storm.conftest import Fetch

OTHER = IPv4Address("192.168.99.41")


def answering_from_another(wire: BootWire) -> None:
    """A boot server with two addresses, whose answers come from the one that was not asked."""
    wire.answers_from = OTHER


@pytest.mark.parametrize(
    "serve,reason,error,end",
    [
        (
            refusing_file,
            "192.168.99.40 answered error 1 (file not found) 'no such file' for boot.efi",
            1,
            FetchEnd.REFUSED,
        ),
        (silent_file, "192.168.99.40 did not answer the read request for boot.efi", None, FetchEnd.NO_ANSWER),
        (
            FileServer(announced=9),
            "192.168.99.40 announced 9 octets of boot.efi and sent 10240",
            None,
            FetchEnd.WRONG_SIZE,
        ),
    ],
)
def test_why_a_file_was_not_read_is_told(
    fetch: Fetch, serve: Serve, reason: str, error: int | None, end: FetchEnd
) -> None:
    """By what the server has said, or by its silence."""
    result = fetch(from_server, serve)
    [failure] = result.rounds[0].failures
    assert (failure.reason, failure.nodes, failure.error, failure.end) == (reason, 5, error, end)
    assert failure.server == BOOT_SERVER
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


def test_what_a_server_says_to_each_node_is_one_reason(fetch: Fetch) -> None:
    """dnsmasq says for whom it has not found a file, and may look in a directory of the node's own."""

    def missing(packet: Packet, datagram: Datagram) -> Iterable[Packet]:
        if isinstance(packet, ReadRequest):
            place = str(datagram.source_mac).replace(":", "-")
            yield Error(1, f"file /srv/{place}/boot.efi not found for {datagram.source}")

    [failure] = fetch(from_server, missing).rounds[0].failures
    assert "'file /srv/(the node)/boot.efi not found for (the node)'" in failure.reason
    assert failure.nodes == 5


def test_firmware_hears_no_answer_of_an_address_that_it_has_not_asked(fetch: Fetch) -> None:
    """EDK2's port is bound to the server's address: a boot server with two of them has to answer from it."""
    result = fetch(from_server, FileServer(), prepare=answering_from_another)
    [failure] = result.rounds[0].failures
    assert failure.reason.endswith("did not answer the read request for boot.efi, but 192.168.99.41 did")
    assert (failure.nodes, result.counters.strays) == (5, 10)


def test_ipxe_reads_from_who_answers_first(fetch: Fetch) -> None:
    """From then on it hears that address alone."""
    ipxe = Round(hasty(client=CLIENTS["ipxe-x86-64"]), fetches=True)
    result = fetch(from_server, FileServer(), rounds=(ipxe,), prepare=answering_from_another)
    assert result.rounds[0].fetched == 5
