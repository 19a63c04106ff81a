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
from edgeboot.dhcp.firmware.discovery import ipxe_discovery
from edgeboot.dhcp.firmware.names import BootString, c_string, header_file, is_overloaded, server_identifier
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import Boot, BootRequest, Lack, NoBoot, host_of_url, tftp_boot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.options import Overload, parse_options
from edgeboot.dhcp.vocabulary import MAGIC_COOKIE, MessageType, OptionCode

_NO_PXEDHCP: Final = 176
"""Sub-option of option 175 that says: do not wait for ProxyDHCP (no-pxedhcp)."""


def boots(answers: Answers) -> Boot | NoBoot:
    """The URL iPXE's ``autoboot`` fetches, or the reason for none; embedded scripts are not modelled."""
    return _boots(answers, menus=False)


def bios_boots(answers: Answers) -> Boot | NoBoot:
    """The same of a build for BIOS: only those have PXE boot menus."""
    return _boots(answers, menus=True)


def _boots(answers: Answers, *, menus: bool) -> Boot | NoBoot:
    if not answers.addressed:
        return NoBoot("no address is offered", lacks=Lack.ADDRESS)
    leased = answers.acknowledged(answers.addressed[-1])
    proxies = [offer for offer in answers.offers if has_vendor_class(PXE_CLASS, offer)]
    proxy = None if _refuses_proxies(leased) or not proxies else proxies[-1]
    requests: tuple[BootRequest, ...] = ()
    if proxy is not None and not _has_pxe_options(proxy):
        server = _identity(proxy)
        vendor_class = _vendor_class(leased)
        requests = (BootRequest(server, broadcast=True, server_identifier=server, vendor_class=vendor_class),)
        replies = (reply for reply in _first(answers.from_boot_servers) if _is_of(server, reply))
        proxy = next(replies, None)
    sources = [message for message in (leased, proxy) if message is not None]
    for message in sources:
        if _shows_menu(message):
            if menus:
                return _choose(message, next(filter(None, map(_vendor_class, sources))), answers, requests)
            reason = "a boot menu (option 43 tag 9) is for iPXE's BIOS builds only"
            return NoBoot(reason, requests, Lack.MENU)
    for message in sources:
        if is_overloaded(message, Overload.FILE):
            return NoBoot("it reads the options in the overloaded file field as a name", requests)
        name = _file(message)
        if name is not None:
            return _fetch(name, message, requests)
    if requests and proxy is None:
        waits = f"it waits for {requests[-1]}, which option 60 PXEClient names"
        dropped = "; it drops a reply without boot file and siaddr, and another server's"
        told = dropped if _first(answers.from_boot_servers) else ""
        return NoBoot(waits + told, requests, Lack.BOOT_SERVER_ANSWER)
    return NoBoot("no boot file is named", requests, Lack.BOOT_FILE)


def _choose(
    shown: DhcpMessage, vendor_class: bytes, answers: Answers, sent: tuple[BootRequest, ...]
) -> Boot | NoBoot:
    """The file of the boot server of the menu's default item (usr/pxemenu.c, pxe_menu_boot)."""
    discovery = ipxe_discovery(PxeOptions.of(shown), vendor_class)
    if isinstance(discovery, str):
        return NoBoot(discovery, sent, Lack.MENU)
    discovered = discovery.after(answers.from_boot_servers[len(sent) :])
    requests, reply = (*sent, *discovered.requests), discovered.reply
    if reply is None:
        return NoBoot(discovered.problem, requests, Lack.BOOT_SERVER_ANSWER)
    name = _file(reply)
    if name is None:
        return NoBoot("no boot file is named", requests, Lack.BOOT_FILE)
    return _fetch(name, reply, requests)


def _fetch(name: BootString, message: DhcpMessage, requests: tuple[BootRequest, ...]) -> Boot | NoBoot:
    if host_of_url(name.text) is not None:
        return Boot(name.text, requests)
    return tftp_boot(name, None if message.siaddr == UNSPECIFIED else message.siaddr, requests)


def _file(message: DhcpMessage) -> BootString | None:
    name = header_file(message)
    data = message.options.get(OptionCode.BOOTFILE_NAME)
    if name is not None or not data:
        return name
    return c_string(data, "option 67")


def _first(replies: tuple[tuple[DhcpMessage, ...], ...]) -> tuple[DhcpMessage, ...]:
    """The replies to the first boot request; none before it is sent."""
    return replies[0] if replies else ()


def _is_of(server: IPv4Address | None, reply: DhcpMessage) -> bool:
    """Whether a ProxyDHCP's reply is taken: of the server that was asked, with server and file or a menu."""
    answers = reply.message_type in {MessageType.DHCPOFFER, MessageType.DHCPACK}
    return answers and _identity(reply) == server and _has_pxe_options(reply)


def _identity(message: DhcpMessage) -> IPv4Address | None:
    """Option 54, else ``siaddr``; iPXE then takes the sender's address, which the message does not show."""
    return server_identifier(message) or (None if message.siaddr == UNSPECIFIED else message.siaddr)


def _has_pxe_options(message: DhcpMessage) -> bool:
    """Whether it has server and file, or a menu, so that port 4011 is not asked (dhcp_has_pxeopts)."""
    named = message.siaddr != UNSPECIFIED and _file(message) is not None
    return named or PxeOptions.of(message).first_item is not None


def _vendor_class(message: DhcpMessage) -> bytes | None:
    """Option 60 of what a server has said: iPXE takes it for its own from then on (seen on the wire)."""
    return message.options.get(OptionCode.VENDOR_CLASS_IDENTIFIER)


def _shows_menu(message: DhcpMessage) -> bool:
    pxe = PxeOptions.of(message)
    skipped = pxe.boots_named_file and _file(message) is not None
    return has_vendor_class(PXE_CLASS, message) and pxe.first_item is not None and not skipped


def _refuses_proxies(leased: DhcpMessage) -> bool:
    data = leased.options.get(OptionCode.ETHERBOOT) or b""
    return any((parse_options(MAGIC_COOKIE + data).get(_NO_PXEDHCP) or b"\0")[:1])
