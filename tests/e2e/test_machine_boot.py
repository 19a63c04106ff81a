"""A machine with real firmware is powered on, and boots what the contract says."""

from __future__ import annotations

import re
from typing import Final

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.labs.hosts.boot_file_server import BootFileServer
from edgeboot.machines.qemu.vm import QemuMachine
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.timeout(300),
]
STARTED: Final = r"iPXE initialising devices"
"""What the boot file, Debian's iPXE, says first."""


@pytest.mark.tftp_server
@pytest.mark.default_client("edk2-pxe-x86-64")
def test_firmware_starts_the_boot_file_of_the_contract(
    machine: QemuMachine, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """Real firmware finds an offer that it can use, fetches the whole file and starts it."""
    machine.power_on()
    started = machine.console.wait_for(STARTED, Deadline.after(Wait.FIRMWARE_START))
    said = machine.console.lines[-1].text if machine.console.lines else None
    told = f"{machine.firmware} has not started {contract.bootfile}; its console says last: {said!r}"
    check.that(started is not None, boot_server, "boot_file", said, "started", told)
    sent = boot_server.log.find(rf"sent \S*{re.escape(contract.bootfile)} to ")
    check.that(sent is not None, boot_server, "boot_file", "not sent whole", contract.bootfile)
