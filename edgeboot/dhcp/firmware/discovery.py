"""Boot server discovery: from a boot menu to the reply of its item's boot server (PXE 2.1 section 2.2.4).

Prompt, menu, lists of servers and discovery control are sub-options of option 43 (PXE 2.1 table
2-1). EDK2 reads them in NetworkPkg/UefiPxeBcDxe: PxeBcSelectBootPrompt, PxeBcSelectBootMenu,
PxeBcExtractDiscoverInfo, EfiPxeBcDiscover and PxeBcDhcp4Discover; iPXE in src/net/udp/dhcp.c:
start_pxebs, dhcp_pxebs_rx and dhcp_pxebs_expired.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.firmware.names import next_server, server_identifier
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import BootRequest
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType


@dataclass(frozen=True, slots=True)
class Discovered:
    """How far a discovery has come."""

    requests: tuple[BootRequest, ...]
    """Those sent, and the one to be sent next while there is no reply."""
    reply: DhcpMessage | None
    """The reply that the client goes by."""
    problem: str = ""
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The boot requests for a menu's default item, and which replies the client takes."""

    requests: tuple[BootRequest, ...]
    """In the order sent; never empty."""
    refusal: Callable[[BootRequest, DhcpMessage], str | None]
    """Why the client drops a reply; None if it takes it. Of several it goes by the first that it takes."""
    asks_all: bool = False
    """Whether it sends each request whatever the replies to those before, and goes by the last one's."""

    def after(self, answers: Sequence[Sequence[DhcpMessage]]) -> Discovered:
        """What follows from the replies to the requests so far."""
        problem, silent = "", list[BootRequest]()
        for number, request in enumerate(self.requests):
            if number == len(answers):
                return Discovered(self.requests[: number + 1], None, f"it waits for {request}")
            refusals = [(self.refusal(request, reply), reply) for reply in answers[number]]
            taken = next((reply for refused, reply in refusals if refused is None), None)
            if taken is not None and (not self.asks_all or request is self.requests[-1]):
                return Discovered(self.requests[: number + 1], taken)
            if not refusals:
                silent.append(request)
            problem = next((refused for refused, _ in refusals if refused), "")
        return Discovered(self.requests, None, problem or self._waits(silent))

    def _waits(self, silent: list[BootRequest]) -> str:
        if self.asks_all and len(self.requests) > 1:
            rule = "it asks each boot server of the list (option 43 tag 8) and goes by the last one"
            return f"it waits for {self.requests[-1]}: {rule}"
        return f"it waits for {', and then for '.join(map(str, silent))}"


def edk2_discovery(pxe: PxeOptions) -> Discovery | str:
    """How EDK2 looks for a boot server of the default item, or why it does not.

    By multicast, else by broadcast, else at each address of the list, whichever the discovery
    control leaves first. Without a prompt (tag 10) it takes the first item at once.
    """
    item = pxe.first_item
    if pxe.waits_for_user or not item:
        return _no_choice(pxe)
    listed = next((servers for kind, servers in pxe.boot_servers if kind == item), None)
    if pxe.lists_servers and listed is None:
        return f"option 43 tag 8 names no boot server of type {item}"
    if pxe.only_listed_servers and not listed:
        return f"option 43 tag 8 names no boot server of type {item}, and tag 6 allows no other"
    requests = _edk2_requests(pxe, item, listed or ())
    if isinstance(requests, str):
        return requests

    def refusal(_: BootRequest, reply: DhcpMessage) -> str | None:
        if not pxe.only_listed_servers or reply.siaddr in (listed or ()):
            return None
        received = "unset" if reply.siaddr == UNSPECIFIED else reply.siaddr
        return f"{_only(listed or ())}; the reply's siaddr is {received}"

    return Discovery(requests, refusal, asks_all=True)


