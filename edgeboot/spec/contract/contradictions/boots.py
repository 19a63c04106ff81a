"""What clients are stated to boot, and cannot by their family's rules or by the terms of the replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import BootRules
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.contradictions.contradiction import Contradiction

_TFTP: Final = frozenset({"tftp"})
_WEB: Final = frozenset({"http", "https"})
_SCHEMES: Final = {
    BootRules.EDK2_PXE: _TFTP,
    BootRules.EDK2_HTTP: _WEB,
    BootRules.PXE_BIOS: _TFTP,
    BootRules.U_BOOT: _TFTP,
    BootRules.U_BOOT_2021: _TFTP,
    BootRules.U_BOOT_HTTP: _WEB,
    BootRules.RASPBERRY_PI: _TFTP,
    BootRules.RASPBERRY_PI_4: _TFTP,
    BootRules.NOTHING: frozenset[str](),
}
"""How a family can fetch its file (``edgeboot.dhcp.firmware``); one that is not named is free."""
_BY_MENU: Final = frozenset({Code.VENDOR_SPECIFIC, Code.VENDOR_CLASS_IDENTIFIER})
"""Options by which a client is sent to another machine than the reply names."""


def unreachable(terms: Contract) -> Iterator[Contradiction]:
    """URLs of ``boots`` that no reply leads to."""
    for name, client in terms.all_clients.items():
        url = terms.url_for(client)
        schemes = _SCHEMES.get(client.rules)
        if url is None or schemes is None or urlsplit(url).scheme in schemes:
            continue
        problem = f"is {url}, and {name} fetches by {' or '.join(sorted(schemes))} only"
        if not schemes:
            problem = f"is {url}, and {name} boots nothing: it is an operating system's client"
        yield Contradiction(f"boots.{name}", problem, 'correct the URL, or write { nothing = "why" }')
    yield from _of_the_nodes(terms)


def _of_the_nodes(terms: Contract) -> Iterator[Contradiction]:
    """The suite's own nodes read next_server and bootfile, unless a menu or a ProxyDHCP leads elsewhere."""
    client = terms.default_client
    stated = terms.url_for(client)
    if terms.proxy is not None or stated is None or terms.options.codes_for(client.name) & _BY_MENU:
        return
    server = terms.server_identifier if terms.next_server == UNSPECIFIED else terms.next_server
    named = f"tftp://{server}/{terms.bootfile.lstrip('/')}" if terms.boots_by_tftp else terms.bootfile
    if stated == named:
        return
    other_server = urlsplit(stated).path == urlsplit(named).path and terms.boots_by_tftp
    yield Contradiction(
        "next_server" if other_server else "bootfile",
        f"these terms name {named}, and boots.{client.name} is {stated}",
        "correct one of them: that client is the one that next_server and bootfile are stated for",
    )
