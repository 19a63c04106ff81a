"""What systems are offered: the routes of a lease, in every option that has some, in and out of form."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.firmware.offer import BOOT_SERVER, ROUTER, SERVER, SITE, Row, offer

_BEYOND: Final = bytes.fromhex("180a6300") + SERVER.packed
"""10.99.0.0/24 by the server, as options 121 and 249 have it."""
_DEFAULT: Final = b"\0" + ROUTER.packed
_OTHER_DEFAULT: Final = b"\0" + SITE.packed
_ON_LINK: Final = bytes.fromhex("180a6200 00000000")
_TO_HOST: Final = IPv4Address("10.99.0.7").packed + SERVER.packed


def _classless(*parts: bytes) -> DhcpOption:
    return option(Code.CLASSLESS_STATIC_ROUTE, b"".join(parts))


def _microsoft(*parts: bytes) -> DhcpOption:
    return option(Code.MICROSOFT_CLASSLESS_STATIC_ROUTE, b"".join(parts))


_OF_HOSTS: Final = option(Code.STATIC_ROUTE, _TO_HOST)
_TWO_ROUTERS: Final = option(Code.ROUTER, ROUTER.packed + SITE.packed)
_PLAIN: Final = offer()
_ROUTERLESS: Final = _PLAIN.without(Code.ROUTER)

SILENCE: Final = Row("silence", ())
"""How a client asks again; a minute for most."""
LEASE_ROWS: Final = (
    Row("routes: router", (_PLAIN,)),
    Row("routes: no router", (_ROUTERLESS,)),
    Row("routes: two routers", (_ROUTERLESS.adding(_TWO_ROUTERS),)),
    Row("routes: 121 with a default route, and a router", (offer(_classless(_BEYOND, _OTHER_DEFAULT)),)),
    Row("routes: 121 without a default route, and a router", (offer(_classless(_BEYOND)),)),
    Row("routes: 121 for a network of the link", (offer(_classless(_ON_LINK, _DEFAULT)),)),
    Row("routes: 121 in two options (RFC 3396)", (offer(_classless(_BEYOND), _classless(_DEFAULT)),)),
    Row("routes: 33 for a host, and a router", (offer(_OF_HOSTS),)),
    Row("routes: 33 and 121", (offer(_OF_HOSTS, _classless(_BEYOND, _DEFAULT)),)),
    Row("routes: 249 alone, and a router", (offer(_microsoft(_BEYOND, _OTHER_DEFAULT)),)),
    Row(
        "routes: 121 and 249 that differ", (offer(_microsoft(_OTHER_DEFAULT), _classless(_BEYOND, _DEFAULT)),)
    ),
    Row("routes: 121 cut short, and a router", (offer(_classless(_BEYOND[:-2])),)),
    Row(
        "routes: boot data beside them", (offer(option(Code.BOOTFILE_NAME, b"ipxe.efi"), siaddr=BOOT_SERVER),)
    ),
)
