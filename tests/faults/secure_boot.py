"""Faults that only a machine with Secure Boot on can see."""

from __future__ import annotations

from typing import Final

from tests.faults.boot import at_the_boot_server
from tests.faults.fault import Fault

_FILE: Final = "test_machine_secure_boot.py"

SECURE_BOOT_FAULTS: Final = (
    Fault(
        "signed boot file is changed on its way",
        "somebody on the path changes an octet of the first block",
        "machines with Secure Boot refuse the file, and others run what somebody made of it",
        at_the_boot_server("TFTP: changed content"),
        {
            f"{_FILE}::test_file_signed_by_the_enrolled_key_starts": r"no boot file started; .*"
            r"signed by edgeboot trusted, and refused for that: no fault of the network"
        },
        files=(f"{_FILE}::test_file_signed_by_the_enrolled_key_starts",),
    ),
)
