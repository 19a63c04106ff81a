"""Real firmware meets what happens at a site: a server that restarts, a pulled cable, power cuts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract, Role
from fixtures.watched_machine import NewWatched

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.own_segment,
    pytest.mark.boot_file,
    pytest.mark.default_client("edk2-pxe-x86-64", "edk2-http-x86-64"),
    pytest.mark.timeout(300),
]
OUTAGE = timedelta(seconds=10)
CROWD = 4


@pytest.mark.restart
def test_machine_boots_from_a_server_that_was_killed_meanwhile(
    watched_machine: MachineWatch, dhcp_server: DhcpServer, contract: Contract, check: Check
) -> None:
    """Firmware asks again 4, 8 and 16 s later: a server that is back by then loses nobody."""
    watched_machine.power_on()
    check.reaches(watched_machine, BootStage.DISCOVER)
    dhcp_server.kill()
    dhcp_server.restart()
    check.reaches(watched_machine, BootStage.STARTED, asks_4011=contract.role is Role.PROXY)


def test_machine_boots_though_its_cable_was_unplugged_for_ten_seconds(
    watched_machine: MachineWatch, contract: Contract, check: Check
) -> None:
    """A switch port that goes down in mid-boot costs time, not the boot."""
    watched_machine.power_on()
    check.reaches(watched_machine, BootStage.DISCOVER)
    watched_machine.unplug_for(OUTAGE)
    check.reaches(watched_machine, BootStage.STARTED, asks_4011=contract.role is Role.PROXY)


@pytest.mark.address_server
def test_power_cut_before_the_request_costs_no_second_address(
    watched_machine: MachineWatch, check: Check
) -> None:
    """The address that was offered to the machine is its own when it comes back."""
    watched_machine.power_on()
    offered = check.is_offered(watched_machine)
    watched_machine.machine.power_off()
    watched_machine.power_on()
    check.reaches(watched_machine, BootStage.ACK)
    check.value(None, "address", watched_machine.watched.traffic.address, offered)


def test_machines_that_start_at_once_all_boot(
    own_machine: NewWatched, contract: Contract, check: Check
) -> None:
    """A rack that comes back after a power cut."""
    rack = [own_machine(name=f"rack{number}") for number in range(1, CROWD + 1)]
    for each in rack:
        each.power_on()
    for each in rack:
        check.reaches(each, BootStage.STARTED, asks_4011=contract.role is Role.PROXY)
    addresses = {each.watched.traffic.address for each in rack}
    check.value(None, "address", len(addresses), CROWD)
