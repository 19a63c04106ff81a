"""A failure shows the server's log about its own messages, and about no earlier ones."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.wire.frame import Frame
from edgeboot.node.exchange import Exchange
from edgeboot.report.log_excerpt import log_excerpt
from edgeboot.server.log import ServerLog
from tests.unit.samples import NODE, SENT_AT, exchange

MAC: Final = NODE.mac


def asked(xid: int, node: EdgeNodeIdentity = NODE) -> Exchange:
    """An unanswered DHCPDISCOVER of the node, sent at ``SENT_AT``."""
    return exchange(request=node.discover(xid))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> ServerLog:
    """Of two transactions of one node; each line arrives a millisecond after the last."""
    times = (SENT_AT + number / 1000 for number in range(100))
    monkeypatch.setattr("edgeboot.server.log.time.time", lambda: next(times))
    log = ServerLog()
    log.add(f"dnsmasq-dhcp: 8 DHCPDISCOVER(ens3) {MAC}")
    log.add(f"dnsmasq-dhcp: 8 DHCPOFFER(ens3) 192.168.99.100 {MAC}")
    log.add(f"dnsmasq-dhcp: 4711 DHCPDISCOVER(ens3) {MAC}")
    log.add("dnsmasq-dhcp: 4711 tags: ens3")
    log.add("dnsmasq-dhcp: 4711 sent size:  4 option:  1 netmask  255.255.255.0")
    return log


def words(excerpt: str) -> list[str]:
    """The lines without their times."""
    return [line.partition("dnsmasq-dhcp: ")[2] or line for line in excerpt.splitlines()]


def test_excerpt_has_the_lines_of_its_own_transaction(log: ServerLog) -> None:
    """A known machine has asked before; options are in the table of the exchange."""
    excerpt = log_excerpt(log, [asked(4711)], [asked(8)], since=0)
    assert words(excerpt) == [f"4711 DHCPDISCOVER(ens3) {MAC}", "4711 tags: ens3"]


def test_transaction_without_a_line_is_told(log: ServerLog) -> None:
    """It shows that the server has heard nothing, which another transaction's lines would hide."""
    unheard = asked(0xFFFFFFFF)
    excerpt = log_excerpt(log, [unheard], [asked(8), asked(4711)], since=0)
    assert words(excerpt) == [f"(no line about {unheard.summary})"]


def test_message_without_an_exchange_is_found_by_its_client(log: ServerLog) -> None:
    """A DHCPRELEASE is not answered; of earlier lines of the client none is shown."""
    began = log.end
    log.add(f"dnsmasq-dhcp: 77 DHCPRELEASE(ens3) 192.168.99.100 {MAC}")
    excerpt = log_excerpt(log, [asked(4711)], [asked(8)], since=began)
    assert words(excerpt)[2:] == [f"77 DHCPRELEASE(ens3) 192.168.99.100 {MAC}"]


def test_lines_before_the_message_was_sent_are_not_its_own(log: ServerLog) -> None:
    """An xid that an earlier transaction had, too."""
    later = asked(8)
    later = Exchange(later.request, Frame(b"", SENT_AT + 60, sent=True), (), later.waited)
    assert words(log_excerpt(log, [later], [], since=log.end)) == [f"(no line about {later.summary})"]


def test_test_without_messages_has_no_lines(log: ServerLog) -> None:
    """Such as one of the manifests."""
    assert log_excerpt(log, [], [], since=0) == "(nothing)"
