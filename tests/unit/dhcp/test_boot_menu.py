"""Boot menus in option 43: prompt, default item, the first boot request (PXE 2.1 table 2-1)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.firmware import boots_from
from tests.unit.offers import BIOS, EDK2, FROM, PXE, boots, vendor
from tests.unit.samples import BOOT_SERVER, OFFER, message

IPXE_BIOS: Final = CLIENTS["ipxe-bios"]
LISTED: Final = IPv4Address("192.168.99.30")
OTHER: Final = IPv4Address("192.168.99.31")
GROUP: Final = IPv4Address("224.0.1.2")

ITEM: Final = (9, b"\x80\0\x04ipxe")
TWO_ITEMS: Final = (9, b"\x80\x01\x03one\x80\0\x03two")
DISK_FIRST: Final = (9, b"\0\0\x04disk\x80\0\x04ipxe")
SERVER: Final = (8, b"\x80\0\x01" + LISTED.packed)
TWO_SERVERS: Final = (8, b"\x80\0\x01" + OTHER.packed + b"\x80\x01\x01" + LISTED.packed)
LIST_ONLY: Final = (6, b"\x03")
AT_ONCE: Final = (10, b"\0PXE")
IN_TEN_SECONDS: Final = (10, b"\nPress F8")
NEVER: Final = (10, b"\xffPress F8")


def asks(server: IPv4Address | None, item: int = 0x8000) -> tuple[IPv4Address | None, int]:
    """Whom the client asks first, and for what type; None is everybody."""
    return (server, item)


MENUS: Final = {
    "one item, at once": ([LIST_ONLY, ITEM, SERVER, AT_ONCE], *3 * [asks(LISTED)]),
    "the first of two, in time": (
        [LIST_ONLY, TWO_ITEMS, TWO_SERVERS, IN_TEN_SECONDS],
        *3 * [asks(LISTED, 0x8001)],
    ),
    "a user has to choose": ([LIST_ONLY, TWO_ITEMS, TWO_SERVERS, NEVER], None, None, None),
    "no prompt: only a ROM waits": ([LIST_ONLY, ITEM, SERVER], asks(LISTED), None, None),
    "the local disk first": ([LIST_ONLY, DISK_FIRST, SERVER, AT_ONCE], None, None, None),
    "the local disk alone": ([LIST_ONLY, (9, b"\0\0\x04disk"), AT_ONCE], None, None, None),
    "no server of the type": ([LIST_ONLY, (9, b"\0\x02\x04ipxe"), SERVER, AT_ONCE], None, None, None),
    "by broadcast": ([(6, b"\x02"), ITEM, AT_ONCE], *3 * [asks(None)]),
    "a listed server, and broadcast": (
        [(6, b"\x02"), ITEM, SERVER, AT_ONCE],
        asks(None),
        asks(LISTED),
        asks(None),
    ),
    "multicast not disabled: EDK2 sends nothing": (
        [(6, b"\x01"), ITEM, SERVER, AT_ONCE],
        None,
        asks(LISTED),
        asks(LISTED),
    ),
    "multicast": ([(7, GROUP.packed), ITEM, SERVER, AT_ONCE], asks(GROUP), asks(LISTED), asks(GROUP)),
    "only the list, and none": ([(6, b"\x05"), (7, GROUP.packed), ITEM, AT_ONCE], None, None, asks(GROUP)),
}
"""Option 43, and the first boot request of EDK2, of PXE 2.1's ROM and of iPXE's BIOS builds."""


@pytest.mark.covers("EDK2-PXE-menu", "PXE-2.1-menu", "PXE-2.1-multicast")
@pytest.mark.parametrize("tags,of_edk2,of_a_rom,of_ipxe", MENUS.values(), ids=MENUS)
def test_menu_leads_to_the_boot_server_of_its_default_item(
    tags: list[tuple[int, bytes]], of_edk2: object, of_a_rom: object, of_ipxe: object
) -> None:
    """Without a person the first item is chosen in the prompt's time; no file of the offer counts."""
    offer = message(OFFER, FROM, PXE, vendor(*tags), file=b"a.efi")
    outcomes = [boots_from(client, [offer]) for client in (EDK2, BIOS, IPXE_BIOS)]
    first = [next(((sent.server, sent.item) for sent in each.requests), None) for each in outcomes]
    assert [each.url for each in outcomes] == [None, None, None]
    assert first == [of_edk2, of_a_rom, of_ipxe]


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
