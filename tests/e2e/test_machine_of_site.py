"""A site's own machine is switched on, and gets what it needs to boot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.host.wire.port import Port
from edgeboot.labs.protocol import Lab
from edgeboot.machines.inventory import MachineEntry
from edgeboot.machines.protocol import Machine
from edgeboot.machines.starting import start_from_network, told_of
from edgeboot.node.overheard import overheard
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract

pytestmark = [pytest.mark.e2e, pytest.mark.machine, pytest.mark.timeout(1800)]


@pytest.fixture
def listener(lab: Lab) -> Iterator[Port]:
    """A port that hears what machines say to everybody."""
    port = lab.open_port(EdgeNodeIdentity.numbered(1, 0x4C4E).mac)
    yield port
    lab.close_port(port)


@pytest.mark.address_server
def test_a_machine_of_the_site_takes_the_offer(
    site_machine: Machine,
    machine_entry: MachineEntry,
    listener: Port,
    dhcp_server: DhcpServer,
    contract: Contract,
    check: Check,
) -> None:
    """Real hardware asks, takes the server's offer, and has an address to boot with."""
    since = dhcp_server.log.end
    start_from_network(site_machine)
    within, who = machine_entry.starts_within, f"machine {site_machine.name} ({site_machine.mac})"
    discover = overheard(listener, site_machine.mac, MessageType.DHCPDISCOVER, within)
    told = f"{who} was started, and sent no DHCPDISCOVER within {within}; {told_of(site_machine)}"
    check.that(discover is not None, None, "machine", "nothing", MessageType.DHCPDISCOVER.name, told)
    request = overheard(listener, site_machine.mac, MessageType.DHCPREQUEST, Wait.FIRMWARE_START)
    told = f"{who} sent a DHCPDISCOVER, and took no offer"
    check.that(request is not None, None, "machine", "nothing", MessageType.DHCPREQUEST.name, told)
    taken = None if request is None else request.options.get(OptionCode.SERVER_IDENTIFIER)
    check.value(None, "server_identifier", taken, contract.server_identifier.packed)
    dhcp_server.log.wait_for_message(MessageType.DHCPACK, site_machine.mac, since=since)
