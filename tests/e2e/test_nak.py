"""What a refusal carries, and what it must not: the fields of a DHCPNAK (RFC 2131 table 3)."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.message import BROADCAST_FLAG, UNSPECIFIED
from edgeboot.dhcp.vocabulary import NAK_MAY_CARRY, SERVER_PORT, OptionCode
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.lease_lifecycle import reboot, reboot_behind
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.fixture
def nak(booted_node: EdgeNode, sentinel: EdgeNode) -> Reply:
    """The refusal to a node that asks for another's address."""
    return reboot(booted_node, sentinel.held.address).nak


@pytest.fixture
def relayed_refusal(
    first_boot: FirstBoot, booted_node: EdgeNode, sentinel: EdgeNode, contract: Contract
) -> Exchange:
    """The same refusal to a node behind a relay, which did not ask for a broadcast."""
    taken = sentinel.held.address
    return reboot_behind(first_boot.node, booted_node, taken, sentinel, contract.answer_time)


@pytest.mark.covers("RFC2131-table3-nak-addresses")
@pytest.mark.parametrize("field", ["ciaddr", "yiaddr", "siaddr"])
def test_refusal_names_no_address(field: str, nak: Reply, check: Check) -> None:
    """A node that read one there would take it for its own, or for its boot server's."""
    check.value(nak, field, getattr(nak.message, field), UNSPECIFIED)


@pytest.mark.ability("explains_refusals")
@pytest.mark.covers("RFC2131-table3-message")
def test_refusal_states_its_reason(nak: Reply, check: Check) -> None:
    """Option 56 shows an administrator the reason in a capture."""
    reason = nak.message.options.get(OptionCode.MESSAGE)
    text = (reason or b"").decode("ascii", "replace")
    told = f"option 56 from {nak.sender}: {text!r}" if text else f"no option 56 from {nak.sender}"
    is_readable = text.isascii() and text.isprintable() and text != ""
    check.that(is_readable, nak, "option 56", reason, "a reason in ASCII", told)


@pytest.mark.covers("RFC2131-table3-nak-carries-nothing-else")
def test_refusal_configures_nothing(nak: Reply, check: Check) -> None:
    """A DHCPNAK carries no lease, no mask and no boot file: a refused node must not configure any."""
    check.lacks(nak, frozenset(nak.message.options.codes) - NAK_MAY_CARRY)


@pytest.mark.covers("RFC2131-3.2-nak-relay")
def test_refusal_behind_a_relay_goes_to_the_relay(relayed_refusal: Exchange, check: Check) -> None:
    """The node is on another network: only its relay can reach it."""
    nak = relayed_refusal.nak
    to = (nak.datagram.destination, nak.datagram.destination_port)
    check.value(nak, "destination", to, (relayed_refusal.request.giaddr, SERVER_PORT))


@pytest.mark.covers("RFC2131-4.3.2-nak-broadcast-bit")
def test_refusal_behind_a_relay_is_to_be_broadcast(relayed_refusal: Exchange, check: Check) -> None:
    """The relay must not send it to the address that has just been refused."""
    nak = relayed_refusal.nak
    told = f"flags {nak.message.flags:#x} from {nak.sender}, expected the broadcast bit"
    check.that(nak.message.wants_broadcast, nak, "flags", nak.message.flags, BROADCAST_FLAG, told)
