"""Storms in which each node runs several clients, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import BOOT_STAGES, CLIENTS, EDK2_PXE_X86_64
from edgeboot.dhcp.clients.retransmission import AfterNak
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.stress.storm.round import MOST_ROUNDS, Round, rounds_named
from tests.unit.stress.storm.answering_wire import Answer, granting, hasty, own_address, reply_to
from tests.unit.stress.storm.conftest import RunStorm
from tests.unit.stress.storm.held import held_leases

DISCOVER, REQUEST = MessageType.DHCPDISCOVER, MessageType.DHCPREQUEST
THREE = tuple(Round(hasty(client=each)) for each in BOOT_STAGES)


def round_of(message: DhcpMessage) -> int:
    """The round of a message, by its xid."""
    return (message.xid >> 24) - 0x5A


def firmware_only(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that does not answer the second round."""
    return granting(message) if round_of(message) == 0 else ()


def shifting(shifts: tuple[int, ...]) -> Answer:
    """A server that gives an address so far from the node's own in each round."""

    def answer(message: DhcpMessage) -> Iterable[DhcpMessage]:
        address = IPv4Address(own_address(message)) + shifts[round_of(message)]
        offer = message.message_type is DISCOVER
        yield reply_to(message, MessageType.DHCPOFFER if offer else MessageType.DHCPACK, str(address))

    return answer


def test_each_round_has_the_options_of_its_client(run_storm: RunStorm) -> None:
    """Firmware sends no client identifier, iPXE its hardware address, the system a DUID."""
    result, wire = run_storm(granting, rounds=THREE)
    first = [message for message in wire.sent if message.chaddr.packed[-1] == 0]
    assert [round_of(message) for message in first] == [0, 0, 1, 1, 2, 2]
    identifiers = [message.options.get(Code.CLIENT_IDENTIFIER) for message in first[::2]]
    assert [each and each[0] for each in identifiers] == [None, 1, 255]
    clients = [(each.client, each.bound) for each in result.rounds]
    assert clients == [(each.name, 10) for each in BOOT_STAGES]


def test_a_node_is_ready_after_its_last_round(run_storm: RunStorm) -> None:
    """The same address in each round is no duplicate, and every message is counted."""
    result, _ = run_storm(granting, rounds=THREE)
    assert (result.bound, result.all_bound, result.addresses) == (10, True, 10)
    assert (result.counters.discovers, result.counters.acks) == (30, 30)
    assert result.completion[-1].nodes == 10
    assert result.to_ready is not None
    assert result.to_ack is not None
    assert result.to_ready.p50 > result.to_ack.p50


def test_a_round_counts_from_the_end_of_the_one_before(run_storm: RunStorm) -> None:
    """What a node has waited for in its rounds adds up to the time until it is ready."""
    rounds = tuple(Round(hasty(client=each, patient=True)) for each in BOOT_STAGES)
    result, _ = run_storm(granting, rounds=rounds)
    waited = [each.to_ack.mean for each in result.rounds if each.to_ack is not None]
    assert len(waited) == 3
    assert result.to_ready is not None
    assert result.to_ready.mean == pytest.approx(sum(waited))


def test_who_gives_up_in_a_round_begins_no_other(run_storm: RunStorm) -> None:
    """The figures say in which round it was, and a node that gave up has done so once."""
    result, wire = run_storm(firmware_only, rounds=THREE)
    ends = [(each.started, each.bound, each.gave_up) for each in result.rounds]
    assert ends == [(10, 10, 0), (10, 0, 10), (0, 0, 0)]
    assert (result.bound, result.gave_up, result.unfinished) == (0, 10, 0)
    assert {round_of(message) for message in wire.sent} == {0, 1}


