"""What a node is told about its network, in the offer and again in the acknowledgement."""

from __future__ import annotations

import pytest

from edgeboot.contract import Contract
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.exchange import Reply

pytestmark = pytest.mark.e2e


def test_reply_gives_an_address_of_the_pool(reply: Reply, contract: Contract) -> None:
    """The address is one that the contract sets aside for edge nodes."""
    assert reply.address in contract.pool


@pytest.mark.parametrize("field", ["netmask", "broadcast_address", "routers", "server_identifier"])
def test_reply_describes_the_network(field: str, reply: Reply, contract: Contract) -> None:
    """Mask, broadcast address, router and server identifier are the contract's."""
    assert getattr(reply, field) == getattr(contract, field)


def test_reply_carries_only_options_the_contract_knows(reply: Reply, contract: Contract) -> None:
    """An option nobody stated could change what firmware does."""
    unknown = set(reply.message.options.codes) - contract.options
    assert not unknown, (
        f"not in the contract: {', '.join(map(option_name, sorted(unknown)))} from {reply.sender}"
    )


def test_reply_is_well_formed(reply: Reply) -> None:
    """Magic cookie, option lengths and END are as RFC 2131 section 3 has them."""
    assert reply.message.options.faults == ()


def test_ack_repeats_the_offer(offer: Reply, ack: Reply) -> None:
    """What the node was promised is what it gets: same address, same options, same header."""
    assert (ack.address, ack.next_server) == (offer.address, offer.next_server)
    promised = [option for option in offer.message.options if option.code != 53]
    given = [option for option in ack.message.options if option.code != 53]
    assert given == promised
