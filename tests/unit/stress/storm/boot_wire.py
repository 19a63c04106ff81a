"""A wire with a DHCP server and a boot server that names and serves one file, by ARP, port 4011 and TFTP."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Datagram, Frame, dissect, udp_frame
from edgeboot.node.boot.tftp_packets import (
    Acknowledgement,
    Data,
    Error,
    OptionAcknowledgement,
    Packet,
    ReadRequest,
    TftpOptions,
    decode,
)
from edgeboot.stress.storm.unicast import ARP_FIELDS, IS_AT, WHO_HAS, is_at, who_has
from tests.unit.stress.storm.answering_wire import AnsweringWire, own_address, reply_to

BOOT_SERVER: Final = IPv4Address("192.168.99.40")
BOOT_MAC: Final = MacAddress.parse("52:54:00:00:00:40")
FILE: Final = bytes(range(256)) * 40
"""Seven blocks of EDK2's, the last one short."""
TRANSFER_PORT: Final = 40_000
Serve = Callable[[Packet, Datagram], Iterable[Packet]]


def naming(message: DhcpMessage, *, file: str = "boot.efi", proxy: bool = False) -> DhcpMessage:
    """A reply that names a boot file; as a ProxyDHCP's, one that has to be asked for it on port 4011."""
    offer = message.message_type is MessageType.DHCPDISCOVER
    kind = MessageType.DHCPOFFER if offer else MessageType.DHCPACK
    reply = reply_to(message, kind, str(UNSPECIFIED) if proxy else own_address(message))
    extra = [option(Code.SUBNET_MASK, IPv4Address("255.255.255.0"))]
    if proxy:
        extra = [option(Code.VENDOR_CLASS_IDENTIFIER, b"PXEClient")]
    name = [option(Code.BOOTFILE_NAME, file.encode())] if file else []
    return replace(reply, siaddr=BOOT_SERVER, options=Options((*reply.options.entries, *extra, *name)))


class FileServer:
    """Serves a file as dnsmasq does: an OACK, and then windows of blocks.

    Args:
        content: the file.
        announced: its size as it is told; None for its own.
        lost: numbers of blocks that are lost when they are sent for the first time.
        wraps_at: how many numbers there are for blocks.
    """

    def __init__(
        self,
        content: bytes = FILE,
        announced: int | None = None,
        lost: Iterable[int] = (),
        wraps_at: int = 1 << 16,
    ) -> None:
        self.content = content
        self.requests: list[tuple[str, int, TftpOptions]] = []
        """File, the node's port and the options of each read request."""
        self._announced = len(content) if announced is None else announced
        self._lost = set(lost)
        self._wraps_at = wraps_at
        self._sent: dict[tuple[IPv4Address, int], int] = {}
        """How far each node has acknowledged the file, in blocks."""
        self._granted: dict[tuple[IPv4Address, int], TftpOptions] = {}

    def __call__(self, packet: Packet, datagram: Datagram) -> Iterable[Packet]:
        """What it sends after a packet."""
        node = datagram.source, datagram.source_port
        if isinstance(packet, ReadRequest):
            self.requests.append((packet.filename, datagram.source_port, packet.options))
            size = None if packet.options.tsize is None else self._announced
            self._granted[node] = replace(packet.options, tsize=size)
            yield OptionAcknowledgement(self._granted[node])
        elif isinstance(packet, Acknowledgement):
            before = self._sent.get(node, 0)
            known = before + (packet.block - before) % self._wraps_at
            self._sent[node] = known
            yield from self._window(known, self._granted[node])

    def _window(self, block: int, granted: TftpOptions) -> Iterable[Data]:
        size, window = granted.blksize or 512, granted.windowsize or 1
        for number in range(block + 1, block + 1 + window):
            start = (number - 1) * size
            if start > len(self.content):
                return
            if number in self._lost:
                self._lost.remove(number)
                continue
            yield Data(number % self._wraps_at, self.content[start : start + size])


class BootWire(AnsweringWire):
    """Answers DHCP by one function and TFTP by another; has the boot server's address by ARP."""

    def __init__(self, dhcp: Callable[[DhcpMessage], Iterable[DhcpMessage]], serve: Serve) -> None:
        super().__init__(dhcp)
        self._serve = serve
        self.resolves = True
        """Whether somebody has the boot server's address."""
        self.answers_from = BOOT_SERVER
        """The boot server's address in its answers."""
        self.claimed: list[IPv4Address] = []
        """What nodes have said by ARP to be theirs."""

    def send(self, frame: bytes | bytearray) -> int:
        """Take a frame, and have the answers to it ready."""
        if frame[12:14] == b"\x08\x06":
            self._on_arp(bytes(frame))
            return len(frame)
        datagram = dissect(Frame(bytes(frame), 0.0))
        assert datagram is not None
        if datagram.destination not in {BOOT_SERVER, self.answers_from}:
            return super().send(frame)
        if datagram.destination_port == BOOT_SERVER_PORT:
            reply = naming(DhcpMessage.decode(datagram.payload), file="asked.efi", proxy=True)
            self._to_node(datagram, BOOT_SERVER_PORT, reply.encode())
            return len(frame)
        for packet in self._serve(decode(datagram.payload), datagram):
            self._to_node(datagram, TRANSFER_PORT, packet.encode())
        return len(frame)

    def ask(self, address: IPv4Address) -> None:
        """The boot server asks by ARP who has an address."""
        request = bytearray(who_has(0, int(BOOT_SERVER), int(address)))
        request[6:12] = request[22:28] = BOOT_MAC.packed
        self._put(bytes(request))

    def _on_arp(self, frame: bytes) -> None:
        operation, mac, sender, target = ARP_FIELDS(frame)
        if operation == IS_AT:
            self.claimed.append(IPv4Address(sender))
        elif operation == WHO_HAS and self.resolves:
            reply = bytearray(is_at(0, target, mac, sender))
            reply[6:12] = reply[22:28] = BOOT_MAC.packed
            self._put(bytes(reply))

    def _to_node(self, datagram: Datagram, port: int, payload: bytes) -> None:
        ends = (self.answers_from, port), (datagram.source, datagram.source_port)
        self._put(udp_frame(BOOT_MAC, datagram.source_mac, *ends, payload))

    def _put(self, frame: bytes) -> None:
        self._waiting.append((frame, time.time()))
        os.write(self._writable, b".")


def refusing_file(packet: Packet, _: Datagram) -> Iterable[Packet]:
    """A TFTP server without the file."""
    if isinstance(packet, ReadRequest):
        yield Error(1, "no such file")


def silent_file(_: Packet, __: Datagram) -> Iterable[Packet]:
    """A TFTP server that is gone."""
    return ()


def from_server(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A DHCP server that names the file itself."""
    yield naming(message)


def beside_a_proxy(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A DHCP server without a word of boot files, and a ProxyDHCP."""
    if message.message_type is MessageType.DHCPDISCOVER:
        proxy = naming(message, file="", proxy=True)
        identified = [each for each in proxy.options.entries if each.code != Code.SERVER_IDENTIFIER]
        by_itself = option(Code.SERVER_IDENTIFIER, BOOT_SERVER)
        yield replace(proxy, options=Options((*identified, by_itself)))
    yield replace(naming(message, file=""), siaddr=UNSPECIFIED)
