"""U-Boot's ``dhcp`` command (net/bootp.c): the header's ``file``, else the last option 67.

The server is always ``siaddr``; option 66 and offers without an address are ignored. With
``wget`` in place of TFTP (net/wget.c) a name that is a URL is fetched as it is.
"""

from __future__ import annotations

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import BootString, c_string, header_file
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, host_of_url, tftp_boot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode


def boots(answers: Answers) -> Boot | NoBoot:
    """What U-Boot fetches after the first offer, if the board's environment names no file itself."""
    reply = _leased(answers)
    if reply is None:
        return NoBoot("no address is offered")
    if reply.siaddr == UNSPECIFIED:
        return NoBoot("no boot server is named (siaddr); U-Boot reads no other field")
    name = _file(reply)
    if name is None or not name.text:
        # net/tftp.c derives a name from the address; such a file need not exist.
        default_name = f"{reply.yiaddr.packed.hex().upper()}.img"
        return NoBoot(f"no boot file is named; it would request {default_name} from {reply.siaddr}")
    return tftp_boot(name, reply.siaddr)


def http_boots(answers: Answers) -> Boot | NoBoot:
    """What U-Boot's ``wget`` fetches of what ``dhcp`` has stored: a URL, or a path on ``siaddr``."""
    reply = _leased(answers)
    if reply is None:
        return NoBoot("no address is offered")
    name = _file(reply)
    if name is not None and host_of_url(name.text, ("http", "https")) is not None:
        return Boot(name.text)
    if reply.siaddr == UNSPECIFIED:
        return NoBoot("the boot file is no URL, and no boot server is named (siaddr)")
    if name is None or not name.text:
        return NoBoot("no boot file is named")
    return Boot(f"http://{reply.siaddr}/{name.text.lstrip('/')}")


def _leased(answers: Answers) -> DhcpMessage | None:
    """The reply to its DHCPREQUEST; a BOOTP reply, which has no option 53, it does not hear."""
    offers = (offer for offer in answers.addressed if offer.message_type is not None)
    offer = next(offers, None)
    return None if offer is None else answers.acknowledged(offer)


def _file(reply: DhcpMessage) -> BootString | None:
    names = reply.options.all(OptionCode.BOOTFILE_NAME)
    return header_file(reply) or (c_string(names[-1], "option 67") if names else None)
