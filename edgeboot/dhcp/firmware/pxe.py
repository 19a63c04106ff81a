"""PXE boot over TFTP: EDK2's UefiPxeBcDxe, and a BIOS option ROM, which reads names differently.

EDK2: PxeBcDhcp4.c classifies the offers (PxeBcParseDhcp4Packet), selects one or a pair
(PxeBcSelectDhcp4Offer) and asks port 4011 where required (PxeBcHandleDhcp4Offer,
PxeBcRetryBinlOffer); PxeBcBoot.c discovers boot servers and takes server and file
(PxeBcDiscoverBootFile, PxeBcDhcp4BootInfo). That is the order of PXE 2.1 section 2.4, so
the ROM is assumed to follow it too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware import edk2_lease
from edgeboot.dhcp.firmware.answers import Answers, has_vendor_class
from edgeboot.dhcp.firmware.discovery import Discovery, edk2_discovery, rom_discovery
from edgeboot.dhcp.firmware.names import BootString, bootfile, c_string, header_file, next_server
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import Boot, BootRequest, Lack, NoBoot, tftp_boot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, OptionCode


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
    client = _Client(edk2_lease.heard(answers), bootfile, edk2_discovery, is_edk2=True)
    return client.boots() if client.answers.addressed else edk2_lease.unheard(answers)


def bios_boots(answers: Answers) -> Boot | NoBoot:
    """What a BIOS option ROM boots. It starts any file it fetches, one made for UEFI too."""
    return _Client(answers, _rom_bootfile, rom_discovery, is_edk2=False).boots()


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
    discovery: Callable[[PxeOptions], Discovery | str]
    is_edk2: bool
    """It sends from port 4011, fetches from the server that it has discovered, whatever ``siaddr`` of the
    reply, and declines an address without a subnet mask."""

    def boots(self) -> Boot | NoBoot:
        """Select an offer in EDK2's order of preference; within a class the first to arrive wins."""
        plain = self._offers(OfferType.DHCP_ONLY)
        if offers := self._offers(OfferType.PXE10):
            return self._given_up(offers[0]) or self._discover(self.answers.acknowledged(offers[0]))
        if plain and (proxies := self._proxies(OfferType.PXE10)):
            return self._given_up(plain[0]) or self._discover(proxies[0])
        if offers := self._offers(OfferType.BINL):
            return self._given_up(offers[0]) or self._ask_boot_servers(offers[:1])
        if plain and (proxies := self._proxies(OfferType.BINL)):
            return self._given_up(plain[0]) or self._ask_boot_servers(proxies)
        for offer in (*plain, *self._offers(OfferType.BOOTP)):
            if self.file(offer) is not None:
                return self._given_up(offer) or self._fetch(self.answers.acknowledged(offer))
        return self._why_not()

    def _given_up(self, offer: DhcpMessage) -> NoBoot | None:
        """Nothing, where the client keeps no lease of this offer."""
        return edk2_lease.gives_up(offer) if self.is_edk2 else None

    def _why_not(self) -> NoBoot:
        if not self.answers.addressed:
            return NoBoot("no address is offered", lacks=Lack.ADDRESS)
        reason = "no boot file, and no option 60 PXEClient that says where to ask for one"
        return NoBoot(reason, lacks=Lack.BOOT_FILE)

    def _ask_boot_servers(self, offers: Sequence[DhcpMessage]) -> Boot | NoBoot:
        """Request the boot file on port 4011, of one after the other, whatever file an offer names."""
        port = BOOT_SERVER_PORT if self.is_edk2 else CLIENT_PORT
        requests = tuple(BootRequest(next_server(offer), client_port=port) for offer in offers)
        unnamed = False
        for number, request in enumerate(requests):
            sent = requests[: number + 1]
            replies = self.answers.from_boot_servers[number : number + 1]
            if not replies:
                return self._waits((request,), sent)
            for reply in replies[0][:1]:
                if offer_type(reply) is OfferType.PXE10:
                    return self._discover(reply, sent)
                if self.file(reply) is not None:
                    return self._fetch(reply, sent)
                unnamed = True
        if unnamed:
            return NoBoot("no boot file is named", requests, Lack.BOOT_FILE)
        return self._waits(requests, requests)

    @staticmethod
    def _waits(silent: tuple[BootRequest, ...], sent: tuple[BootRequest, ...]) -> NoBoot:
        reason = "option 60 PXEClient without boot servers in option 43 sends it there"
        waits = f"it waits for {', and then for '.join(map(str, silent))}"
        return NoBoot(f"{waits}: {reason}", sent, Lack.BOOT_SERVER_ANSWER)

    def _discover(self, reply: DhcpMessage, sent: tuple[BootRequest, ...] = ()) -> Boot | NoBoot:
        """The named file, or the file of a boot server of the menu's first item (PXE 2.1 section 2.4)."""
        pxe = PxeOptions.of(reply)
        if pxe.boots_named_file and self.file(reply) is not None:
            return self._fetch(reply, sent)
        discovery = self.discovery(pxe)
        if isinstance(discovery, str):
            return NoBoot(discovery, sent, Lack.MENU)
        discovered = discovery.after(self.answers.from_boot_servers[len(sent) :])
        requests = (*sent, *discovered.requests)
        if discovered.reply is None:
            return NoBoot(discovered.problem, requests, Lack.BOOT_SERVER_ANSWER)
        asked = requests[-1].server
        if self.is_edk2 and asked is not None and not asked.is_multicast:
            return tftp_boot(self.file(discovered.reply), asked, requests)
        return self._fetch(discovered.reply, requests)

    def _fetch(self, reply: DhcpMessage, requests: tuple[BootRequest, ...] = ()) -> Boot | NoBoot:
        """TFTP from the first listed boot server if discovery is off, else ``siaddr``, else option 54."""
        pxe = PxeOptions.of(reply) if has_vendor_class(PXE_CLASS, reply) else None
        listed = pxe.boot_servers[:1] if pxe and pxe.boots_named_file else ()
        servers = [server for _, addresses in listed for server in addresses]
        return tftp_boot(self.file(reply), servers[0] if servers else next_server(reply), requests)

    def _offers(self, kind: OfferType) -> list[DhcpMessage]:
        return [offer for offer in self.answers.addressed if offer_type(offer) is kind]

    def _proxies(self, kind: OfferType) -> list[DhcpMessage]:
        return [offer for offer in self.answers.proxied if offer_type(offer) is kind]
