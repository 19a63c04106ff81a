"""For how long an address is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import pytest

from edgeboot.dhcp.vocabulary import INFINITE_LEASE
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check
from edgeboot.server.dnsmasq.leases import recorded_time
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

ASKED: Final[Mapping[str, Callable[[Contract], timedelta]]] = {
    "a second": lambda _: timedelta(seconds=1),
    "the least": lambda contract: contract.minimum_lease_time,
    "less than the most": lambda contract: contract.shorter_lease_time,
    "more than the most": lambda contract: min(2 * contract.lease_time, INFINITE_LEASE),
}
"""Lease times to ask for, by the contract."""
SECOND: Final = timedelta(seconds=1)

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.triage
@pytest.mark.covers(
    "RFC2131-table3-lease-time",
    "RFC2131-4.3.1-lease-default",
    "RFC2131-3.3-seconds",
    "RFC2131-4.4.5-t1-before-t2",
    "RFC2131-4.4.5-defaults",
    "RFC2132-9.2-lease-time",
    "RFC2132-9.11-renewal-time",
    "RFC2132-9.12-rebinding-time",
)
@pytest.mark.parametrize("field", ["lease_time", "renewal_time", "rebinding_time"])
def test_reply_states_the_times_of_the_lease(
    field: str, reply: Reply, contract: Contract, check: Check
) -> None:
    """Lease time, T1 and T2 are the contract's, where it has the latter sent (RFC 2131 section 4.4.5)."""
    if field == "lease_time" or contract.sends_renewal_times:
        check(reply, field)
    else:
        check(reply, field, None)


@pytest.mark.covers("RFC2131-4.3.1-lease-asked", "RFC2132-9.2-lease-time", "dnsmasq-two-minutes")
@pytest.mark.parametrize(
    "asked",
    [*ASKED, pytest.param("infinite", marks=pytest.mark.covers("RFC2131-3.3-infinity"))],
    ids="{} asked".format,
)
def test_node_may_ask_for_less_but_not_for_more(
    asked: str, booted_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """A lease time asked for is granted between the contract's least and most."""
    wanted = INFINITE_LEASE if asked == "infinite" else ASKED[asked](contract)
    offer = booted_node.discover(lease_time=wanted).offer
    granted = contract.granted_lease_time(wanted)
    told = f"{offer.sender} grants {offer.lease_time} to one that asks for {wanted}, expected {granted}"
    check.value(offer, "lease_time", offer.lease_time, granted, told)


@pytest.mark.ability("renewal_times")
@pytest.mark.covers("RFC2131-4.4.5-defaults", "RFC2131-4.4.5-t1-before-t2")
def test_times_follow_a_shorter_lease(booted_node: EdgeNode, contract: Contract, check: Check) -> None:
    """T1 and T2 keep their share of a lease time the node asked for, or a time that is set for any lease."""
    asked = contract.shorter_lease_time
    offer, share = booted_node.discover(lease_time=asked).offer, asked / contract.lease_time
    stated = [contract.renewal_time, contract.rebinding_time]
    received = [offer.renewal_time, offer.rebinding_time]
    # Both sides are in whole seconds, rounded before and after the share is taken.
    fits = [
        time is not None and (abs(time - whole * share) < SECOND or (time == whole and is_set))
        for time, whole, is_set in zip(received, stated, contract.sets_renewal_times, strict=True)
    ]
    told = f"T1 {received[0]} and T2 {received[1]} of a lease of {asked} from {offer.sender}"
    field = "rebinding_time" if fits[0] else "renewal_time"
    check.that(all(fits), offer, field, received[fits[0]], stated[fits[0]] * share, told)


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-3.3-not-shorter", "RFC2131-3.1-commits")
def test_server_records_the_lease_for_its_time(
    new_edge_node: NewEdgeNode, dhcp_server: DhcpServer, contract: Contract, check: Check
) -> None:
    """The lease database records the address for the lease time that the node received."""
    node = new_edge_node()
    node.boot()
    left = recorded_time(dhcp_server, node.held.address)
    told = f"{node.held.address} is recorded for {left} from now, granted for {contract.lease_time}"
    is_whole = abs(left - contract.lease_time) < timedelta(seconds=5)
    check.that(is_whole, dhcp_server, "lease_database", left, contract.lease_time, told)
