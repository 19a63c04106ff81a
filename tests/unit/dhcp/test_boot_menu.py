"""Boot menus in option 43: prompt, default item, discovery of its boot server (PXE 2.1 table 2-1)."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.firmware import Boot, BootRequest, NoBoot, boots_from
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.offers import ACK, BIOS, EDK2, FROM, FROM_PROXY, PLAIN, PROXY, PXE, boots, proxy, vendor
from tests.unit.samples import BOOT_SERVER, OFFER, message

IPXE_BIOS: Final = CLIENTS["ipxe-bios"]
CLIENT_ADDRESS: Final = IPv4Address("192.168.99.100")
LISTED: Final = IPv4Address("192.168.99.30")
OTHER: Final = IPv4Address("192.168.99.31")

ITEM: Final = (9, b"\x80\0\x04ipxe")
TWO_ITEMS: Final = (9, b"\x80\x01\x03one\x80\0\x03two")
DISK_FIRST: Final = (9, b"\0\0\x04disk\x80\0\x04ipxe")
SERVER: Final = (8, b"\x80\0\x01" + LISTED.packed)
TWO_SERVERS: Final = (8, b"\x80\0\x01" + OTHER.packed + b"\x80\x01\x01" + LISTED.packed)
LIST_ONLY: Final = (6, b"\x03")
AT_ONCE: Final = (10, b"\0PXE")
IN_TEN_SECONDS: Final = (10, b"\nPress F8")
NEVER: Final = (10, b"\xffPress F8")


def asks(server: IPv4Address | None, item: int = 0x8000) -> tuple[BootRequest]:
    """The boot request for this item."""
    return (BootRequest(server, item),)


MENUS: Final = {
    "one item, at once": ([LIST_ONLY, ITEM, SERVER, AT_ONCE], asks(LISTED), asks(LISTED)),
    "the first of two, in time": (
        [LIST_ONLY, TWO_ITEMS, TWO_SERVERS, IN_TEN_SECONDS],
        asks(LISTED, 0x8001),
        asks(LISTED, 0x8001),
    ),
    "a user has to choose": ([LIST_ONLY, TWO_ITEMS, TWO_SERVERS, NEVER], (), ()),
    "no prompt: only a ROM waits": ([LIST_ONLY, ITEM, SERVER], asks(LISTED), ()),
    "the local disk first": ([LIST_ONLY, DISK_FIRST, SERVER, AT_ONCE], (), ()),
    "the local disk alone": ([LIST_ONLY, (9, b"\0\0\x04disk"), AT_ONCE], (), ()),
    "no server of the type": ([LIST_ONLY, (9, b"\0\x02\x04ipxe"), SERVER, AT_ONCE], (), ()),
    "by broadcast": ([(6, b"\x02"), ITEM, AT_ONCE], asks(None), asks(None)),
    "a listed server, and broadcast": ([(6, b"\x02"), ITEM, SERVER, AT_ONCE], asks(None), asks(LISTED)),
    "multicast not disabled: EDK2 sends nothing": ([ITEM, SERVER, AT_ONCE], (), asks(LISTED)),
    "only the list, and none": ([(6, b"\x07"), ITEM, AT_ONCE], (), ()),
}
"""Option 43, and the boot requests of EDK2 and of PXE 2.1's ROM, which iPXE's BIOS builds follow."""


@pytest.mark.covers("EDK2-PXE-menu", "PXE-2.1-menu")
@pytest.mark.parametrize("tags,of_edk2,of_a_rom", MENUS.values(), ids=MENUS)
@pytest.mark.parametrize("client", [EDK2, BIOS, IPXE_BIOS], ids=str)
def test_menu_leads_to_the_boot_server_of_its_default_item(
    client: ClientProfile,
    tags: list[tuple[int, bytes]],
    of_edk2: tuple[BootRequest, ...],
    of_a_rom: tuple[BootRequest, ...],
) -> None:
    """Without a person the first item is chosen in the prompt's time; no file of the offer counts."""
    outcome = boots_from(client, [message(OFFER, FROM, PXE, vendor(*tags), file=b"a.efi")])
    assert isinstance(outcome, NoBoot)
    assert outcome.requests == (of_edk2 if client is EDK2 else of_a_rom), outcome.reason


