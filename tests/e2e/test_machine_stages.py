"""Machines with real firmware boot from the server: each stage seen on the wire, in logs, on the console."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.labs.hosts.boot_file_server import BootFileServer
from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.loop import loop_in
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.spec.contract.contract import Contract, Role

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.boot_file,
    pytest.mark.default_client("edk2-pxe-x86-64", "edk2-http-x86-64"),
    pytest.mark.timeout(300),
]
IPXE = "ipxe-x86-64"


def test_firmware_starts_the_file_of_the_contract_as_it_is_served(
    watched_machine: MachineWatch, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """Real EDK2 takes the offer, asks port 4011 where it is told to, fetches the whole file and starts it."""
    watched_machine.power_on()
    check.reaches(watched_machine, BootStage.STARTED, asks_4011=contract.role is Role.PROXY)
    url = contract.url_for(contract.default_client)
    check.fetched(watched_machine, url, boot_server.sha256(contract.boot_path))


@pytest.mark.usefixtures("script")
def test_started_ipxe_fetches_what_the_contract_says(
    watched_machine: MachineWatch, contract: Contract, check: Check
) -> None:
    """Its second round is sent to the stated file; where that is its own, it is seen to load itself."""
    watched_machine.power_on()
    check.reaches(watched_machine, BootStage.SECOND_ROUND, asks_4011=contract.role is Role.PROXY)
    stated = contract.url_for(CLIENTS[IPXE])
    check.second_round(watched_machine, stated)
    loads_itself = stated == contract.url_for(contract.default_client)
    check.value(None, "boots", loop_in(watched_machine.watched.rounds) is not None, loads_itself)