def _edk2_requests(
    pxe: PxeOptions, item: int, listed: tuple[IPv4Address, ...]
) -> tuple[BootRequest, ...] | str:
    if not pxe.multicast_disabled:
        if pxe.multicast_address is None:
            return (
                "it asks for a boot server by multicast, which option 43 tag 6 does not disable, "
                "at an address that tag 7 does not name"
            )
        return (BootRequest(pxe.multicast_address, item, BOOT_SERVER_PORT),)
    if not pxe.broadcast_disabled:
        return (BootRequest(None, item, broadcast=True),)
    if not listed:
        return _nobody(item)
    return tuple(BootRequest(server, item, BOOT_SERVER_PORT) for server in listed)


def rom_discovery(pxe: PxeOptions) -> Discovery | str:
    """How a BIOS option ROM looks for one, by PXE 2.1; that listed servers come first is an assumption.

    Without a prompt the menu is shown until a user chooses.
    """
    item, listed = pxe.first_item, _servers(pxe)
    if pxe.waits_for_user or (item is not None and not pxe.has_prompt) or not item:
        return _no_choice(pxe)
    if pxe.only_listed_servers and not listed:
        return f"option 43 tag 8 names no boot server of type {item}, and tag 6 allows no other"
    ways = (*listed, *reversed(_everybody(pxe)))

    def refusal(request: BootRequest, reply: DhcpMessage) -> str | None:
        asked = request.server is not None and not request.server.is_multicast
        if not asked and not has_vendor_class("PXEClient", reply):
            return f"it waits for {request}: a reply without option 60 PXEClient is no boot server's"
        if pxe.only_listed_servers and not {server_identifier(reply), next_server(reply)} & set(listed):
            return _only(listed)
        return None

    return Discovery(tuple(BootRequest(way, item) for way in ways), refusal) if ways else _nobody(item)


def ipxe_discovery(pxe: PxeOptions, vendor_class: bytes | None = None) -> Discovery | str:
    """How iPXE's BIOS builds look for one: by multicast, then by broadcast, then at the list's addresses.

    A reply must be a DHCPACK that repeats the item (option 43 tag 71). ``vendor_class`` is what its
    requests have in option 60.
    """
    item, listed = pxe.first_item, _servers(pxe)
    if pxe.waits_for_user or (item is not None and not pxe.has_prompt) or not item:
        return _no_choice(pxe)
    ways = (*_everybody(pxe), *listed)

    def refusal(_: BootRequest, reply: DhcpMessage) -> str | None:
        if reply.message_type is not MessageType.DHCPACK:
            return f"the reply is no DHCPACK but a {reply.name}"
        repeated = PxeOptions.of(reply).item
        if repeated != item:
            received = "none" if repeated is None else repeated
            return f"the reply has to repeat the item (option 43 tag 71), type {item}; it has {received}"
        if pxe.only_listed_servers and (server_identifier(reply) or reply.siaddr) not in listed:
            return _only(listed)
        return None

    requests = tuple(BootRequest(way, item, broadcast=True, vendor_class=vendor_class) for way in ways)
    return Discovery(requests, refusal) if requests else _nobody(item)


def _servers(pxe: PxeOptions) -> tuple[IPv4Address, ...]:
    """The addresses of every entry of the default item's type."""
    return tuple(server for kind, servers in pxe.boot_servers if kind == pxe.first_item for server in servers)


def _everybody(pxe: PxeOptions) -> tuple[IPv4Address | None, ...]:
    """The multicast group, and None for broadcast, where the discovery control leaves them."""
    multicast = () if pxe.multicast_disabled or pxe.multicast_address is None else (pxe.multicast_address,)
    return multicast if pxe.broadcast_disabled else (*multicast, None)


def _no_choice(pxe: PxeOptions) -> str:
    if pxe.first_item is None or pxe.first_item == 0:
        shown = "has no item but the local disk" if pxe.first_item is None else "begins with the local disk"
        if pxe.first_item is None or not pxe.waits_for_user:
            return f"the boot menu (option 43 tag 9) {shown}"
    return "it waits for a user at its boot menu (option 43 tag 10)"


def _nobody(item: int) -> str:
    return f"option 43 tag 8 names no boot server of type {item}, and tag 6 disables broadcast and multicast"


def _only(listed: tuple[IPv4Address, ...]) -> str:
    names = ", ".join(map(str, listed)) or "which is empty"
    return f"option 43 tag 6 allows only boot servers of the list, {names}"
