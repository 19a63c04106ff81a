"""What a probe's answers differ in from a contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.relay import relayed
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Exchange
from edgeboot.report.findings import Finding
from edgeboot.report.probe import verdicts
from edgeboot.report.probe_contract import differences
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.option_terms import OptionTerms
from edgeboot.spec.contract.relayed import RelayedNetwork
from tests.unit.samples import CONTRACT, NODE, XID, exchange, promised, reply

GOOD: Final = promised(CONTRACT)
STRANGER: Final = CONTRACT.model_copy(update={"server_identifier": IPv4Address("192.168.99.30")})


def found(asked: Exchange, contract: object = CONTRACT) -> tuple[Finding, ...]:
    """The findings of a probe."""
    assert isinstance(contract, type(CONTRACT))
    return differences(verdicts(asked), asked, contract)


def fields(asked: Exchange, contract: object = CONTRACT) -> list[str]:
    """The fields of the findings."""
    return [finding.field for finding in found(asked, contract)]


def test_good_server_differs_in_nothing() -> None:
    """Neither in its offer nor in what would boot."""
    assert found(exchange(reply(GOOD))) == ()


def test_difference_names_no_line_of_a_configuration() -> None:
    """None is known."""
    [first, *_] = found(exchange(reply(replace(GOOD, siaddr=IPv4Address("192.168.99.41")))))
    assert (first.field, first.causes) == ("next_server", ())


def test_other_boot_file_is_what_the_client_would_boot() -> None:
    """As the contract's table of clients has it."""
    assert "boots" in fields(exchange(reply(replace(GOOD, siaddr=IPv4Address("192.168.99.41")))))


def test_server_that_the_contract_does_not_know_is_named() -> None:
    """And the one that it knows does not answer."""
    stranger, missing = found(exchange(reply(GOOD)), STRANGER)
    assert str(stranger).endswith("answers with a DHCPOFFER, and the contract has only 192.168.99.30")
    assert "192.168.99.30 does not answer" in str(missing) or missing.field == "answer"


def test_silence_is_a_difference() -> None:
    """The contract's server is down, or does not reach the segment."""
    assert [str(each) for each in found(exchange())] == ["192.168.99.10 does not answer, received nothing"]


def test_late_offer_is_a_difference() -> None:
    """Firmware has asked again by then."""
    late = CONTRACT.first_answer_time + timedelta(seconds=1)
    [finding] = found(exchange(reply(GOOD, after=late.total_seconds())))
    assert (finding.field, finding.received) == ("first_answer_time", late)


@pytest.mark.parametrize(
    "giaddr,expected", [("192.168.99.1", []), ("198.51.100.1", ["answer"])], ids=["served", "not served"]
)
def test_relay_is_answered_as_the_contract_says(giaddr: str, expected: list[str]) -> None:
    """A relay of another network is not answered."""
    request = relayed(NODE.discover(XID), IPv4Address(giaddr))
    assert fields(exchange(reply(GOOD), request=request)) == expected


def stating(**values: object) -> Contract:
    """The example contract with these values of options."""
    allowed = [*CONTRACT.options.codes, 121]
    options = OptionTerms.model_validate({"allowed": allowed, **values})
    return CONTRACT.model_copy(update={"options": options})


def test_value_of_an_option_is_compared() -> None:
    """An option that is requested and stated; one that the client does not ask for may be absent."""
    dns = IPv4Address("192.168.99.1")
    [finding] = found(exchange(reply(GOOD)), stating(**{"6": str(dns), "26": 1450}))
    assert (finding.field, finding.expected, finding.received) == (
        "option domain-name-server (6)",
        (dns,),
        None,
    )


def test_routes_of_the_client_are_compared() -> None:
    """Those that it has of what it asks for."""
    asked = NODE.as_client(replace(CLIENTS["edk2-pxe-x86-64"], parameters=(1, 3, 33, 121))).discover(XID)
    routes = option(Code.CLASSLESS_STATIC_ROUTE, b"\x18\x0a\x63\x00\xc0\xa8\x63\x0a")
    offer = reply(replace(GOOD, options=Options((*GOOD.options, routes))))
    terms = stating(**{"33": ["10.98.0.7 via 192.168.99.10"]})
    assert fields(exchange(offer, request=asked), terms) == [
        "option static-route (33)",
        "static_routes",
        "default_route",
    ]


def test_relayed_network_has_terms_of_its_own() -> None:
    """Its pool and router, and neither those of the segment nor what the segment boots."""
    other = RelayedNetwork.model_validate({"network": "198.51.100.0/24", "routers": ["198.51.100.1"]})
    served = CONTRACT.model_copy(update={"relayed": (other,)})
    request = relayed(NODE.discover(XID), IPv4Address("198.51.100.1"))
    assert fields(exchange(reply(GOOD), request=request), served) == ["address", "routers"]
