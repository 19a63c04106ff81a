"""What EDK2's DHCP driver makes of an offer before PXE or HTTP Boot looks for a boot file in it."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import boots_from
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.offers import (
    BIOS,
    EDK2,
    FROM,
    FROM_PROXY,
    HTTP,
    HTTP_CLASS,
    IPXE,
    PLAIN,
    PXE,
    U_BOOT,
    boots,
    file,
    vendor,
)
from tests.unit.samples import MASK, NO_MASK, OFFER, message

URL: dict[ClientProfile, tuple[DhcpOption, ...]] = {
    EDK2: (file(b"a.efi"),),
    HTTP: (HTTP_CLASS, file(b"http://192.168.99.40/a.efi")),
}
"""What makes an offer boot each of the two clients above the driver."""


@pytest.mark.covers("EDK2-server-identifier")
@pytest.mark.parametrize("client", URL, ids=str)
@pytest.mark.parametrize(
    "identifier", [(), (option(Code.SERVER_IDENTIFIER, UNSPECIFIED),)], ids=["none", "unspecified"]
)
def test_edk2_ignores_an_offer_without_a_server_identifier(
    client: ClientProfile, identifier: tuple[DhcpOption, ...]
) -> None:
    """OVMF 2022.11 on the wire: DHCPDISCOVER again and again, PXE-E18 (Dhcp4Io.c, DhcpHandleSelect)."""
    offer = message(OFFER, *identifier, *URL[client])
    outcome = str(boots_from(client, [offer]))
    assert outcome == "nothing: it ignores an offer without a server identifier (option 54)"
    assert boots(client, offer, message(OFFER, FROM, *URL[client])) is not None


@pytest.mark.covers("EDK2-server-identifier")
def test_other_clients_and_bootp_need_no_server_identifier() -> None:
    """iPXE then requests with option 54 at 0.0.0.0, U-Boot without; a BOOTP reply has none anyway."""
    offer = message(OFFER, file(b"a.efi"), file=b"a.efi")
    assert [boots(client, offer) for client in (IPXE, U_BOOT, BIOS)] == 3 * ["tftp://192.168.99.40/a.efi"]
    assert boots(EDK2, message(file=b"a.efi")) == "tftp://192.168.99.40/a.efi"


@pytest.mark.covers("EDK2-server-identifier")
def test_edk2_ignores_a_proxy_without_a_server_identifier() -> None:
    """The driver drops it before PXE sees that it has no address."""
    menu = vendor((6, b"\x08"))
    proxied = message(OFFER, PXE, menu, yiaddr=UNSPECIFIED, file=b"p.efi")
    named = message(OFFER, FROM_PROXY, PXE, menu, yiaddr=UNSPECIFIED, file=b"p.efi")
    assert boots(EDK2, PLAIN, proxied) is None
    assert boots(EDK2, PLAIN, named) == "tftp://192.168.99.40/p.efi"


@pytest.mark.covers("EDK2-subnet-mask")
@pytest.mark.parametrize("client", URL, ids=str)
@pytest.mark.parametrize(
    "mask", [NO_MASK, option(Code.SUBNET_MASK, UNSPECIFIED), DhcpOption(Code.SUBNET_MASK, b"\xff\xff")]
)
def test_edk2_declines_an_address_without_a_subnet_mask(client: ClientProfile, mask: DhcpOption) -> None:
    """OVMF 2022.11 on the wire: DHCPACK, then DHCPDECLINE, PXE-E21 (Dhcp4Io.c, DhcpLeaseAcquired)."""
    outcome = str(boots_from(client, [message(OFFER, FROM, *URL[client], mask)]))
    assert "declines 192.168.99.100 (DHCPDECLINE): the offer has no subnet mask (option 1)" in outcome
    assert boots(client, message(OFFER, FROM, MASK, *URL[client])) is not None


@pytest.mark.covers("EDK2-subnet-mask")
@pytest.mark.parametrize(
    "messages",
    [
        [message(OFFER, FROM, PXE, vendor((6, b"\x08")), NO_MASK, file=b"a.efi")],
        [message(OFFER, FROM, PXE, NO_MASK)],
        [message(NO_MASK, file=b"a.efi")],
        [message(OFFER, FROM, NO_MASK), message(OFFER, FROM_PROXY, PXE, yiaddr=UNSPECIFIED)],
    ],
    ids=["menu", "port 4011", "BOOTP", "beside a proxy"],
)
def test_mask_is_that_of_the_offer_whose_address_it_takes(messages: list[DhcpMessage]) -> None:
    """Whatever leads to the boot file; no boot server is asked."""
    outcome = boots_from(EDK2, messages)
    assert ("subnet mask" in str(outcome), outcome.requests) == (True, ())


@pytest.mark.covers("EDK2-subnet-mask")
def test_other_clients_boot_without_a_subnet_mask() -> None:
    """The rule is that of EDK2's driver; nothing like it is known of them."""
    offer = message(OFFER, FROM, NO_MASK, file=b"a.efi")
    assert [boots(client, offer) for client in (IPXE, U_BOOT, BIOS)] == 3 * ["tftp://192.168.99.40/a.efi"]
