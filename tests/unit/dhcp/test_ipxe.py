"""iPXE's own rules: proxies, menus, option 175."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.firmware import Boot, BootRequest, NoBoot, boots_from
from edgeboot.dhcp.message import UNSPECIFIED, option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.offers import (
    ACK,
    FROM,
    FROM_PROXY,
    IPXE,
    PLAIN,
    PROXY,
    PXE,
    boots,
    proxy,
    vendor,
)
from tests.unit.samples import BOOT_SERVER, OFFER, message


@pytest.mark.covers("IPXE-proxy")
def test_ipxe_asks_a_proxy_only_where_its_offer_lacks_something() -> None:
    """With file and server it does not ask; else it asks port 4011 of option 54 and uses the reply."""
    assert boots(IPXE, PLAIN, proxy(header=b"p.efi", siaddr=PROXY)) == f"tftp://{PROXY}/p.efi"
    outcome = boots_from(IPXE, [PLAIN, proxy(siaddr=BOOT_SERVER)])
    request = BootRequest(PROXY, broadcast=True, server_identifier=PROXY)
    assert (outcome.url, outcome.requests) == (None, (request,))
    acknowledgement = message(ACK, FROM_PROXY, PXE, file=b"told.efi", siaddr=PROXY)
    assert boots_from(IPXE, [PLAIN, proxy()], from_boot_servers=[[acknowledgement]]) == Boot(
        f"tftp://{PROXY}/told.efi", (request,)
    )


@pytest.mark.covers("IPXE-no-175")
def test_ipxe_ignores_a_proxy_where_option_175_says_so() -> None:
    """Sub-option 176 (no-pxedhcp) in the server's offer turns ProxyDHCP off."""
    without_proxy = message(OFFER, FROM, option(Code.ETHERBOOT, b"\xb0\x01\x01"), siaddr=UNSPECIFIED)
    outcome = boots_from(IPXE, [without_proxy, proxy(header=b"p.efi", siaddr=PROXY)])
    assert outcome == NoBoot("no boot file is named")


@pytest.mark.covers("IPXE-proxy")
def test_ipxe_for_efi_has_no_boot_menu() -> None:
    """A menu in option 43 prevents booting, unless discovery control selects the named file."""
    menu = (9, b"\0\x01\x04ipxe")
    assert "boot menu" in str(boots_from(IPXE, [message(OFFER, FROM, PXE, vendor(menu), file=b"a.efi")]))
    skipped = message(OFFER, FROM, PXE, vendor((6, b"\x08"), menu), file=b"a.efi")
    assert boots(IPXE, skipped) == "tftp://192.168.99.40/a.efi"
