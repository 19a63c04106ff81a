"""What has changed from one probe to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Reply
from edgeboot.report.probe import ServerVerdict, verdicts
from edgeboot.report.probe_changes import changes
from tests.unit.samples import CONTRACT, OFFER, exchange, message, promised, reply

GOOD: Final = reply(promised(CONTRACT))
OTHER: Final = reply(promised(CONTRACT), mac=MacAddress.parse("52:54:00:00:00:02"))
MOVED: Final = reply(replace(promised(CONTRACT), yiaddr=CONTRACT.pool.last))
SHORT, LONG = (reply(message(OFFER, option(Code.IP_ADDRESS_LEASE_TIME, each, size=4))) for each in (60, 90))
WHO: Final = "192.168.99.10 (52:54:00:12:34:56)"


def answers(*replies: Reply) -> list[ServerVerdict]:
    """The verdicts on these replies."""
    return verdicts(exchange(*replies))


@pytest.mark.parametrize(
    "before,after,lines",
    [
        ((GOOD,), (GOOD,), []),
        ((GOOD, OTHER), (OTHER, GOOD), []),
        ((GOOD, OTHER), (OTHER,), [f"{WHO} no longer answers"]),
        ((SHORT,), (LONG,), [f"{WHO}: ip-address-lease-time (51) was 0:01:00, is 0:01:30"]),
        (
            (GOOD,),
            (MOVED,),
            [f"{WHO}: address was {CONTRACT.pool.first}, is {CONTRACT.pool.last}"],
        ),
        (
            (),
            (GOOD,),
            [f"{WHO} answers: DHCPOFFER of 192.168.99.100, would boot tftp://192.168.99.40/signed_ipxe.efi"],
        ),
        ((GOOD, SHORT), (GOOD,), [f"{WHO}, answer 2 no longer answers"]),
    ],
)
def test_line_is_a_server_that_came_or_went_or_a_value(
    before: tuple[Reply, ...], after: tuple[Reply, ...], lines: list[str]
) -> None:
    """The order and times of answers change with every probe, and are none."""
    assert list(changes(answers(*before), answers(*after))) == lines
