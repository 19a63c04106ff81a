"""U-Boot's ``dhcp`` command (net/bootp.c): the header's ``file``, else the last option 67.

The server is always ``siaddr``; option 66 and offers without an address are ignored.
"""

from __future__ import annotations

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import BootString, c_string, header_file
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, tftp_boot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode


def boots(answers: Answers) -> Boot | NoBoot:
    """What U-Boot fetches after the first offer, if the board's environment names no file itself."""
    if not answers.addressed:
        return NoBoot("no address is offered")
    reply = answers.acknowledged(answers.addressed[0])
    if reply.siaddr == UNSPECIFIED:
        return NoBoot("no boot server is named (siaddr); U-Boot reads no other field")
    name = _file(reply)
    if name is None or not name.text:
        # net/tftp.c derives a name from the address; such a file need not exist.
        default_name = f"{reply.yiaddr.packed.hex().upper()}.img"
        return NoBoot(f"no boot file is named; it would request {default_name} from {reply.siaddr}")
    return tftp_boot(name, reply.siaddr)


def _file(reply: DhcpMessage) -> BootString | None:
    names = reply.options.all(OptionCode.BOOTFILE_NAME)
    return header_file(reply) or (c_string(names[-1], "option 67") if names else None)
