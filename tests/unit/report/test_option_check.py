"""Options in a reply against the values that the contract states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.report.option_check import option_deviations
from tests.unit.samples import CONTRACT, config, promised, reply
from tests.unit.spec.test_contract import contract

OPTIONS: dict[str, Any] = {
    "allowed": sorted(CONTRACT.options.allowed),
    "dns-server": "192.168.99.1",
    "mtu": 1450,
    "for": {"windows": {"wpad": "http://a/b"}},
}
STATED = contract(options=OPTIONS)
CONFIG = config("dhcp-option=6,192.168.99.2\n")


def findings(client: str, asked: tuple[int, ...], *sent: tuple[int, bytes]) -> list[str]:
    """What is wrong with a reply that carries these options."""
    kept = promised(CONTRACT)
    more = replace(kept, options=Options((*kept.options, *(DhcpOption(*each) for each in sent))))
    message = reply(more)
    return [str(each) for each in option_deviations(CLIENTS[client], message, asked, STATED, CONFIG)]


def test_stated_values_that_are_asked_for_are_compared() -> None:
    """Each that differs is told, with both values, the sender and the line."""
    wrong = findings("dhclient", (6, 26), (6, bytes([192, 168, 99, 2])))
    assert wrong[0] == (
        "option domain-name-server (6): expected 192.168.99.1, received 192.168.99.2 from 192.168.99.10 "
        "(52:54:00:12:34:56); likely cause: dnsmasq.conf:1 dhcp-option=6,192.168.99.2"
    )
    assert wrong[1].startswith("option interface-mtu (26): expected 1450, received nothing from ")


def test_option_that_is_not_asked_for_may_be_absent_but_not_wrong() -> None:
    """dnsmasq sends what is forced to every client."""
    right = (6, bytes([192, 168, 99, 1]))
    assert findings("dhclient", (), right) == []
    assert len(findings("dhclient", (), right, (26, b"\5\xdc"))) == 1


def test_option_of_another_client_is_not_to_be_sent() -> None:
    """The client that it is stated for must have it."""
    sent = (252, b"http://a/b")
    assert findings("windows", (252,), sent) == []
    [wrong] = findings("dhclient", (252,), sent)
    assert "(252): dhclient is sent it by 192.168.99.10" in wrong
    assert "and the contract states it for windows only" in wrong


def test_unnamed_client_of_the_same_vendor_class_may_be_sent_it_too() -> None:
    """A server that goes by option 60 cannot tell Windows PE from Windows."""
    assert findings("windows-pe", (252,), (252, b"http://a/b")) == []