def test_two_addresses_of_one_node_are_two_leases(run_storm: RunStorm, tmp_path: Path) -> None:
    """Both have to be released, each with the identifier of its client."""
    result, _ = run_storm(shifting((0, 0, 20)), rounds=THREE, nodes=2)
    assert (result.addresses, result.duplicates) == (4, ())
    held = held_leases(tmp_path / "leases", 3)
    expected = [(0, 0, 100), (0, 1, 100), (0, 2, 120), (1, 0, 101), (1, 1, 101), (1, 2, 121)]
    assert [(each.number, each.round, each.address.packed[-1]) for each in held] == expected


def test_an_address_that_another_node_gets_in_another_round_is_a_duplicate(run_storm: RunStorm) -> None:
    """The first one has it still."""
    result, _ = run_storm(shifting((0, 1)), rounds=THREE[:2], nodes=2)
    assert result.duplicates == (IPv4Address("192.168.99.101"),)


def test_a_client_that_collects_offers_asks_again_meanwhile(run_storm: RunStorm) -> None:
    """IPXE sends its second DHCPDISCOVER though it has an offer, and only then its DHCPREQUEST."""
    collecting = hasty(waits=True, client=CLIENTS["ipxe-x86-64"], collects=0.05)
    result, wire = run_storm(granting, rounds=(Round(collecting),), nodes=1)
    assert [message.message_type for message in wire.sent] == [DISCOVER, DISCOVER, REQUEST]
    assert result.all_bound
    assert (result.counters.unanswered_discovers, result.counters.other_offers) == (0, 1)


def test_a_client_that_collects_offers_waits_for_a_proxys_alone(run_storm: RunStorm) -> None:
    """IPXE takes the address at once when it has a ProxyDHCP's offer, too."""

    def beside_a_proxy(message: DhcpMessage) -> Iterable[DhcpMessage]:
        yield from granting(message)
        if message.message_type is DISCOVER:
            yield reply_to(message, MessageType.DHCPOFFER, str(UNSPECIFIED), IPv4Address("192.168.99.66"))

    collecting = hasty(waits=True, client=CLIENTS["ipxe-x86-64"], collects=0.05)
    result, wire = run_storm(beside_a_proxy, rounds=(Round(collecting),), nodes=1)
    assert [message.message_type for message in wire.sent] == [DISCOVER, REQUEST]
    assert result.all_bound


def test_a_client_that_ignores_a_nak_asks_until_its_patience_ends(run_storm: RunStorm) -> None:
    """As iPXE does."""

    def refusing(message: DhcpMessage) -> Iterable[DhcpMessage]:
        if message.message_type is DISCOVER:
            return granting(message)
        return [reply_to(message, MessageType.DHCPNAK, str(UNSPECIFIED))]

    result, _ = run_storm(refusing, rounds=(Round(hasty(after_nak=AfterNak.IGNORES_IT)),))
    assert (result.not_acknowledged, result.refused, result.counters.requests) == (10, 0, 20)
    assert (result.counters.naks, result.counters.unanswered_requests) == (20, 0)


def test_rounds_are_named_by_their_stages_or_their_clients() -> None:
    """``firmware`` is the client that ``--client`` names."""
    rounds = rounds_named("firmware, ipxe,dhclient", CLIENTS["edk2-pxe-arm64"])
    assert [each.client.name for each in rounds] == ["edk2-pxe-arm64", "ipxe-x86-64", "dhclient"]


@pytest.mark.parametrize(
    "names,told",
    [
        ("firmware,", "--rounds firmware,: has no such round: ''; choose from firmware, ipxe, system, edk2"),
        ("u-boot-arm64", "client u-boot-arm64: has a patience that is not known"),
        (",".join(["system"] * 17), f"--rounds: has 17 rounds; give {MOST_ROUNDS} at most"),
    ],
)
def test_rounds_that_cannot_be_are_refused(names: str, told: str) -> None:
    """One line says what, and what may be given instead."""
    with pytest.raises(UsageError, match=re.escape(told)):
        rounds_named(names, EDK2_PXE_X86_64)
