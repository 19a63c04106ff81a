"""Machines of each kind that the contract sends a boot file: the wire shows that they fetch it whole."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from edgeboot.dhcp.clients import CLIENTS, BootRules, ClientProfile
from edgeboot.labs.hosts.boot_file_server import BootFileServer
from edgeboot.machines.qemu.efi_program import IPXE
from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.unstated import BootsAs
from edgeboot.spec.contract.contract import Contract, Role
from fixtures.machine import firmware_of, network_boot_of
from fixtures.watched_machine import NewWatched

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.boot_file,
    pytest.mark.timeout(300),
]


@pytest.mark.clients(
    *(BootRules.EDK2_PXE, BootRules.EDK2_HTTP),
    boots=True,
    real=True,
    default=False,
)
def test_machine_fetches_what_the_contract_says(
    client: ClientProfile,
    new_watched: NewWatched,
    boot_server: BootFileServer,
    contract: Contract,
    check: Check,
) -> None:
    """Whether it can start the file is another question: one file may be sent to every architecture."""
    watch = new_watched(firmware_of(client), boot=network_boot_of(client))
    watch.power_on()
    asks_4011 = contract.role is Role.PROXY and client.rules is BootRules.EDK2_PXE
    check.reaches(watch, BootStage.FILE, client=client, asks_4011=asks_4011)
    url = contract.url_for(client)
    check.fetched(watch, url, boot_server.sha256(urlsplit(str(url)).path.lstrip("/")))


@pytest.mark.address_server
@pytest.mark.usefixtures("script")
@pytest.mark.parametrize("name", ["ipxe-bios", "ipxe-x86-64"])
def test_ipxe_of_the_machine_itself_fetches_what_its_rules_say(
    name: str,
    new_watched: NewWatched,
    boots_as: BootsAs,
    boot_server: BootFileServer,
    check: Check,
    tmp_path: Path,
) -> None:
    """In a network card's ROM, and on the disk of a machine with UEFI; it need not be stated."""
    client = CLIENTS[name]
    url = boots_as(client).url
    if client.rules is BootRules.IPXE_BIOS:
        watch = new_watched(firmware_of(client))
    else:
        watch = new_watched(disk=IPXE.on_a_disk(tmp_path))
    watch.power_on()
    check.reaches(watch, BootStage.DISCOVER if url is None else BootStage.FILE, client=client)
    if url is not None:
        check.fetched(watch, url, boot_server.sha256(urlsplit(url).path.lstrip("/")))
