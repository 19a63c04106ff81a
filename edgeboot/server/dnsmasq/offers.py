"""What a dnsmasq would send a client by its configuration, as far as a boot depends on it (dnsmasq(8))."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.option_lines import applied_options, option_lines
from edgeboot.server.dnsmasq.option_octets import encoded, octets, part, sub_options
from edgeboot.server.dnsmasq.pxe_services import (
    FIRST_EFI,
    PxeService,
    has_pxe,
    menu,
    only_file,
    pxe_architecture,
    pxe_services,
)
from edgeboot.server.dnsmasq.tags import ClientTags, Tagged, addresses, applied_boot, client_tags, host_of

_SERVER_ADDRESS: Final = 255
"""dnsmasq's number for ``siaddr`` among options."""
_ITEM: Final = 71


@dataclass(frozen=True)
class Configured:
    """A dnsmasq.conf, and the interface that it serves."""

    lines: tuple[Directive, ...]
    interface: IPv4Interface

    @cached_property
    def ranges(self) -> tuple[Tagged, ...]:
        """The dhcp-range lines of the interface's network."""
        every = [Tagged.of(line) for line in self.lines if line.name == "dhcp-range"]
        network = self.interface.network
        return tuple(each for each in every if any(one in network for one in addresses(each.words)[:1]))

    @property
    def is_proxy(self) -> bool:
        """Whether it leases no addresses there."""
        return bool(self.ranges) and all("proxy" in each.words for each in self.ranges)

    def tags(self, request: DhcpMessage) -> ClientTags:
        """The tags of a client that gets an address of the first range."""
        first = next((addresses(each.words)[0] for each in self.ranges), None)
        return client_tags(request, self.lines, first)

    def ignoring(self, request: DhcpMessage) -> Directive | None:
        """The line by which this client is left alone; None if there is none."""
        tags = self.tags(request)
        host = host_of(request, self.lines, tags.own)
        if host is not None and "ignore" in host.words:
            return host.line
        for each in map(Tagged.of, self.lines):
            if each.line.name == "dhcp-ignore":
                older = (word.replace("#", "!", 1) for word in each.words if word)
                if Tagged(each.line, (), (*each.needed, *older)).applies(tags.own):
                    return each.line
        return None

    def serves(self, request: DhcpMessage) -> bool:
        """Whether the client is given an address: of a range, or of its own by a dhcp-host line."""
        tags = self.tags(request)
        if self.ignoring(request) is not None:
            return False
        host = host_of(request, self.lines, tags.own)
        own = addresses(host.words) if host is not None else []
        fitting = [each for each in self.ranges if each.applies(tags.own) and "proxy" not in each.words]
        return bool(fitting) and (bool(own) or any("static" not in each.words for each in fitting))

    def offer(self, request: DhcpMessage) -> DhcpMessage | None:
        """The DHCPOFFER for a DHCPDISCOVER; None if the client is left alone."""
        if self.is_proxy:
            return self._as_proxy(request, MessageType.DHCPOFFER)
        return self._with_address(request) if self.serves(request) else None

    def boot_reply(self, request: DhcpMessage) -> DhcpMessage | None:
        """The DHCPACK for a client's boot request on port 4011, or for an item of the menu."""
        if not has_pxe(self.lines) or self.ignoring(request) is not None:
            return None
        chosen = Options(tuple(sub_options(request.options.get(Code.VENDOR_SPECIFIC) or b""))).get(_ITEM)
        if chosen is not None:
            return self._item(request, chosen)
        # A server of addresses names no file on port 4011 but for an item of its menu.
        return self._as_proxy(request, MessageType.DHCPACK) if self.is_proxy else None

    def deciding(self, request: DhcpMessage) -> Directive | None:
        """The line that decides what a served client boots: a pxe-service of its own, else a dhcp-boot."""
        architecture, tags = pxe_architecture(request), self.tags(request)
        items = [] if architecture is None else self._items(architecture, tags)
        boot = applied_boot(self.lines, tags)
        return items[0].tagged.line if items else None if boot is None else boot.line

    def _as_proxy(self, request: DhcpMessage, kind: MessageType) -> DhcpMessage | None:
        """As a ProxyDHCP: only to PXE clients that state their architecture."""
        architecture = pxe_architecture(request)
        if architecture is None or not has_pxe(self.lines) or self.ignoring(request) is not None:
            return None
        tags, asked = self.tags(request), kind is MessageType.DHCPACK
        items = self._items(architecture, tags)
        own = self.interface.ip
        only = only_file(architecture, items)
        siaddr, sname, file = (own if architecture >= FIRST_EFI else UNSPECIFIED), "", ""
        boot = applied_boot(self.lines, tags)
        if only is not None and asked:
            siaddr, file = only.boot_server(own) or UNSPECIFIED, only.file or ""
            sname = only.server or str(own)
        elif only is None and boot is not None:
            file, _, server = _boot_words(boot)
            siaddr = _server(server, siaddr)
        options = self._pxe_identity(request)
        if architecture < FIRST_EFI or (asked and only is None):
            options = (*options, self._vendor_options(request, tags, items))
        return _reply(request, kind, own, UNSPECIFIED, siaddr, sname, file, options)

    def _item(self, request: DhcpMessage, chosen: bytes) -> DhcpMessage | None:
        """For an item of the menu, which is repeated: type and layer."""
        own, kind = self.interface.ip, MessageType.DHCPACK
        for each in pxe_services(self.lines):
            if each.type == int.from_bytes(chosen[:2], "big") and each.file is not None:
                server = each.boot_server(own) or UNSPECIFIED
                repeated = option(Code.VENDOR_SPECIFIC, encoded([DhcpOption(_ITEM, chosen)]))
                options = (*self._pxe_identity(request), repeated)
                return _reply(request, kind, own, UNSPECIFIED, server, "", each.file, options)
        return None

    def _with_address(self, request: DhcpMessage) -> DhcpMessage:
        """As a server of addresses: the options that the client lists, and those that are forced."""
        tags, own = self.tags(request), self.interface.ip
        listed = request.options.get(Code.PARAMETER_REQUEST_LIST)
        applied = applied_options(option_lines(self.lines), request, tags)
        siaddr, sname, file = own, "", ""
        options = [option(Code.SUBNET_MASK, self.interface.netmask)]
        boot = applied_boot(self.lines, tags)
        if boot is not None:
            file, sname, server = _boot_words(boot)
            siaddr = _server(server, own)
            override = not any(line.name == "dhcp-no-override" for line in self.lines)
            if sname and override and Code.TFTP_SERVER_NAME in (listed or b""):
                options.append(option(Code.TFTP_SERVER_NAME, sname.encode()))
                sname = ""
            if file and override and Code.BOOTFILE_NAME in (listed or b""):
                options.append(option(Code.BOOTFILE_NAME, file.encode() + b"\0"))
                file = ""
        for each in applied:
            if each.is_part or not each.values:
                continue
            data, forced = octets(each.values), each.tagged.line.name.endswith("force")
            if each.code == _SERVER_ADDRESS and boot is None:
                siaddr = IPv4Address(data) if len(data) == 4 else siaddr
            elif forced or each.code in (listed or b""):
                # dnsmasq ends a text with a NUL where the client's firmware needs one.
                options.append(DhcpOption(each.code, data + b"\0" * (each.code == Code.BOOTFILE_NAME)))
            elif boot is None and each.code == Code.BOOTFILE_NAME:
                file = data.decode(errors="replace")
            elif boot is None and each.code == Code.TFTP_SERVER_NAME:
                sname = data.decode(errors="replace")
        options += self._for_vendor(request, tags)
        address = next(iter(addresses(self.ranges[0].words)), own) if self.ranges else own
        return _reply(request, MessageType.DHCPOFFER, own, address + 1, siaddr, sname, file, tuple(options))

    def _for_vendor(self, request: DhcpMessage, tags: ClientTags) -> Iterator[DhcpOption]:
        """Of a server of addresses: option 43 with its sub-options, and the class that they are for."""
        architecture = pxe_architecture(request)
        listed = request.options.get(Code.PARAMETER_REQUEST_LIST) or b""
        if architecture is not None and has_pxe(self.lines):
            yield from self._pxe_identity(request)
            items = self._items(architecture, tags)
            if only_file(architecture, items) is None:
                yield self._vendor_options(request, tags, items)
            return
        parts = self._parts(request, tags)
        if parts and Code.VENDOR_SPECIFIC in listed:
            yield option(Code.VENDOR_SPECIFIC, encoded(parts))
            sent = request.options.get(Code.VENDOR_CLASS_IDENTIFIER)
            if sent is not None:
                yield option(Code.VENDOR_CLASS_IDENTIFIER, sent)

    def _items(self, architecture: int, tags: ClientTags) -> list[PxeService]:
        services = pxe_services(self.lines)
        return [
            each for each in services if each.architecture == architecture and each.tagged.applies(tags.all)
        ]

    def _parts(self, request: DhcpMessage, tags: ClientTags) -> list[DhcpOption]:
        applied = applied_options(option_lines(self.lines), request, tags)
        return [found for each in applied if (found := part(each)) is not None]

    def _vendor_options(
        self, request: DhcpMessage, tags: ClientTags, items: Sequence[PxeService]
    ) -> DhcpOption:
        stated = self._parts(request, tags)
        prompt = next((line for line in self.lines if line.name == "pxe-prompt"), None)
        made = menu(items, prompt, self.interface.ip, [each.code for each in stated])
        return option(Code.VENDOR_SPECIFIC, encoded((*made, *stated)))

    def _pxe_identity(self, request: DhcpMessage) -> tuple[DhcpOption, ...]:
        machine = request.options.get(Code.CLIENT_MACHINE_IDENTIFIER)
        echoed = () if machine is None else (option(Code.CLIENT_MACHINE_IDENTIFIER, machine),)
        return (option(Code.VENDOR_CLASS_IDENTIFIER, PXE_CLASS.encode()), *echoed)


def _boot_words(boot: Tagged) -> tuple[str, str, str]:
    """File, server name and server of a dhcp-boot line."""
    words = (*(word.strip('"') for word in boot.words), "", "", "")
    return words[0], words[1], words[2]


def _server(word: str, default: IPv4Address) -> IPv4Address:
    """The address in a dhcp-boot line; unspecified for a name, which dnsmasq seeks in its hosts files."""
    if not word:
        return default
    return next(iter(addresses((word,))), UNSPECIFIED)


def _reply(
    request: DhcpMessage,
    kind: MessageType,
    own: IPv4Address,
    address: IPv4Address,
    siaddr: IPv4Address,
    sname: str,
    file: str,
    options: tuple[DhcpOption, ...],
) -> DhcpMessage:
    head = (option(Code.DHCP_MESSAGE_TYPE, kind), option(Code.SERVER_IDENTIFIER, own))
    return DhcpMessage(
        BOOTREPLY,
        request.xid,
        request.chaddr,
        Options((*head, *options)),
        yiaddr=address,
        siaddr=siaddr,
        sname=sname.encode(),
        file=file.encode(),
    )
