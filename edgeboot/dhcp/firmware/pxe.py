"""PXE boot over TFTP: EDK2's UefiPxeBcDxe, and a BIOS option ROM, which reads names differently.

EDK2: PxeBcDhcp4.c classifies the offers (PxeBcParseDhcp4Packet), selects one or a pair
(PxeBcSelectDhcp4Offer) and asks port 4011 where required (PxeBcHandleDhcp4Offer,
PxeBcRetryBinlOffer); PxeBcBoot.c discovers boot servers and takes server and file
(PxeBcDiscoverBootFile, PxeBcDhcp4BootInfo). That is the order of PXE 2.1 section 2.4, so
the ROM is assumed to follow it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware.answers import Answers, has_vendor_class
from edgeboot.dhcp.firmware.discovery import edk2_refusal, edk2_request, rom_refusal, rom_request
from edgeboot.dhcp.firmware.names import BootString, bootfile, c_string, header_file, next_server
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import Boot, BootRequest, NoBoot, tftp_boot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode


class OfferType(Enum):
    """EDK2's classes of offers (PXEBC_OFFER_TYPE); each may come with or without an address."""

    BOOTP = auto()
    DHCP_ONLY = auto()
    """No option 60 PXEClient: plain DHCP for EDK2, usable if it names a file."""
    PXE10 = auto()
    """PXEClient, with boot servers, a menu or discovery control in option 43."""
    BINL = auto()
    """PXEClient without any of those: the file is requested on port 4011."""
    DISCARDED = auto()


def offer_type(message: DhcpMessage) -> OfferType:
    """EDK2's class of an offer, independent of whether it has an address."""
    if message.message_type is None:
        return OfferType.BOOTP
    if not has_vendor_class(PXE_CLASS, message):
        return OfferType.DHCP_ONLY if message.yiaddr != UNSPECIFIED else OfferType.DISCARDED
    pxe = PxeOptions.of(message)
    if pxe.is_pxe10:
        return OfferType.PXE10
    return OfferType.DISCARDED if pxe.multicast_only else OfferType.BINL


def edk2_boots(answers: Answers) -> Boot | NoBoot:
    """What EDK2's PXE client boots, or the reason why it boots nothing."""
    return _Client(answers, bootfile, edk2_request, edk2_refusal, keeps_discovered_server=True).boots()


def bios_boots(answers: Answers) -> Boot | NoBoot:
    """What a BIOS option ROM boots. It starts any file it fetches, one made for UEFI too."""
    return _Client(answers, _rom_bootfile, rom_request, rom_refusal, keeps_discovered_server=False).boots()


def _rom_bootfile(message: DhcpMessage) -> BootString | None:
    """The header's ``file``, else option 67 up to the first NUL, even if that is behind the option."""
    name = header_file(message)
    data = message.options.get(OptionCode.BOOTFILE_NAME)
    if name is not None or not data:
        return name
    position = message.options.codes.index(OptionCode.BOOTFILE_NAME)
    behind = [following.encode() for following in message.options.entries[position + 1 :]]
    terminators = c_string(data, "").terminators
    name = c_string(b"".join((data, *behind, bytes((OptionCode.END,)))), "option 67")
    return BootString(name.text, name.source, terminators)


@dataclass(frozen=True, slots=True)
class _Client:
    answers: Answers
    file: Callable[[DhcpMessage], BootString | None]
    request: Callable[[PxeOptions], BootRequest | str]
    refusal: Callable[[PxeOptions, BootRequest, DhcpMessage], str | None]
    keeps_discovered_server: bool
    """Whether the file is fetched from the boot server that was asked, not from ``siaddr`` of its reply."""

    def boots(self) -> Boot | NoBoot:
        """Select an offer in EDK2's order of preference; within a class the first to arrive wins."""
        plain = self._offers(OfferType.DHCP_ONLY)
        for offer in self._offers(OfferType.PXE10):
            return self._discover(self.answers.acknowledged(offer))
        for offer in self._proxies(OfferType.PXE10) if plain else ():
            return self._discover(offer)
        for offer in self._offers(OfferType.BINL):
            return self._ask_boot_server(offer)
        for offer in self._proxies(OfferType.BINL) if plain else ():
            return self._ask_boot_server(offer)
        for offer in (*plain, *self._offers(OfferType.BOOTP)):
            if self.file(offer) is not None:
                return self._fetch(self.answers.acknowledged(offer))
        return NoBoot(self._why_not())

    def _why_not(self) -> str:
        if not self.answers.addressed:
            return "no address is offered"
        return "no boot file, and no option 60 PXEClient that says where to ask for one"

    def _ask_boot_server(self, offer: DhcpMessage) -> Boot | NoBoot:
        """Request the boot file on port 4011, regardless of a file in the offer itself."""
        request = BootRequest(next_server(offer))
        reply = self._reply(0)
        if reply is None:
            reason = "option 60 PXEClient without boot servers in option 43 sends it there"
            return NoBoot(f"it waits for {request}: {reason}", (request,))
        if offer_type(reply) is OfferType.PXE10:
            return self._discover(reply, (request,))
        return self._fetch(reply, (request,))

    def _discover(self, reply: DhcpMessage, sent: tuple[BootRequest, ...] = ()) -> Boot | NoBoot:
        """The named file, or the file of a boot server of the menu's first item (PXE 2.1 section 2.4)."""
        pxe = PxeOptions.of(reply)
        if pxe.boots_named_file and self.file(reply) is not None:
            return self._fetch(reply, sent)
        request = self.request(pxe)
        if isinstance(request, str):
            return NoBoot(request, sent)
        requests, discovered = (*sent, request), self._reply(len(sent))
        if discovered is None:
            return NoBoot(f"it waits for {request}", requests)
        refusal = self.refusal(pxe, request, discovered)
        if refusal is not None:
            return NoBoot(refusal, requests)
        if request.server is not None and self.keeps_discovered_server:
            return tftp_boot(self.file(discovered), request.server, requests)
        return self._fetch(discovered, requests)

    def _fetch(self, reply: DhcpMessage, requests: tuple[BootRequest, ...] = ()) -> Boot | NoBoot:
        """TFTP from the first listed boot server if discovery is off, else ``siaddr``, else option 54."""
        pxe = PxeOptions.of(reply) if has_vendor_class(PXE_CLASS, reply) else None
        listed = next(iter(pxe.boot_servers.values()), ()) if pxe and pxe.boots_named_file else ()
        return tftp_boot(self.file(reply), listed[0] if listed else next_server(reply), requests)

    def _reply(self, number: int) -> DhcpMessage | None:
        """The reply to the boot request of this number, counted from 0."""
        return next(iter(self.answers.from_boot_servers[number : number + 1]), None)

    def _offers(self, kind: OfferType) -> list[DhcpMessage]:
        return [offer for offer in self.answers.addressed if offer_type(offer) is kind]

    def _proxies(self, kind: OfferType) -> list[DhcpMessage]:
        return [offer for offer in self.answers.proxied if offer_type(offer) is kind]
