"""Real firmware on a segment where another DHCP server answers, too, and sooner."""

from __future__ import annotations

import pytest

from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract, Role
from fixtures.rogue import Rogue

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.own_segment,
    pytest.mark.boot_file,
    pytest.mark.default_client("edk2-pxe-x86-64", "edk2-http-x86-64"),
    pytest.mark.timeout(300),
]


@pytest.mark.address_server
@pytest.mark.restart
@pytest.mark.default_client("edk2-pxe-x86-64")
def test_server_that_answers_first_decides_where_a_machine_boots(
    watched_machine: MachineWatch, rogue: Rogue, dhcp_server: DhcpServer, check: Check
) -> None:
    """EDK2 takes the first plain offer with a boot file: its failure is that server's, and is told so."""
    with rogue("server") as host:
        dhcp_server.suspend()
        watched_machine.power_on()
        try:
            check.is_offered(watched_machine)
        finally:
            dhcp_server.resume()
        check.stops(watched_machine, BootStage.FILE, "next_server", host.address.ip)


@pytest.mark.parametrize(
    "kind",
    [
        "addresses",
        pytest.param("server", marks=pytest.mark.proxy, id="file against a menu"),
        pytest.param(
            "server", marks=pytest.mark.default_client("edk2-http-x86-64"), id="file against HTTP Boot"
        ),
    ],
)
def test_server_without_what_firmware_looks_for_does_no_harm(
    kind: str, watched_machine: MachineWatch, rogue: Rogue, contract: Contract, check: Check
) -> None:
    """It gives addresses at once; an offer that is for this firmware, by class or file, counts more."""
    with rogue(kind):
        watched_machine.power_on()
        check.reaches(watched_machine, BootStage.STARTED, asks_4011=contract.role is Role.PROXY)
    check.first_file_is(watched_machine, contract.url_for(contract.default_client))
