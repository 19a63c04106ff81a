"""What a refusal carries, and what it must not: the fields of a DHCPNAK (RFC 2131 table 3)."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.relay import relayed
from edgeboot.dhcp.vocabulary import SERVER_PORT, OptionCode, option_name
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.spec.contract.contract import Contract
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]

MAY_CARRY: Final = {
    OptionCode.DHCP_MESSAGE_TYPE,
    OptionCode.SERVER_IDENTIFIER,
    OptionCode.MESSAGE,
    OptionCode.CLIENT_IDENTIFIER,
    OptionCode.VENDOR_CLASS_IDENTIFIER,
    OptionCode.RELAY_AGENT_INFORMATION,
}


@pytest.fixture
def nak(booted_node: EdgeNode, sentinel: EdgeNode) -> Reply:
    """The refusal to a node that asks for another's address."""
    message = booted_node.identity.reboot(booted_node.new_xid(), sentinel.held.address)
    return booted_node.exchange(message).nak


@pytest.fixture
def relayed_refusal(
    first_boot: FirstBoot, booted_node: EdgeNode, sentinel: EdgeNode, contract: Contract
) -> Exchange:
    """The same refusal to a node behind a relay, which did not ask for a broadcast."""
    message = booted_node.identity.reboot(booted_node.new_xid(), sentinel.held.address)
    relay = first_boot.node
    answered = contract.answer_time
    return relay.relay(relayed(message, relay.held.address), sentinel, answer_within=answered)


@pytest.mark.covers("RFC2131-table3-nak-addresses")
@pytest.mark.parametrize("field", ["ciaddr", "yiaddr", "siaddr"])
def test_refusal_names_no_address(field: str, nak: Reply) -> None:
    """A node that read one there would take it for its own, or for its boot server's."""
    received = getattr(nak.message, field)
    assert received == UNSPECIFIED, f"{field}: expected {UNSPECIFIED}, received {received} from {nak.sender}"


@pytest.mark.ability("explains_refusals")
@pytest.mark.covers("RFC2131-table3-message")
def test_refusal_states_its_reason(nak: Reply) -> None:
    """Option 56 shows an administrator the reason in a capture."""
    reason = nak.message.options.get(OptionCode.MESSAGE)
    assert reason, f"no option 56 from {nak.sender}"
    assert reason.decode("ascii").isprintable()


@pytest.mark.covers("RFC2131-table3-nak-carries-nothing-else")
def test_refusal_configures_nothing(nak: Reply) -> None:
    """A DHCPNAK carries no lease, no mask and no boot file: a refused node must not configure any."""
    unexpected = ", ".join(option_name(code) for code in nak.message.options.codes if code not in MAY_CARRY)
    assert not unexpected, f"a DHCPNAK with {unexpected} from {nak.sender}"


@pytest.mark.covers("RFC2131-3.2-nak-relay")
def test_refusal_behind_a_relay_goes_to_the_relay(relayed_refusal: Exchange, first_boot: FirstBoot) -> None:
    """The node is on another network: only its relay can reach it."""
    datagram = relayed_refusal.nak.datagram
    relay = first_boot.node.held.address
    assert (datagram.destination, datagram.destination_port) == (relay, SERVER_PORT)


@pytest.mark.covers("RFC2131-4.3.2-nak-broadcast-bit")
def test_refusal_behind_a_relay_is_to_be_broadcast(relayed_refusal: Exchange) -> None:
    """The relay must not send it to the address that has just been refused."""
    nak = relayed_refusal.nak
    assert nak.message.wants_broadcast, f"flags {nak.message.flags:#x} from {nak.sender}"
