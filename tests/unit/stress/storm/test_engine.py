"""What a storm's nodes do with what a server says."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients.retransmission import AfterNak
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.stress.storm.round import Round
from tests.unit.stress.storm.answering_wire import (
    SERVER,
    SERVER_MAC,
    AnsweringWire,
    granting,
    hasty,
    own_address,
    reply_to,
)
from tests.unit.stress.storm.conftest import RunStorm
from tests.unit.stress.storm.held import held_leases

DISCOVER, OFFER = MessageType.DHCPDISCOVER, MessageType.DHCPOFFER
REQUEST, ACK, NAK = MessageType.DHCPREQUEST, MessageType.DHCPACK, MessageType.DHCPNAK


def nobody(_: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that says nothing."""
    return ()


def offers_only(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that forgets every DHCPREQUEST."""
    return granting(message) if message.message_type is DISCOVER else ()


def refusing(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that offers, and then refuses."""
    if message.message_type is DISCOVER:
        return granting(message)
    return [reply_to(message, NAK, str(UNSPECIFIED))]


def one_address_for_all(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that gives the same address to everybody."""
    return [reply_to(message, OFFER if message.message_type is DISCOVER else ACK, "192.168.99.100")]


def acknowledged_by_another(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A DHCPREQUEST is acknowledged by a server that was not asked."""
    if message.message_type is DISCOVER:
        return granting(message)
    return [reply_to(message, ACK, own_address(message), IPv4Address("192.168.99.66"))]


def late(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that refuses a DHCPREQUEST, so that the node gives up, and grants it then."""
    if message.message_type is REQUEST:
        yield reply_to(message, NAK, str(UNSPECIFIED))
    yield from granting(message)


def with_a_boot_servers(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A boot server's answer comes after the lease's, and names no address."""
    yield from granting(message)
    if message.message_type is REQUEST:
        yield reply_to(message, ACK, str(UNSPECIFIED), IPv4Address("192.168.99.40"))


def without_identifier(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """Offers without option 54."""
    return [reply_to(message, OFFER, own_address(message), None)]


def test_every_node_is_bound_by_a_server_that_answers(run_storm: RunStorm) -> None:
    """Ten nodes get ten addresses by two messages each."""
    result, wire = run_storm(granting)
    assert result.all_bound
    assert (result.addresses, result.counters.acks) == (10, 10)
    assert [message.message_type for message in wire.sent].count(REQUEST) == 10


def test_a_request_takes_what_was_offered(run_storm: RunStorm) -> None:
    """Address and server identifier of the DHCPREQUEST are those of the offer, for each node."""
    _, wire = run_storm(granting)
    requests = [message for message in wire.sent if message.message_type is REQUEST]
    for request in requests:
        assert request.options.get(Code.REQUESTED_IP_ADDRESS) == IPv4Address(own_address(request)).packed
        assert request.options.get(Code.SERVER_IDENTIFIER) == SERVER.packed


def test_leases_are_in_the_file_while_the_storm_runs(run_storm: RunStorm, tmp_path: Path) -> None:
    """What another process needs to release them is written with each offer that a node takes."""
    run_storm(granting, nodes=2)
    first, _ = held_leases(tmp_path / "leases")
    assert (first.address, first.server) == (IPv4Address("192.168.99.100"), SERVER)
    assert first.server_mac == SERVER_MAC


def test_a_lease_is_in_the_file_before_it_is_asked_for(run_storm: RunStorm, tmp_path: Path) -> None:
    """The server has it as soon as it reads the DHCPREQUEST, even if its DHCPACK is never seen."""
    run_storm(offers_only, nodes=2)
    assert [each.address.packed[-1] for each in held_leases(tmp_path / "leases")] == [100, 101]


def test_no_answer_time_is_negative(run_storm: RunStorm) -> None:
    """A reply has its kernel's time stamp before the call that sends the message returns."""
    result, _ = run_storm(granting)
    for times in (result.offer_answers, result.ack_answers):
        assert times is not None
        assert times.mean >= 0


@pytest.mark.parametrize(
    "answer,ended,sent",
    [
        pytest.param(nobody, "not_offered", {DISCOVER: 20}, id="silence"),
        pytest.param(offers_only, "not_acknowledged", {DISCOVER: 10, REQUEST: 20}, id="requests-forgotten"),
        pytest.param(refusing, "refused", {DISCOVER: 10, REQUEST: 10}, id="nak"),
        pytest.param(
            acknowledged_by_another, "not_acknowledged", {DISCOVER: 10, REQUEST: 20}, id="other-server"
        ),
        pytest.param(without_identifier, "not_offered", {DISCOVER: 20}, id="no-option-54"),
    ],
)
def test_firmware_gives_up_after_its_last_try(
    run_storm: RunStorm, answer: object, ended: str, sent: dict[MessageType, int]
) -> None:
    """Two tries of each message are this client's patience; each way to fail has its own figure."""
    result, wire = run_storm(answer)
    assert getattr(result, ended) == result.gave_up == 10
    assert result.unfinished == 0
    types = [message.message_type for message in wire.sent]
    assert {each: types.count(each) for each in set(types)} == sent


@pytest.mark.parametrize(
    "answer,wrong",
    [(late, 0), (with_a_boot_servers, 0), (acknowledged_by_another, 20)],
    ids=["late", "without-address", "other-server"],
)
def test_a_wrong_acknowledgement_is_of_something_else(
    run_storm: RunStorm, answer: object, wrong: int
) -> None:
    """Not one of what was asked for that comes too late, and not one that grants nothing."""
    result, _ = run_storm(answer)
    assert result.counters.wrong_acks == wrong


def test_a_client_that_begins_anew_after_a_nak_is_bound_by_the_second_try(run_storm: RunStorm) -> None:
    """RFC 2131 section 3.1 step 4: the process starts again."""
    refused: set[MacAddress] = set()

    def at_first_refusing(message: DhcpMessage) -> Iterable[DhcpMessage]:
        if message.message_type is REQUEST and message.chaddr not in refused:
            refused.add(message.chaddr)
            return [reply_to(message, NAK, str(UNSPECIFIED))]
        return granting(message)

    result, _ = run_storm(at_first_refusing, rounds=(Round(hasty(after_nak=AfterNak.BEGINS_ANEW)),))
    assert result.all_bound
    assert result.counters.naks == 10


def test_an_offer_without_an_address_is_a_proxys(run_storm: RunStorm) -> None:
    """It comes first, and every node takes the address of the other server all the same."""

    def beside_a_proxy(message: DhcpMessage) -> Iterable[DhcpMessage]:
        if message.message_type is DISCOVER:
            yield reply_to(message, OFFER, str(UNSPECIFIED), IPv4Address("192.168.99.66"))
        yield from granting(message)

    result, _ = run_storm(beside_a_proxy)
    assert result.all_bound
    assert (result.counters.proxy_offers, result.counters.offers) == (10, 10)


def test_two_nodes_with_one_address_are_no_success(run_storm: RunStorm) -> None:
    """Every node is bound, and the storm has failed."""
    result, _ = run_storm(one_address_for_all)
    assert result.bound == 10
    assert result.duplicates == (IPv4Address("192.168.99.100"),)
    assert not result.all_bound


def test_a_client_that_waits_for_other_offers_takes_the_first(run_storm: RunStorm) -> None:
    """EDK2 sends its DHCPREQUEST when its first wait is over, even if the offer came at once."""
    result, wire = run_storm(granting, rounds=(Round(hasty(waits=True)),))
    types = [message.message_type for message in wire.sent]
    assert types == [DISCOVER] * 10 + [REQUEST] * 10
    assert result.all_bound
    assert result.to_ack is not None
    assert result.to_ack.p50 > 0.02 - 0.001


def test_offers_of_one_address_to_several_nodes_are_counted(run_storm: RunStorm) -> None:
    """A server that reserves nothing when it offers makes nodes lose their DHCPREQUEST."""
    result, _ = run_storm(one_address_for_all)
    assert result.offer_collisions == 10


def test_a_storm_ends_when_its_time_is_over(run_storm: RunStorm) -> None:
    """Nodes that still ask then are told as such, not as having given up."""
    result, _ = run_storm(nobody, within=timedelta(milliseconds=1))
    assert (result.unfinished, result.gave_up) == (result.started, 0)


def test_replies_to_others_are_not_a_storms(run_storm: RunStorm) -> None:
    """Another machine's transaction or address is passed over."""

    def for_others(message: DhcpMessage) -> Iterable[DhcpMessage]:
        for xid, mac in ((message.xid ^ 0xFF << 24, message.chaddr), (message.xid, MacAddress(b"\x02" * 6))):
            other = DhcpMessage(message.op, xid, mac)
            yield reply_to(other, OFFER, "192.168.99.100")

    result, _ = run_storm(for_others)
    assert result.counters.offers == 0


def test_the_result_is_json(run_storm: RunStorm) -> None:
    """Addresses are texts there, and percentiles objects."""
    result, _ = run_storm(one_address_for_all)
    data = result.to_json()
    assert data["duplicates"] == ["192.168.99.100"]
    assert re.fullmatch("[a-z0-9, ]+", ", ".join(data["to_ack"]))


def test_a_frame_that_cannot_be_sent_is_lost_here(
    run_storm: RunStorm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue of a port is full: the node asks again, and the figures are not valid."""
    refused: list[bytes | bytearray] = []
    send = AnsweringWire.send

    def full_at_first(wire: AnsweringWire, frame: bytes | bytearray) -> int:
        if not refused:
            refused.append(frame)
            raise OSError(errno.ENOBUFS, "No buffer space available")
        return send(wire, frame)

    monkeypatch.setattr(AnsweringWire, "send", full_at_first)
    result, _ = run_storm(granting)
    assert result.all_bound
    assert (result.counters.unsent, result.lost_here) == (1, 1)
