"""iPXE without an embedded script (src/net/udp/dhcp.c, net/dhcppkt.c, usr/autoboot.c, core/uri.c).

``file`` and ``siaddr`` of the header come before options, and iPXE knows no option 52. The
server that gives the address decides; a ProxyDHCP server only where that one names no file.
A URL is fetched as it is.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware.answers import Answers, is_for
from edgeboot.dhcp.firmware.names import BootString, as_read, header_file, is_overloaded, server_identifier
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, fetched, host_of_url
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.options import Overload, parse_options
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MAGIC_COOKIE, OptionCode

_NO_PXEDHCP: Final = 176
"""In option 175: do not wait for ProxyDHCP."""


def boots(answers: Answers) -> Boot | NoBoot:
    """What iPXE's own ``autoboot`` fetches; an embedded script would decide otherwise."""
    if not answers.addressed:
        return NoBoot("no address is offered")
    leased = answers.acknowledged(answers.addressed[-1])
    proxies = [offer for offer in answers.offers if is_for(PXE_CLASS, offer)]
    proxy = None if _refuses_proxies(leased) or not proxies else proxies[-1]
    asks = None
    if proxy is not None and not _tells_pxe(proxy):
        asks, proxy = server_identifier(proxy), answers.from_4011
    told = [each for each in (leased, proxy) if each is not None]
    if any(_shows_a_menu(each) for each in told):
        return NoBoot("a boot menu (option 43 tag 9) is for iPXE's BIOS builds only", asks)
    for each in told:
        if is_overloaded(each, Overload.FILE):
            return NoBoot("it takes the options in the overloaded file field for a name", asks)
        name = _file(each)
        if name is not None:
            return _fetch(name, each, asks)
    if asks is not None and answers.from_4011 is None:
        return NoBoot(
            f"it waits for port {BOOT_SERVER_PORT} of {asks}, which option 60 PXEClient names", asks
        )
    return NoBoot("no boot file is named", asks)


def _fetch(name: BootString, told: DhcpMessage, asks: IPv4Address | None) -> Boot | NoBoot:
    if host_of_url(name.text) is not None:
        return Boot(name.text, asks)
    return fetched(name, None if told.siaddr == UNSPECIFIED else told.siaddr, asks)


def _file(message: DhcpMessage) -> BootString | None:
    found = header_file(message)
    data = message.options.get(OptionCode.BOOTFILE_NAME)
    if found is not None or not data:
        return found
    return as_read(data, "option 67")


def _tells_pxe(message: DhcpMessage) -> bool:
    """Server and file, or a menu: no need to ask port 4011 (dhcp_has_pxeopts)."""
    named = message.siaddr != UNSPECIFIED and _file(message) is not None
    return named or PxeOptions.of(message).first_item is not None


def _shows_a_menu(message: DhcpMessage) -> bool:
    pxe = PxeOptions.of(message)
    skipped = pxe.uses_the_file and _file(message) is not None
    return is_for(PXE_CLASS, message) and pxe.first_item is not None and not skipped


def _refuses_proxies(leased: DhcpMessage) -> bool:
    data = leased.options.get(OptionCode.ETHERBOOT) or b""
    return any((parse_options(MAGIC_COOKIE + data).get(_NO_PXEDHCP) or b"\0")[:1])
