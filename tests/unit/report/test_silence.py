"""The finding about an unanswered message."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.report.silence import silence
from edgeboot.server.log import LogLine
from edgeboot.spec.manifests.deployment import load_deployment
from tests.unit.samples import CONTRACT, exchange

CONFIG: Final = load_deployment("poc").config
LINES: Final = [
    LogLine(0, "dnsmasq-dhcp: 168496141 DHCPDISCOVER(ens3) 02:eb:00:00:00:01"),
    LogLine(1, "dnsmasq-dhcp: 168496141 no address available"),
    LogLine(2, "dnsmasq-dhcp: 168496141 requested options: 1:netmask"),
    LogLine(3, "dnsmasq-dhcp: 168496141 sent size:  4 option:  1 netmask"),
]


@pytest.mark.parametrize(
    "log,logged",
    [
        ([], "the server never saw DHCPDISCOVER xid "),
        (LINES[:1], "and said 'dnsmasq-dhcp: 168496141 DHCPDISCOVER(ens3) 02:eb:00:00:00:01'; likely"),
        (LINES, "and said 'dnsmasq-dhcp: 168496141 no address available'; likely cause: "),
    ],
    ids=["unseen", "seen", "refused"],
)
def test_silence_is_explained_by_the_log(log: list[LogLine], logged: str) -> None:
    """Not seen, seen and unanswered, or refused: three different causes."""
    line = 5 if not log else 4
    text = str(silence(exchange(), log, CONFIG))
    assert logged in text
    assert f"dnsmasq.conf:{line} " in text


def test_message_that_did_not_arrive_is_the_segment_s_cause() -> None:
    """No line of the server's configuration can have lost it."""
    finding = silence(exchange(), [], CONFIG, arrived=False)
    assert finding.cause is not None
    assert (finding.field, finding.cause.file) == ("answer", None)
    assert "never came to the server's port; likely cause: a bridge port that does not" in str(finding)


def test_exhausted_pool_is_the_likeliest_cause() -> None:
    """The range it comes from is named beside it."""
    finding = silence(exchange(), LINES, CONFIG, CONTRACT.pool.addresses)
    assert str(finding.cause) == "pool exhausted: 101 of 101 leased"
    assert finding.causes[1].line == 4
