"""Faults that only a machine with Secure Boot on can see."""

from __future__ import annotations

from typing import Final

from tests.faults.boot import at_the_boot_server
from tests.faults.causes import ProgramInPlace
from tests.faults.fault import Fault

_FILE: Final = "test_machine_secure_boot.py"

_SIGNED: Final = f"{_FILE}::test_file_signed_by_the_enrolled_key_starts"
_COPIES: Final = """for word; do case $word in --output=*) to=${word#--output=};; esac; done
cp "$word" "$to" """
"""In the place of sbsign: copies its last argument, the file, to the named output."""

SECURE_BOOT_FAULTS: Final = (
    Fault(
        "unsigned boot file under Secure Boot",
        "what should sign the boot file has copied it",
        "access denied, as of a file that the server does not give",
        (ProgramInPlace("sbsign", _COPIES),),
        {
            _SIGNED: r"stopped after boot file fetched: no boot file started; .*fetched whole, .*"
            r"unsigned, and refused for that: no fault of the network"
        },
        files=(_SIGNED,),
    ),
    Fault(
        "signed boot file is changed on its way",
        "somebody on the path changes an octet of the first block",
        "machines with Secure Boot refuse the file, and others run what somebody made of it",
        at_the_boot_server("TFTP: changed content"),
        {
            _SIGNED: r"no boot file started; .*"
            r"signed by edgeboot trusted, and refused for that: no fault of the network"
        },
        files=(_SIGNED,),
    ),
)
