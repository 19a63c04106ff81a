"""PXE rules of EDK2 and of a BIOS ROM: offer selection, boot server request, boot file."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.dhcp.firmware import Boot, BootRequest, boots_from
from edgeboot.dhcp.message import UNSPECIFIED, option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.offers import (
    ACK,
    BIOS,
    EDK2,
    FROM,
    FROM_PROXY,
    IPXE,
    PLAIN,
    PROXY,
    PXE,
    boots,
    file,
    proxy,
    vendor,
)
from tests.unit.samples import BOOT_SERVER, OFFER, SERVER, message


@pytest.mark.covers("BIOS-reads-on")
def test_rom_reads_on_into_the_next_option_until_a_nul() -> None:
    """Code, length and data of the next option become part of the name."""
    offer = message(OFFER, FROM, file(b"a"), option(Code.HOST_NAME, b"b\0"))
    assert boots(BIOS, offer) == "tftp://192.168.99.40/a\x0c\x02b"


def test_dhcpack_takes_precedence_over_the_offer() -> None:
    """EDK2 selects by the offer, but reads server and file from the DHCPACK."""
    offer = message(OFFER, FROM, file(b"offered.efi"))
    ack = message(ACK, FROM, file(b"given.efi"))
    assert boots(EDK2, offer, ack) == boots(EDK2, ack) == "tftp://192.168.99.40/given.efi"


@pytest.mark.covers("EDK2-PXE-dhcp-only")
def test_edk2_takes_the_first_plain_offer_that_names_a_file() -> None:
    """An offer without a file is skipped, even if it arrived first."""
    other = message(OFFER, FROM_PROXY, file(b"second.efi"), siaddr=PROXY)
    assert boots(EDK2, PLAIN, other) == f"tftp://{PROXY}/second.efi"
    assert "no boot file" in str(boots_from(EDK2, [PLAIN]))


@pytest.mark.covers("EDK2-PXE-dhcp-only")
def test_edk2_takes_a_bootp_reply_with_a_file() -> None:
    """A reply without option 53 is BOOTP, from which EDK2 still boots."""
    assert boots(EDK2, message(FROM, file=b"a.efi")) == "tftp://192.168.99.40/a.efi"


@pytest.mark.covers("EDK2-PXE-binl")
@pytest.mark.parametrize("siaddr,boot_server", [(BOOT_SERVER, BOOT_SERVER), (UNSPECIFIED, SERVER)])
def test_option_60_in_an_offer_sends_edk2_to_port_4011(siaddr: IPv4Address, boot_server: IPv4Address) -> None:
    """Without boot servers in option 43 it asks there, even though the offer names a file."""
    offer = message(OFFER, FROM, PXE, file(b"a.efi"), siaddr=siaddr)
    outcome = boots_from(EDK2, [offer])
    request = BootRequest(boot_server, client_port=4011)
    assert (outcome.url, outcome.requests) == (None, (request,))
    acknowledgement = message(ACK, FROM, PXE, file(b"told.efi"))
    assert boots_from(EDK2, [offer], from_boot_servers=[[acknowledgement]]) == Boot(
        "tftp://192.168.99.40/told.efi", (request,)
    )


@pytest.mark.covers("EDK2-PXE-binl")
def test_edk2_asks_the_proxy_that_names_no_file() -> None:
    """A plain offer with an address and a ProxyDHCP offer: server and file come from port 4011."""
    outcome = boots_from(EDK2, [proxy(), PLAIN])
    assert (outcome.url, outcome.requests) == (None, (BootRequest(PROXY, client_port=4011),))
    acknowledgement = message(ACK, FROM_PROXY, PXE, file=b"proxy.efi", siaddr=PROXY)
    assert boots(EDK2, proxy(), PLAIN, then=[acknowledgement]) == f"tftp://{PROXY}/proxy.efi"
    assert boots(EDK2, proxy(), PLAIN, then=[message(ACK, FROM_PROXY, PXE)]) is None


@pytest.mark.covers("EDK2-PXE-menu")
def test_option_43_is_ignored_without_option_60() -> None:
    """EDK2 parses it as PXE options only in an offer with option 60 PXEClient."""
    offer = message(OFFER, FROM, vendor((9, b"\0\0\x05local")), file(b"a.efi"))
    assert boots(EDK2, offer) == "tftp://192.168.99.40/a.efi"


@pytest.mark.covers("EDK2-PXE-tftp-only")
def test_edk2_pxe_asks_a_tftp_server_for_a_url() -> None:
    """Only HTTP Boot and iPXE use URLs; PXE firmware supports TFTP only."""
    offer = message(OFFER, FROM, file(b"http://192.168.99.40/a.efi"))
    assert boots(EDK2, offer) == "tftp://192.168.99.40/http://192.168.99.40/a.efi"
    assert boots(IPXE, offer) == "http://192.168.99.40/a.efi"
