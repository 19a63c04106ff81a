"""iPXE without an embedded script (src/net/udp/dhcp.c, net/dhcppkt.c, usr/autoboot.c, core/uri.c).

The header's ``file`` and ``siaddr`` take precedence over options, and option 52 is not
implemented. The server that leases the address decides; a ProxyDHCP server's file is used
only if that server names none. A URL is fetched unchanged.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware.answers import Answers, has_vendor_class
from edgeboot.dhcp.firmware.names import BootString, c_string, header_file, is_overloaded, server_identifier
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, host_of_url, tftp_boot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.options import Overload, parse_options
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MAGIC_COOKIE, OptionCode

_NO_PXEDHCP: Final = 176
"""Sub-option of option 175 that says: do not wait for ProxyDHCP (no-pxedhcp)."""


def boots(answers: Answers) -> Boot | NoBoot:
    """The URL iPXE's ``autoboot`` fetches, or the reason for none; embedded scripts are not modelled."""
    if not answers.addressed:
        return NoBoot("no address is offered")
    leased = answers.acknowledged(answers.addressed[-1])
    proxies = [offer for offer in answers.offers if has_vendor_class(PXE_CLASS, offer)]
    proxy = None if _refuses_proxies(leased) or not proxies else proxies[-1]
    boot_server = None
    if proxy is not None and not _has_pxe_options(proxy):
        boot_server, proxy = server_identifier(proxy), answers.from_4011
    sources = [message for message in (leased, proxy) if message is not None]
    if any(_shows_menu(message) for message in sources):
        return NoBoot("a boot menu (option 43 tag 9) is for iPXE's BIOS builds only", boot_server)
    for message in sources:
        if is_overloaded(message, Overload.FILE):
            return NoBoot("it reads the options in the overloaded file field as a name", boot_server)
        name = _file(message)
        if name is not None:
            return _fetch(name, message, boot_server)
    if boot_server is not None and answers.from_4011 is None:
        return NoBoot(
            f"it waits for port {BOOT_SERVER_PORT} of {boot_server}, which option 60 PXEClient names",
            boot_server,
        )
    return NoBoot("no boot file is named", boot_server)


def _fetch(name: BootString, message: DhcpMessage, boot_server: IPv4Address | None) -> Boot | NoBoot:
    if host_of_url(name.text) is not None:
        return Boot(name.text, boot_server)
    return tftp_boot(name, None if message.siaddr == UNSPECIFIED else message.siaddr, boot_server)


def _file(message: DhcpMessage) -> BootString | None:
    name = header_file(message)
    data = message.options.get(OptionCode.BOOTFILE_NAME)
    if name is not None or not data:
        return name
    return c_string(data, "option 67")


def _has_pxe_options(message: DhcpMessage) -> bool:
    """Whether it has server and file, or a menu, so that port 4011 is not asked (dhcp_has_pxeopts)."""
    named = message.siaddr != UNSPECIFIED and _file(message) is not None
    return named or PxeOptions.of(message).first_item is not None


def _shows_menu(message: DhcpMessage) -> bool:
    pxe = PxeOptions.of(message)
    skipped = pxe.boots_named_file and _file(message) is not None
    return has_vendor_class(PXE_CLASS, message) and pxe.first_item is not None and not skipped


def _refuses_proxies(leased: DhcpMessage) -> bool:
    data = leased.options.get(OptionCode.ETHERBOOT) or b""
    return any((parse_options(MAGIC_COOKIE + data).get(_NO_PXEDHCP) or b"\0")[:1])