@pytest.mark.covers("EDK2-PXE-menu")
@pytest.mark.parametrize(
    "tags,header,url",
    [
        ([(6, b"\x08")], b"a.efi", f"tftp://{BOOT_SERVER}/a.efi"),
        ([(6, b"\x08"), (8, b"\0\x01\x01" + LISTED.packed)], b"a.efi", f"tftp://{LISTED}/a.efi"),
        ([(6, b"\x08")], b"", None),
        ([(6, b"\x08"), DISK_FIRST], b"a.efi", f"tftp://{BOOT_SERVER}/a.efi"),
    ],
    ids=["file", "listed server", "no file", "menu passed over"],
)
def test_discovery_control_8_boots_the_named_file(
    tags: list[tuple[int, bytes]], header: bytes, url: str | None
) -> None:
    """Bit 3 passes over prompt, menu and discovery, if a file is named."""
    assert boots(EDK2, message(OFFER, FROM, PXE, vendor(*tags), file=header)) == url


REPLY: Final = message(ACK, FROM_PROXY, PXE, file=b"menu.efi", siaddr=OTHER)
"""From the boot server that was asked, with another in ``siaddr``."""


@pytest.mark.covers("EDK2-PXE-menu", "PXE-2.1-boot-item")
@pytest.mark.parametrize("client,server", [(EDK2, LISTED), (BIOS, OTHER), (IPXE_BIOS, OTHER)], ids=str)
def test_boot_server_of_the_menu_names_the_file(client: ClientProfile, server: IPv4Address) -> None:
    """EDK2 fetches it from the server that it asked, the others from ``siaddr`` of the reply."""
    offers = [PLAIN, proxy(vendor(LIST_ONLY, ITEM, SERVER, AT_ONCE))]
    outcome = boots_from(client, offers, from_boot_servers=[REPLY])
    assert outcome == Boot(f"tftp://{server}/menu.efi", asks(LISTED))


@pytest.mark.covers("EDK2-PXE-menu")
def test_boot_server_found_by_broadcast_names_itself() -> None:
    """Nobody was asked by address: ``siaddr`` of the reply is the server."""
    menu = proxy(vendor((6, b"\x02"), ITEM, AT_ONCE))
    assert boots(EDK2, PLAIN, menu, then=[REPLY]) == f"tftp://{OTHER}/menu.efi"


@pytest.mark.covers("EDK2-PXE-menu")
def test_reply_of_a_server_that_is_not_listed_is_dropped() -> None:
    """Bit 2 of the discovery control: EDK2 compares ``siaddr``, a ROM is content with option 54."""
    menu = proxy(vendor((6, b"\x07"), ITEM, SERVER, AT_ONCE))
    assert f"the reply's siaddr is {OTHER}" in str(boots_from(EDK2, [PLAIN, menu], from_boot_servers=[REPLY]))
    assert boots(EDK2, PLAIN, menu, then=[replace(REPLY, siaddr=LISTED)]) == f"tftp://{LISTED}/menu.efi"
    assert boots(BIOS, PLAIN, menu, then=[REPLY]) == f"tftp://{OTHER}/menu.efi"


@pytest.mark.covers("EDK2-PXE-menu", "EDK2-PXE-binl")
def test_menu_may_come_from_port_4011() -> None:
    """dnsmasq sends UEFI clients there for a menu of several items: then it is asked twice."""
    menu = message(ACK, FROM_PROXY, PXE, vendor(LIST_ONLY, TWO_ITEMS, TWO_SERVERS, AT_ONCE))
    asked = BootRequest(PROXY)
    first = boots_from(EDK2, [PLAIN, proxy(siaddr=PROXY)])
    second = boots_from(EDK2, [PLAIN, proxy(siaddr=PROXY)], from_boot_servers=[menu])
    third = boots_from(EDK2, [PLAIN, proxy(siaddr=PROXY)], from_boot_servers=[menu, REPLY])
    assert first.requests == (asked,)
    assert second.requests == (asked, *asks(LISTED, 0x8001))
    assert third == Boot(f"tftp://{LISTED}/menu.efi", (asked, *asks(LISTED, 0x8001)))


@pytest.mark.covers("PXE-2.1-boot-item")
def test_boot_request_carries_the_item_as_edk2_sends_it() -> None:
    """Option 43 is the first after message type and size: type and layer, as in a capture of EDK2."""
    sent = EdgeNodeIdentity.numbered(1).ask_boot_server(7, CLIENT_ADDRESS, 0x8001)
    assert (sent.ciaddr, sent.flags) == (CLIENT_ADDRESS, 0)
    assert sent.options.get(Code.VENDOR_SPECIFIC) == bytes.fromhex("470480010000ff")
    assert Code.VENDOR_SPECIFIC not in EdgeNodeIdentity.numbered(1).ask_boot_server(7, CLIENT_ADDRESS).options
