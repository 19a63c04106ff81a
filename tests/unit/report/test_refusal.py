"""Why a request was refused, where a line of dnsmasq.conf decides it."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Exchange
from edgeboot.report.refusal import refusal
from tests.unit.samples import config, exchange, message, reply


def refused(words: bytes) -> Exchange:
    """A DHCPNAK with this text."""
    nak = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPNAK)
    return exchange(reply(message(nak, option(Code.MESSAGE, words))))


@pytest.mark.parametrize(
    "text,cause",
    [
        ("port=0\ndhcp-lease-max=3\n", "dnsmasq.conf:2 dhcp-lease-max=3"),
        ("port=0\n", "dnsmasq.conf has no dhcp-lease-max line: dnsmasq then keeps 1000 leases"),
    ],
)
def test_full_lease_database_is_told_by_its_limit(text: str, cause: str) -> None:
    """The range has free addresses, and is not to blame."""
    finding = refusal(refused(b"no leases left"), config(text))
    assert finding is not None
    assert [str(each) for each in finding.causes] == [cause]


def test_other_refusals_have_no_such_cause() -> None:
    """A node that asks for another network's address is rightly refused."""
    assert refusal(refused(b"wrong network"), config("dhcp-lease-max=3\n")) is None
    assert refused(b"wrong network").received.endswith(", saying 'wrong network'")
