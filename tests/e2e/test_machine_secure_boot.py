"""Secure Boot on: a machine starts what is signed for it, and a refusal is no failure of the network."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.labs.hosts.boot_server import BootServer
from edgeboot.machines.boot_program import wait_for_start
from edgeboot.machines.secure_boot.boot_files import SecureBootFiles
from edgeboot.report.check import Check
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.spec.contract.contract import Contract
from fixtures.secure_boot import Serve

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.machine,
    pytest.mark.neighbours,
    pytest.mark.boot_file,
    pytest.mark.default_client("edk2-pxe-x86-64", "edk2-http-x86-64"),
    pytest.mark.timeout(300),
]

REFUSED: Final = {
    "unsigned": "unsigned",
    "signed_by_stranger": "signed by edgeboot stranger",
    "signed_by_revoked": "signed by edgeboot revoked",
    "revoked_file": "signed by edgeboot trusted",
    "changed": "signed by edgeboot trusted",
}
"""Files, and what their signature says of itself."""
UNFIT: Final = {"other_processor": "AARCH64", "cut_short": "no EFI application"}
"""Files, and what is wrong with them, whoever signed them."""


def test_file_signed_by_the_enrolled_key_starts(
    secure_boot: MachineWatch, serve: Serve, secure_boot_files: SecureBootFiles, check: Check
) -> None:
    """The program itself says so, and that it runs under Secure Boot."""
    serve(secure_boot_files.signed)
    secure_boot.power_on()
    check.reaches(secure_boot, BootStage.STARTED)
    console = secure_boot.machine.console
    assert console is not None
    said = wait_for_start(console, Deadline.after(Wait.FIRMWARE_START))
    found = said and (said.label, said.secure_boot)
    check.value(None, "secure_boot", found, ("signed", True))


@pytest.mark.parametrize("file", REFUSED)
def test_file_that_the_machine_does_not_trust_is_refused_for_its_signature(
    file: str, secure_boot: MachineWatch, serve: Serve, secure_boot_files: SecureBootFiles, check: Check
) -> None:
    """It came whole, so that neither network nor server is to be mended."""
    serve(getattr(secure_boot_files, file))
    secure_boot.power_on()
    check.stops(secure_boot, BootStage.STARTED, "signature", REFUSED[file])


@pytest.mark.parametrize("file", UNFIT)
def test_file_that_no_machine_of_its_kind_can_start_is_not_refused_for_its_signature(
    file: str, secure_boot: MachineWatch, serve: Serve, secure_boot_files: SecureBootFiles, check: Check
) -> None:
    """Firmware may call both a denied access: the file's headers tell."""
    serve(getattr(secure_boot_files, file))
    secure_boot.power_on()
    check.stops(secure_boot, BootStage.STARTED, "boot_file", UNFIT[file])


@pytest.mark.web_server
def test_file_that_is_missing_is_no_matter_of_signatures(
    secure_boot: MachineWatch, serve: Serve, boot_host: BootServer, contract: Contract, check: Check
) -> None:
    """The boot server's error says so."""
    serve(b"")
    boot_host.remove(contract.boot_path)
    secure_boot.power_on()
    check.stops(secure_boot, BootStage.FILE, "bootfile", contract.bootfile)


@pytest.mark.web_server
def test_boot_server_that_is_silent_is_no_matter_of_signatures(
    secure_boot: MachineWatch, boot_host: BootServer, check: Check
) -> None:
    """Nothing came that could be refused."""
    with boot_host.host.hung():
        secure_boot.power_on()
        check.stops(secure_boot, BootStage.FILE, "next_server", boot_host.address)
