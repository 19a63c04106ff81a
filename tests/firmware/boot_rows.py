"""What booting machines are offered: the rows of the table, those first in which the suite was once wrong."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import UNSPECIFIED, option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.firmware.offer import (
    BOOT_SERVER,
    OTHER_BOOT_SERVER,
    SERVER,
    SITE,
    Offer,
    Row,
    named,
    offer,
    proxy,
    vendor,
    vendor_class,
)
from tests.firmware.real_rows import REAL_HTTP_ROWS, REAL_ROWS

_FILE: Final = named(b"o67.efi\0")
_PXE: Final = vendor_class()
_NAMED_FILE: Final = (6, b"\x08")
"""Discovery control: start the file that is named, without menu and discovery."""
_SKIP: Final = vendor(_NAMED_FILE)
_TYPE: Final = b"\x80\x01"
_MENU: Final = (9, _TYPE + b"\x07install")
_LISTED: Final = (8, _TYPE + b"\x01" + BOOT_SERVER.packed)
_BOTH_LISTED: Final = (8, _TYPE + b"\x02" + OTHER_BOOT_SERVER.packed + BOOT_SERVER.packed)
_OTHER_LISTED: Final = (8, _TYPE + b"\x01" + OTHER_BOOT_SERVER.packed)
_AT_ONCE: Final = (10, b"\0install")
_SHORT_PROMPT: Final = (10, b"\x01install")
_CHOSEN: Final = (71, _TYPE + b"\0\0")
_WHOLE: Final = IPv4Address("255.255.255.0")
_ELSEWHERE: Final = IPv4Address("10.9.9.9")
_MASK: Final = Code.SUBNET_MASK
_BEYOND: Final = option(Code.CLASSLESS_STATIC_ROUTE, bytes.fromhex("180a6300") + SERVER.packed)
"""10.99.0.0/24 by the server."""


def _answer(name: bytes, *options: DhcpOption, siaddr: IPv4Address = OTHER_BOOT_SERVER) -> Offer:
    """A boot server's reply on port 4011, of type ``_TYPE`` where a menu's item is asked for."""
    said = proxy(_PXE, named(name), *options)
    return replace(said, siaddr=siaddr)


_FROM_4011: Final = _answer(b"p4011.efi\0")
_OF_MENU: Final = _answer(b"menu.efi\0", vendor(_CHOSEN))
_OF_MENU_LISTED: Final = replace(_OF_MENU, siaddr=BOOT_SERVER)
_SITE: Final = offer(server=SITE, siaddr=UNSPECIFIED)
_OPTIONS_IN_FILE: Final = named(b"o67.efi\0").encode() + b"\xff"
_OVERLOADS_FILE: Final = option(Code.OPTION_OVERLOAD, 1)


def _menu(*tags: tuple[int, bytes], file: bytes = b"") -> Offer:
    return offer(_PXE, vendor(*tags, _MENU), file=file)


_DISAGREED: Final = (
    Row("no 54", (offer(_FILE).without(54),)),
    Row("no 54, no siaddr", (offer(_FILE, siaddr=UNSPECIFIED).without(54),)),
    Row("54 of zeros", (replace(offer(_FILE, server=UNSPECIFIED), server=SERVER),)),
    Row("no mask", (offer(_FILE).without(_MASK),)),
    Row("menu, control 3, answer of another siaddr", (_menu((6, b"\x03"), _LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, control 3, two listed", (_menu((6, b"\x03"), _BOTH_LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, control 7, answer not listed", (_menu((6, b"\x07"), _LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, control 7, answer listed", (_menu((6, b"\x07"), _LISTED, _AT_ONCE),), _OF_MENU_LISTED),
    Row(
        "menu and file, control 7, answer not listed",
        (_menu((6, b"\x07"), _LISTED, _AT_ONCE, file=b"hdr.efi"),),
        _OF_MENU,
    ),
    Row("menu, control 4", (_menu((6, b"\x04"), _LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, no control", (_menu(_LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu and file, no control", (_menu(_LISTED, _AT_ONCE, file=b"hdr.efi"),), _OF_MENU),
    Row("no siaddr, sname an address", (offer(_FILE, siaddr=UNSPECIFIED, sname=b"192.168.99.41"),)),
    Row("67 begins with a slash", (offer(named(b"/o67.efi\0")),)),
)
_NEVER_RUN: Final = (
    Row("no file", (offer(),)),
    Row("silence", ()),
    Row("file overloaded and empty, 67 in options", (offer(_OVERLOADS_FILE, _FILE, file=b"\xff"),)),
    Row("60 echoed, header", (offer(_PXE, file=b"hdr.efi"),), _FROM_4011),
    Row("60 echoed, no file, 4011 answers", (offer(_PXE),), _FROM_4011),
    Row("60 and 43 with control 8, 67", (offer(_PXE, _SKIP, _FILE),)),
    Row("54 twice", (offer(option(Code.SERVER_IDENTIFIER, SITE), _FILE),)),
    Row("54 twice, the same", (offer(option(Code.SERVER_IDENTIFIER, SERVER), _FILE),)),
    Row("mask twice", (offer(option(Code.SUBNET_MASK, _WHOLE), _FILE),)),
    Row("lease time twice", (offer(option(Code.IP_ADDRESS_LEASE_TIME, 60, size=4), _FILE),)),
    Row("router twice", (offer(option(Code.ROUTER, SITE), _FILE),)),
    Row("no lease time", (offer(_FILE).without(51),)),
    Row(
        "siaddr of zeros, 54 twice", (offer(option(Code.SERVER_IDENTIFIER, SITE), _FILE, siaddr=UNSPECIFIED),)
    ),
    Row("menu, control 1", (_menu((6, b"\x01"), _LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, control 2", (_menu((6, b"\x02"), _LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, control 3, no list", (_menu((6, b"\x03"), _AT_ONCE),), _OF_MENU),
    Row("menu, control 3, prompt of a second", (_menu((6, b"\x03"), _LISTED, _SHORT_PROMPT),), _OF_MENU),
    Row("menu, control 3, no prompt", (_menu((6, b"\x03"), _LISTED),), _OF_MENU),
    Row("menu, control 3, nobody answers", (_menu((6, b"\x03"), _LISTED, _AT_ONCE),)),
    Row("menu, control 0", (_menu((6, b"\x00"), _LISTED, _AT_ONCE),), _OF_MENU),
    Row("menu, control 3, list of another", (_menu((6, b"\x03"), _OTHER_LISTED, _AT_ONCE),), _OF_MENU_LISTED),
    Row("OFFER after 2 s", (offer(_FILE, after=2.0),)),
)
_NAMES: Final = (
    Row("67 twice and header", (offer(named(b"first.efi\0"), named(b"second.efi\0"), file=b"hdr.efi"),)),
    Row("header", (offer(file=b"hdr.efi"),)),
    Row("67 in a directory", (offer(named(b"a/b/o67.efi\0")),)),
    Row("header in a directory", (offer(file=b"/a/hdr.efi"),)),
    Row("67", (offer(_FILE),)),
    Row("67 and header", (offer(_FILE, file=b"hdr.efi"),)),
    Row(
        "66 and 67, no siaddr",
        (offer(option(Code.TFTP_SERVER_NAME, b"192.168.99.40"), _FILE, siaddr=UNSPECIFIED),),
    ),
    Row("header, no siaddr", (offer(file=b"hdr.efi", siaddr=UNSPECIFIED),)),
    Row("67 without NUL, last", (offer(named(b"o67.efi")),)),
    Row("67 without NUL, 17 behind", (offer(named(b"o67.efi"), option(Code.ROOT_PATH, b"/srv")),)),
    Row("67 of one NUL, and header", (offer(named(b"\0"), file=b"hdr.efi"),)),
    Row("67 with two NULs", (offer(named(b"o67.efi\0\0")),)),
    Row("67 a TFTP URL", (offer(named(b"tftp://192.168.99.41/url.efi\0")),)),
    Row("67 an HTTP URL", (offer(named(b"http://192.168.99.41/url.efi\0")),)),
    Row("67 an address, a colon and a file", (offer(named(b"192.168.99.41:o67.efi\0")),)),
    Row("header an HTTP URL", (offer(file=b"http://192.168.99.41/url.efi"),)),
    Row("67 in the overloaded file", (offer(_OVERLOADS_FILE, file=_OPTIONS_IN_FILE),)),
    Row("no name, file overloaded", (offer(_OVERLOADS_FILE, file=b"\x0c\x04host\xff"),)),
    Row(
        "67 in the overloaded file and sname",
        (offer(option(Code.OPTION_OVERLOAD, 3), file=b"\x0c\x04host\xff", sname=_OPTIONS_IN_FILE),),
    ),
    Row("150, no siaddr", (offer(DhcpOption(150, BOOT_SERVER.packed), _FILE, siaddr=UNSPECIFIED),)),
    Row("boot server of another network", (offer(_FILE, siaddr=_ELSEWHERE),)),
    Row("121 without the boot server's network, and a router", (offer(_FILE, _BEYOND, siaddr=_ELSEWHERE),)),
    Row("BOOTP", (replace(offer(file=b"hdr.efi"), is_bootp=True).without(51, 54),)),
)
_CLASSES: Final = (
    Row("43 with control 8, no 60", (offer(_SKIP, _FILE),)),
    Row("43 of an unknown tag, 60", (offer(_PXE, vendor((99, b"x")), _FILE),)),
    Row(
        "43 with MTFTP, 60",
        (offer(_PXE, vendor((1, bytes(4)), (2, b"\0\0"), (3, b"\0\0"), (4, b"\0"), (5, b"\0")), _FILE),),
    ),
    Row("43 padded, 60", (offer(_PXE, vendor(_NAMED_FILE, end=b"\xff\0\0\0"), _FILE),)),
    Row("60 longer", (offer(vendor_class(b"PXEClient:Arch:00007"), _SKIP, _FILE),)),
    Row("60 shorter", (offer(vendor_class(b"PXEClien"), _FILE),)),
    Row("60 in lower case", (offer(vendor_class(b"pxeclient"), _FILE),)),
    Row("60 HTTPClient", (offer(vendor_class(b"HTTPClient"), named(b"http://192.168.99.40/u.efi\0")),)),
    Row(
        "60 HTTPClient, header a URL",
        (offer(vendor_class(b"HTTPClient"), file=b"http://192.168.99.40/u.efi"),),
    ),
    Row("60 echoed, 67", (offer(_PXE, _FILE),)),
    Row("60 echoed, 67, 4011 answers", (offer(_PXE, _FILE),), _FROM_4011),
    Row("60 and 43 with control 8, header", (offer(_PXE, _SKIP, file=b"hdr.efi"),)),
    Row("60 and 43 with control 8, no file", (offer(_PXE, _SKIP),)),
    Row("control 8 and servers", (offer(_PXE, vendor(_NAMED_FILE, _OTHER_LISTED), _FILE),)),
    Row("control 8 and menu", (offer(_PXE, vendor(_NAMED_FILE, _OTHER_LISTED, _MENU, _AT_ONCE), _FILE),)),
)
_PROXIES: Final = (
    Row("proxy, control 8, header", (_SITE, proxy(_PXE, _SKIP, file=b"proxy.efi"))),
    Row("proxy, control 8, 67", (_SITE, proxy(_PXE, _SKIP, named(b"proxy.efi\0")))),
    Row("proxy, 4011 answers", (_SITE, proxy(_PXE)), replace(_FROM_4011, siaddr=SERVER)),
    Row("proxy, 4011 silent", (_SITE, proxy(_PXE))),
    Row("proxy with a file, 4011 silent", (_SITE, proxy(_PXE, file=b"proxy.efi"))),
    Row("proxy first", (proxy(_PXE, _SKIP, file=b"proxy.efi"), _SITE)),
    Row(
        "proxy, and the site's own file",
        (offer(server=SITE, siaddr=SITE, file=b"site.efi"), proxy(_PXE, _SKIP, file=b"proxy.efi")),
    ),
    Row(
        "proxy with 4011 silent, and the site's own file",
        (offer(server=SITE, siaddr=SITE, file=b"site.efi"), proxy(_PXE)),
    ),
    Row("proxy without 60", (_SITE, proxy(file=b"proxy.efi"))),
    Row("proxy after 1.5 s", (_SITE, proxy(_PXE, _SKIP, file=b"proxy.efi", after=1.5))),
    Row("two servers, the second's file", (_SITE, offer(_FILE))),
    Row("two servers, both with a file", (offer(server=SITE, siaddr=SITE, file=b"site.efi"), offer(_FILE))),
    Row("two servers, the second for PXE", (_SITE, offer(_PXE, _SKIP, _FILE))),
)
_FROM_SITE: Final = offer(server=SITE, siaddr=SITE, file=b"site.efi")
_WHEN: Final = (
    Row("OFFER after 3.5 s", (offer(_FILE, after=3.5),)),
    Row("OFFER after 4.5 s", (offer(_FILE, after=4.5),)),
    Row("OFFER after 6 s", (offer(_FILE, after=6.0),)),
    Row("OFFER to the second DHCPDISCOVER", (offer(_FILE, unanswered=1),)),
    Row("OFFER to the third DHCPDISCOVER", (offer(_FILE, unanswered=2),)),
    Row("no file, and a file 2 s later", (_SITE, offer(_FILE, after=2.0))),
    Row("no file, and a file 6 s later", (_SITE, offer(_FILE, after=6.0))),
    Row("a file, and one for PXE 2 s later", (_FROM_SITE, offer(_PXE, _SKIP, _FILE, after=2.0))),
    Row("a file, and one for PXE 6 s later", (_FROM_SITE, offer(_PXE, _SKIP, _FILE, after=6.0))),
    Row("OFFER, and no ACK", (offer(_FILE),), confirmation=None),
    Row("OFFER, and a NAK", (offer(_FILE),), confirmation=MessageType.DHCPNAK),
    Row("proxy after 6 s", (_SITE, proxy(_PXE, _SKIP, file=b"proxy.efi", after=6.0))),
)
"""Replies at other times than at once, or none: firmware waits for a second offer, and asks again."""
BOOT_ROWS: Final = (*_DISAGREED, *_NEVER_RUN, *_NAMES, *_CLASSES, *_PROXIES, *_WHEN, *REAL_ROWS)

SAMPLED: Final = frozenset(
    {
        "no 54",
        "no mask",
        "54 twice",
        "menu, control 7, answer not listed",
        "67 twice and header",
        "67",
        "no file",
    }
)
"""The names of the rows that every run of all tests asks."""

_HTTP: Final = vendor_class(b"HTTPClient")
_URL: Final = b"http://192.168.99.40/u.efi"
_OF_A_NAME: Final = b"http://boot.lan/u.efi"
_DNS: Final = option(Code.DOMAIN_NAME_SERVER, SERVER)

HTTP_ROWS: Final = (
    Row("67 a URL", (offer(_HTTP, named(_URL)),)),
    Row("67 a URL with NUL", (offer(_HTTP, named(_URL + b"\0")),)),
    Row("67 a URL, no 60", (offer(named(_URL)),)),
    Row("67 a URL, no 54", (offer(_HTTP, named(_URL)).without(54),)),
    Row("67 a URL, no mask", (offer(_HTTP, named(_URL)).without(_MASK),)),
    Row("host by name, no 6", (offer(_HTTP, named(_OF_A_NAME)),)),
    Row("host by name, 6", (offer(_HTTP, named(_OF_A_NAME), _DNS),), resolves=True),
    Row("67 a file", (offer(_HTTP, _FILE),)),
    Row("header a URL", (offer(_HTTP, file=_URL),)),
    Row("67 a TFTP URL", (offer(_HTTP, named(b"tftp://192.168.99.40/u.efi")),)),
    Row("proxy with a URL", (_SITE, proxy(_HTTP, named(_URL)))),
    *REAL_HTTP_ROWS,
)
