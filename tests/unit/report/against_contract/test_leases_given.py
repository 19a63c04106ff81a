"""DHCPACKs against a contract, also of clients whose DHCPDISCOVER the capture lacks."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report.against_contract.leases_given import wrong_leases
from edgeboot.report.machine_boot.traffic import MachineTraffic
from edgeboot.spec.contract.advisory_terms import Advisories, AdvisoryLevel
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.unit.report.captured import from_node, from_server
from tests.unit.samples import CONTRACT, NODE, SERVER, XID, message

ACK: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
NAMES: Final = option(Code.DOMAIN_NAME_SERVER, SERVER)
STRICT: Final = CONTRACT.model_copy(
    update={"advisories": Advisories(no_domain_name_server=AdvisoryLevel.ERROR)}
)
PROXY: Final = load_contract(contract_path("proxydhcp"))
ROUTER: Final = option(Code.ROUTER, PROXY.routers[0])


def found(contract: Contract, *options: DhcpOption, server: IPv4Address = SERVER) -> list[str]:
    """What is found in a DHCPACK of a DHCPREQUEST that asks for option 6."""
    asked = from_node(NODE.select(XID, IPv4Address("192.168.99.100"), server), 0.0)
    given = from_server(message(ACK, option(Code.SERVER_IDENTIFIER, server), *options), 0.1)
    return [each.field for each in wrong_leases(MachineTraffic(NODE.mac, (asked, given)), contract)]


def test_lease_without_a_name_server_is_found_where_that_is_an_error() -> None:
    """What the node loads cannot resolve names."""
    assert found(STRICT) == ["no_domain_name_server"]


@pytest.mark.parametrize(
    "contract, options",
    [
        pytest.param(STRICT, (NAMES,), id="one is given"),
        pytest.param(CONTRACT, (), id="an advisory alone"),
        pytest.param(STRICT.model_copy(update={"routers": ()}), (), id="isolated network"),
    ],
)
def test_lease_that_is_right_has_no_finding(contract: Contract, options: tuple[DhcpOption, ...]) -> None:
    """By its own contract."""
    assert found(contract, *options) == []


def test_other_router_of_the_server_beside_a_proxy_is_found() -> None:
    """Nodes reach nothing beyond the segment."""
    wrong = option(Code.ROUTER, PROXY.server_identifier)
    assert found(PROXY, wrong, server=PROXY.address_server) == ["routers"]


@pytest.mark.parametrize("options", [(ROUTER,), ()], ids=["the contract's", "none asked for"])
def test_right_router_beside_a_proxy_is_not_found(options: tuple[DhcpOption, ...]) -> None:
    """Its client may have classless routes in place of it."""
    assert found(PROXY, *options, server=PROXY.address_server) == []
