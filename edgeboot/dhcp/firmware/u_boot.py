"""U-Boot's ``dhcp`` command (net/bootp.c): the header's ``file``, else the last option 67.

The server is ``siaddr``, unless the name begins with an address and a colon (net/net.c, net_parse_bootfile);
option 66 and offers without an address are ignored. Version 2021.01 takes everything before a colon for an
address: of a URL it asks all hosts of the link for the rest. With ``wget`` in place of TFTP (net/wget.c) a
name that is a URL is fetched as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import BootString, c_string, header_file
from edgeboot.dhcp.firmware.verdict import Boot, Lack, NoBoot, host_of_url, tftp_boot
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode


def boots(answers: Answers) -> Boot | NoBoot:
    """What U-Boot fetches after the first offer, if the board's environment names no file itself."""
    return _boots(answers, _addressed)


def boots_of_2021(answers: Answers) -> Boot | NoBoot:
    """The same of version 2021.01."""
    return _boots(answers, _addressed_or_to_all)


def _boots(answers: Answers, host_before_colon: Callable[[str], IPv4Address | None]) -> Boot | NoBoot:
    reply = _leased(answers)
    if reply is None:
        return _not_heard(answers)
    if reply.siaddr == UNSPECIFIED:
        reason = "no boot server is named (siaddr); U-Boot reads no other field"
        return NoBoot(reason, lacks=Lack.BOOT_SERVER)
    name = _file(reply)
    if name is None or not name.text:
        # net/tftp.c derives a name from the address; such a file need not exist.
        default_name = f"{reply.yiaddr.packed.hex().upper()}.img"
        reason = f"no boot file is named; it would request {default_name} from {reply.siaddr}"
        return NoBoot(reason, lacks=Lack.BOOT_FILE)
    host = host_before_colon(name.text)
    if host is None:
        return tftp_boot(name, reply.siaddr)
    return tftp_boot(replace(name, text=name.text.partition(":")[2]), host)


def _addressed(name: str) -> IPv4Address | None:
    """The address that a name begins with, before a colon; None where it has none."""
    try:
        return IPv4Address(name.partition(":")[0]) if ":" in name else None
    except ValueError:
        return None


def _addressed_or_to_all(name: str) -> IPv4Address | None:
    """The same, but that of all hosts where something else is before the colon."""
    return (_addressed(name) or LIMITED_BROADCAST) if ":" in name else None


def http_boots(answers: Answers) -> Boot | NoBoot:
    """What U-Boot's ``wget`` fetches of what ``dhcp`` has stored: a URL, or a path on ``siaddr``."""
    reply = _leased(answers)
    if reply is None:
        return _not_heard(answers)
    name = _file(reply)
    if name is not None and host_of_url(name.text, ("http", "https")) is not None:
        return Boot(name.text)
    if reply.siaddr == UNSPECIFIED:
        reason = "the boot file is no URL, and no boot server is named (siaddr)"
        return NoBoot(reason, lacks=Lack.BOOT_SERVER)
    if name is None or not name.text:
        return NoBoot("no boot file is named", lacks=Lack.BOOT_FILE)
    return Boot(f"http://{reply.siaddr}/{name.text.lstrip('/')}")


def _leased(answers: Answers) -> DhcpMessage | None:
    """The reply to its DHCPREQUEST; a BOOTP reply, which has no option 53, it does not hear."""
    offers = (offer for offer in answers.addressed if offer.message_type is not None)
    offer = next(offers, None)
    return None if offer is None else answers.acknowledged(offer)


def _not_heard(answers: Answers) -> NoBoot:
    """Why there is no reply that it hears."""
    if answers.addressed:
        reason = "it does not hear a BOOTP reply, which has no message type (option 53)"
        return NoBoot(reason, lacks=Lack.DHCP_TYPE)
    return NoBoot("no address is offered", lacks=Lack.ADDRESS)


def _file(reply: DhcpMessage) -> BootString | None:
    names = reply.options.all(OptionCode.BOOTFILE_NAME)
    return header_file(reply) or (c_string(names[-1], "option 67") if names else None)
