"""PXE by TFTP: EDK2's UefiPxeBcDxe, and a BIOS option ROM, which reads names in another way.

EDK2: PxeBcDhcp4.c sorts the offers (PxeBcParseDhcp4Packet), selects one or a pair
(PxeBcSelectDhcp4Offer) and asks port 4011 where that is due (PxeBcHandleDhcp4Offer,
PxeBcRetryBinlOffer); PxeBcBoot.c discovers boot servers and takes server and file
(PxeBcDiscoverBootFile, PxeBcDhcp4BootInfo). That is the order of PXE 2.1 section 2.4, so
the ROM is taken to follow it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import IPv4Address

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware.answers import Answers, is_for
from edgeboot.dhcp.firmware.names import BootString, as_read, bootfile, header_file, next_server
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, fetched
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, OptionCode


class OfferType(Enum):
    """EDK2's sorts of offers (PXEBC_OFFER_TYPE), with and without an address."""

    BOOTP = auto()
    DHCP_ONLY = auto()
    """No option 60 PXEClient: for EDK2 plain DHCP, and good if it names a file."""
    PXE10 = auto()
    """PXEClient, with boot servers, a menu or a discovery control in option 43."""
    BINL = auto()
    """PXEClient and nothing of the kind: the file is to be asked for on port 4011."""
    DISCARDED = auto()


def offer_type(message: DhcpMessage) -> OfferType:
    """As what EDK2 takes an offer; whether it has an address is another question."""
    if message.message_type is None:
        return OfferType.BOOTP
    if not is_for(PXE_CLASS, message):
        return OfferType.DHCP_ONLY if message.yiaddr != UNSPECIFIED else OfferType.DISCARDED
    told = PxeOptions.of(message)
    if told.lead_on:
        return OfferType.PXE10
    return OfferType.DISCARDED if told.multicast_only else OfferType.BINL


def edk2_boots(answers: Answers) -> Boot | NoBoot:
    """EDK2's PXE client."""
    return _Client(answers, bootfile).boots()


def bios_boots(answers: Answers) -> Boot | NoBoot:
    """A BIOS option ROM. What it fetches it starts as it is, be it for UEFI or not."""
    return _Client(answers, _rom_bootfile).boots()


def _rom_bootfile(message: DhcpMessage) -> BootString | None:
    """The header's ``file``, else option 67 up to a NUL, be that behind the option."""
    found = header_file(message)
    data = message.options.get(OptionCode.BOOTFILE_NAME)
    if found is not None or not data:
        return found
    at = message.options.codes.index(OptionCode.BOOTFILE_NAME)
    behind = [each.encode() for each in message.options.entries[at + 1 :]]
    terminators = as_read(data, "").terminators
    read = as_read(b"".join((data, *behind, bytes((OptionCode.END,)))), "option 67")
    return BootString(read.text, read.source, terminators)


@dataclass(frozen=True, slots=True)
class _Client:
    answers: Answers
    file: Callable[[DhcpMessage], BootString | None]

    def boots(self) -> Boot | NoBoot:
        """Selects as EDK2 does: the first of these that was offered, each in order of arrival."""
        plain = self._offers(OfferType.DHCP_ONLY)
        for offer in self._offers(OfferType.PXE10):
            return self._discover(self.answers.acknowledged(offer))
        for offer in self._proxies(OfferType.PXE10) if plain else ():
            return self._discover(offer)
        for offer in self._offers(OfferType.BINL):
            return self._ask(offer)
        for offer in self._proxies(OfferType.BINL) if plain else ():
            return self._ask(offer)
        for offer in (*plain, *self._offers(OfferType.BOOTP)):
            if self.file(offer) is not None:
                return self._fetch(self.answers.acknowledged(offer))
        return NoBoot(self._lacking())

    def _lacking(self) -> str:
        if not self.answers.addressed:
            return "no address is offered"
        return "no boot file, and no option 60 PXEClient that says where to ask for one"

    def _ask(self, offer: DhcpMessage) -> Boot | NoBoot:
        """The boot file from port 4011, whatever file the offer itself names."""
        server, reply = next_server(offer), self.answers.from_4011
        if reply is None:
            because = "option 60 PXEClient without boot servers in option 43 sends it there"
            return NoBoot(f"it waits for port {BOOT_SERVER_PORT} of {server}: {because}", server)
        if offer_type(reply) is OfferType.PXE10:
            return self._discover(reply, server)
        return self._fetch(reply, server)

    def _discover(self, told: DhcpMessage, asked: IPv4Address | None = None) -> Boot | NoBoot:
        """The file there is, or that of a boot server of the menu's first item."""
        pxe = PxeOptions.of(told)
        if pxe.uses_the_file and self.file(told) is not None:
            return self._fetch(told, asked)
        if pxe.waits_for_a_person:
            return NoBoot("it waits for a person at its boot menu (option 43 tag 10)", asked)
        if not pxe.first_item:
            return NoBoot("the boot menu (option 43 tag 9) has no item but the local disk", asked)
        kind, servers = pxe.first_item, pxe.boot_servers
        if servers and kind not in servers:
            return NoBoot(f"option 43 tag 8 names no boot server of type {kind}", asked)
        server = next(iter(servers.get(kind, ())), None)
        if asked is None and self.answers.from_4011 is not None:
            return self._fetch(self.answers.from_4011, server)
        where = f"port {BOOT_SERVER_PORT} of {server}" if server else "any boot server, by broadcast"
        return NoBoot(f"it waits for {where}, type {kind} of the boot menu", server)

    def _fetch(self, told: DhcpMessage, asked: IPv4Address | None = None) -> Boot | NoBoot:
        """Server and file: the first boot server if discovery is off, ``siaddr``, option 54."""
        pxe = PxeOptions.of(told) if is_for(PXE_CLASS, told) else None
        listed = next(iter(pxe.boot_servers.values()), ()) if pxe and pxe.uses_the_file else ()
        return fetched(self.file(told), listed[0] if listed else next_server(told), asked)

    def _offers(self, kind: OfferType) -> list[DhcpMessage]:
        return [offer for offer in self.answers.addressed if offer_type(offer) is kind]

    def _proxies(self, kind: OfferType) -> list[DhcpMessage]:
        return [offer for offer in self.answers.proxied if offer_type(offer) is kind]
