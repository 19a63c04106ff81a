"""U-Boot's ``dhcp`` command (net/bootp.c): the last option 67, and the header's ``file`` over it.

The server is ``siaddr`` alone; option 66 and offers without an address are ignored. Without
a name it asks for one made of its address (net/tftp.c).
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
    return fetched(_file(told), told.siaddr)


def _file(told: DhcpMessage) -> BootString:
    named = told.options.all(OptionCode.BOOTFILE_NAME)
    option = as_read(named[-1], "option 67") if named else None
    found = header_file(told) or option
    if found is not None and found.text:
        return found
    return BootString(f"{told.yiaddr.packed.hex().upper()}.img", "the address", 0)
