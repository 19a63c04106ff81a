"""U-Boot's ``dhcp`` command (net/bootp.c): the last option 67, and the header's ``file`` over it.

The server is ``siaddr`` alone; option 66 and offers without an address are ignored.
"""

from __future__ import annotations

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import BootString, as_read, header_file
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, fetched
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode


def boots(answers: Answers) -> Boot | NoBoot:
    """What is fetched with the first offer, where the board's environment names nothing itself."""
    if not answers.addressed:
        return NoBoot("no address is offered")
    told = answers.acknowledged(answers.addressed[0])
    if told.siaddr == UNSPECIFIED:
        return NoBoot("no boot server is named (siaddr); U-Boot looks nowhere else")
    name = _file(told)
    if name is None or not name.text:
        # As net/tftp.c does; nobody has said that there is such a file.
        own = f"{told.yiaddr.packed.hex().upper()}.img"
        return NoBoot(f"no boot file is named; it would ask {told.siaddr} for {own}, by its address")
    return fetched(name, told.siaddr)


def _file(told: DhcpMessage) -> BootString | None:
    named = told.options.all(OptionCode.BOOTFILE_NAME)
    return header_file(told) or (as_read(named[-1], "option 67") if named else None)
