"""The second round of a real machine: iPXE asks again, runs its script, and starts the kernel."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.labs.hosts.boot_server import BootServer
from edgeboot.machines.boot_program import boot_program
from edgeboot.node.boot.pe_image import Machine as Processor
from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.second_round import script_url

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.web_server,
    pytest.mark.ipxe_script,
    pytest.mark.default_client("edk2-pxe-x86-64", "edk2-http-x86-64"),
    pytest.mark.timeout(300),
]
KERNEL: Final = "kernel.efi"
PATIENCE: Final = timedelta(seconds=180)
"""Two rounds, without KVM: iPXE takes up to 13 s from its DHCPACK to its first request for a file."""


def test_ipxe_runs_its_script_and_starts_the_kernel(
    watched_machine: MachineWatch, web_server: BootServer, contract: Contract, check: Check
) -> None:
    """Each stage is seen by what passes the machine's port, and the last one by the kernel itself."""
    script = f"#!ipxe\nkernel {web_server.url('http', KERNEL)} from-script\nboot\n"
    web_server.put(urlsplit(script_url(contract) or "").path, script.encode())
    web_server.put(KERNEL, boot_program(Processor.X86_64, "kernel"))
    watched_machine.power_on()
    check.reaches(watched_machine, BootStage.KERNEL, within=PATIENCE)
    console = watched_machine.machine.console
    assert console is not None
    told = console.wait_for(r"edgeboot: arguments ", Deadline.after(Wait.FIRMWARE_START))
    check.value(None, "script", told and told.text, f"edgeboot: arguments {KERNEL} from-script")
