"""Boot server discovery: from a boot menu to the request for one of its items (PXE 2.1 section 2.2.4).

Prompt, menu, lists of servers and discovery control are sub-options of option 43 (PXE 2.1 table
2-1). EDK2 reads them in NetworkPkg/UefiPxeBcDxe: PxeBcSelectBootPrompt, PxeBcSelectBootMenu,
PxeBcExtractDiscoverInfo, EfiPxeBcDiscover and PxeBcDhcp4Discover.
"""

from __future__ import annotations

from edgeboot.dhcp.firmware.names import next_server, server_identifier
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import BootRequest
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage


def edk2_request(pxe: PxeOptions) -> BootRequest | str:
    """The request by which EDK2 discovers a boot server of the default item, or why it sends none.

    Multicast comes first, then broadcast, then the list of servers, unless the discovery control
    disables them. Without a prompt (tag 10) it takes the first item at once.
    """
    item = pxe.first_item
    if pxe.waits_for_user or not item:
        return _no_choice(pxe)
    servers = pxe.boot_servers
    if servers and item not in servers:
        return f"option 43 tag 8 names no boot server of type {item}"
    if not pxe.multicast_disabled:
        asked = pxe.multicast_address or "an address that tag 7 does not name"
        return f"it asks for a boot server by multicast, which option 43 tag 6 does not disable, at {asked}"
    if not pxe.broadcast_disabled:
        return BootRequest(None, item)
    return _of_the_list(pxe, item)


def rom_request(pxe: PxeOptions) -> BootRequest | str:
    """The request of a BIOS option ROM, by PXE 2.1: as EDK2's, except that a listed server is asked first.

    Without a prompt the menu is shown until a user chooses.
    """
    item = pxe.first_item
    if pxe.waits_for_user or (item is not None and not pxe.has_prompt) or not item:
        return _no_choice(pxe)
    if pxe.boot_servers.get(item):
        return _of_the_list(pxe, item)
    if pxe.only_listed_servers:
        return f"option 43 tag 8 names no boot server of type {item}, and tag 6 allows no other"
    if not pxe.broadcast_disabled:
        return BootRequest(None, item)
    if not pxe.multicast_disabled and pxe.multicast_address is not None:
        return f"it asks for a boot server by multicast, at {pxe.multicast_address}"
    return _of_the_list(pxe, item)


def edk2_refusal(pxe: PxeOptions, request: BootRequest, reply: DhcpMessage) -> str | None:
    """Why EDK2 drops a boot server's reply; None if it takes it: by ``siaddr``, in the list of the type."""
    if not pxe.only_listed_servers or request.item is None:
        return None
    listed = pxe.boot_servers.get(request.item, ())
    if reply.siaddr in listed or not listed:
        return None
    return (
        f"option 43 tag 6 allows only boot servers of the list, {_names(listed)}; the reply's siaddr is "
        f"{'unset' if reply.siaddr == UNSPECIFIED else reply.siaddr}"
    )


def rom_refusal(pxe: PxeOptions, request: BootRequest, reply: DhcpMessage) -> str | None:
    """Why a BIOS option ROM drops a boot server's reply; None if it takes it: by option 54 or ``siaddr``."""
    if not pxe.only_listed_servers or request.item is None:
        return None
    listed = pxe.boot_servers.get(request.item, ())
    if {server_identifier(reply), next_server(reply)} & set(listed):
        return None
    return f"option 43 tag 6 allows only boot servers of the list, {_names(listed)}"


def _no_choice(pxe: PxeOptions) -> str:
    if pxe.first_item is None or pxe.first_item == 0:
        shown = "has no item but the local disk" if pxe.first_item is None else "begins with the local disk"
        if pxe.first_item is None or not pxe.waits_for_user:
            return f"the boot menu (option 43 tag 9) {shown}"
    return "it waits for a user at its boot menu (option 43 tag 10)"


def _of_the_list(pxe: PxeOptions, item: int) -> BootRequest | str:
    listed = pxe.boot_servers.get(item, ())
    if listed:
        return BootRequest(listed[0], item)
    return f"option 43 tag 8 names no boot server of type {item}, and tag 6 disables broadcast and multicast"


def _names(addresses: tuple[object, ...]) -> str:
    return ", ".join(map(str, addresses)) or "which is empty"
