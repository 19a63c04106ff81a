"""A Raspberry Pi's own network boot: fixed file names, and a string in option 43 that says it is meant.

Raspberry Pi documentation: computers/raspberry-pi/boot-net.adoc (boot ROM of the models 2 and 3) and
the boot loader configuration of the models 4 and 5. No boot file of a reply is read.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from typing import Final

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import server_name
from edgeboot.dhcp.firmware.verdict import Boot, Lack, NoBoot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode

MEANT: Final = b"Raspberry Pi Boot"
"""What option 43 has to contain."""
_ROM_FILE: Final = "bootcode.bin"
_EEPROM_FILE: Final = "start4.elf"


def rom_boots(answers: Answers) -> Boot | NoBoot:
    """What the boot ROM fetches: bootcode.bin, from the first reply whose option 43 means it."""
    if not answers.addressed:
        return NoBoot("no address is offered", lacks=Lack.ADDRESS)
    for reply in answers.offers:
        if _is_meant(reply) and (server := _server(reply)) is not None:
            return Boot(f"tftp://{server}/{_ROM_FILE}")
    return NoBoot(f"no reply has {MEANT.decode()!r} in option 43 and names a boot server")


def eeprom_boots(answers: Answers) -> Boot | NoBoot:
    """What the EEPROM's loader fetches, from a ProxyDHCP that means it, else from the address's server."""
    if not answers.addressed:
        return NoBoot("no address is offered", lacks=Lack.ADDRESS)
    for reply in (*filter(_is_meant, answers.proxied), *answers.addressed):
        if (server := _server(answers.acknowledged(reply))) is not None:
            return Boot(f"tftp://{server}/{_EEPROM_FILE}")
    return NoBoot("no reply names a TFTP server (siaddr, option 66)", lacks=Lack.BOOT_SERVER)


def _is_meant(reply: DhcpMessage) -> bool:
    return MEANT in (reply.options.get(OptionCode.VENDOR_SPECIFIC) or b"")


def _server(reply: DhcpMessage) -> IPv4Address | None:
    """``siaddr``, else option 66 where that is an address."""
    if reply.siaddr != UNSPECIFIED:
        return reply.siaddr
    name = server_name(reply)
    try:
        return None if name is None else IPv4Address(name.text)
    except AddressValueError:
        return None
