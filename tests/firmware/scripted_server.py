"""A segment's servers, played from a script: DHCP on ports 67 and 4011, TFTP that refuses, names.

A file is never sent: what a client asks for, and whom, is all that a row is about. Addresses
are the kernel's, so that it answers ARP and HTTP connections; datagrams go out as frames.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final, Self, TypeVar

from scapy.layers.inet6 import ICMPv6ND_RA, ICMPv6ND_RS, IPv6

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage, MalformedMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT, MessageType, OptionCode
from edgeboot.host.wire.frame import Datagram, Frame, dissect, ethernet_header, layers, udp_frame
from edgeboot.host.wire.port import Port
from tests.firmware.offer import BOOT_SERVER, Offer, Row

T = TypeVar("T")

DNS_PORT: Final = 53
TFTP_PORT: Final = 69
TRANSFER_PORT: Final = 50069
"""That from which a TFTP server refuses."""
_NOT_FOUND: Final = b"\0\x05\0\x01no such file\0"
_DNS_HEADER: Final = 12
_TICK: Final = 0.2
"""Seconds until the thread looks whether it is to end."""


class ScriptedServer:
    """Plays one row after the other to the machine with a MAC address, in a thread of its own.

    Args:
        port: the servers' interface; what it sends and receives is what a row has.
        machine: the MAC address that is answered.
    """

    def __init__(self, port: Port, machine: MacAddress) -> None:
        self._port = port
        self._machine = machine
        self._row = Row("nothing", ())
        self._frames: list[Frame] = []
        self._due: list[tuple[float, int, bytes]] = []
        self._discovers = 0
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="scripted server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def play(self, row: Row) -> None:
        """Say from now on what the row says; what was seen before, and is still to be sent, is forgotten."""
        with self._changed:
            self._row = row
            self._frames.clear()
            self._due.clear()
            self._discovers = 0

    def wait_for(self, observe: Callable[[tuple[Frame, ...]], T | None], deadline: Deadline) -> T | None:
        """The first value other than None that it returns of the row's frames; None when time is over."""
        with self._changed:
            while (found := observe(tuple(self._frames))) is None and not deadline.passed:
                self._changed.wait(min(deadline.remaining, _TICK))
            return found

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Those of the row so far, in their order."""
        with self._changed:
            return tuple(self._frames)

    def _serve(self) -> None:
        while not self._ends.is_set():
            self._send_due()
            frame = self._port.receive(Deadline(time.monotonic() + self._until_due()))
            if frame is not None:
                with self._changed:
                    self._frames.append(frame)
                    for after, octets in self._answers(frame):
                        heapq.heappush(self._due, (time.monotonic() + after, next(self._numbers), octets))
                    self._changed.notify_all()

    def _until_due(self) -> float:
        with self._changed:
            return min(_TICK, max(0.0, self._due[0][0] - time.monotonic())) if self._due else _TICK

    def _send_due(self) -> None:
        with self._changed:
            while self._due and self._due[0][0] <= time.monotonic():
                self._frames.append(self._port.send(heapq.heappop(self._due)[2]))
                self._changed.notify_all()

    def _answers(self, frame: Frame) -> Iterator[tuple[float, bytes]]:
        """What is to be sent, each with the seconds until then."""
        datagram = dissect(frame)
        if datagram is None and frame.octets[6:12] == self._machine.packed and _solicits_router(frame):
            yield 0.0, self._router_advertisement()
        if datagram is None or datagram.source_mac != self._machine or self._row.servers:
            return
        if datagram.destination_port in {SERVER_PORT, BOOT_SERVER_PORT}:
            request = decoded(datagram)
            yield from () if request is None else self._dhcp(request, datagram)
        elif datagram.destination_port == TFTP_PORT:
            yield 0.0, self._back(datagram, _NOT_FOUND, TRANSFER_PORT)
        elif datagram.destination_port == DNS_PORT and self._row.resolves:
            yield 0.0, self._back(datagram, _resolved(datagram.payload), DNS_PORT)

    def _dhcp(self, request: DhcpMessage, datagram: Datagram) -> Iterator[tuple[float, bytes]]:
        if request.message_type is MessageType.DHCPDISCOVER:
            self._discovers += 1
            for each in self._row.offers:
                if self._discovers <= each.unanswered:
                    continue
                message = each.reply_to(request, MessageType.DHCPOFFER)
                yield each.after.total_seconds(), self._frame(each.server, message)
        elif request.message_type is MessageType.DHCPREQUEST and request.ciaddr != UNSPECIFIED:
            yield from self._boot_server(request, datagram)
        elif request.message_type is MessageType.DHCPREQUEST:
            for each in _selected(self._row.offers, request):
                yield from self._confirmed(each, request)

    def _confirmed(self, selected: Offer, request: DhcpMessage) -> Iterator[tuple[float, bytes]]:
        match self._row.confirmation:
            case MessageType.DHCPACK:
                message = selected.reply_to(request, MessageType.DHCPACK)
            case MessageType.DHCPNAK:
                message = selected.refusal_of(request)
            case _:
                return
        yield 0.0, self._frame(selected.server, message)

    def _boot_server(self, request: DhcpMessage, datagram: Datagram) -> Iterator[tuple[float, bytes]]:
        said = self._row.boot_server
        if said is None:
            return
        message = replace(said.reply_to(request, MessageType.DHCPACK), ciaddr=request.ciaddr)
        is_own = not datagram.destination.is_multicast and datagram.destination != LIMITED_BROADCAST
        server = datagram.destination if is_own else said.server
        octets = udp_frame(
            self._port.mac,
            datagram.source_mac,
            (server, datagram.destination_port),
            (request.ciaddr, datagram.source_port),
            message.encode(),
        )
        yield said.after.total_seconds(), octets

    def _frame(self, server: IPv4Address, message: DhcpMessage) -> bytes:
        """To everybody if the client asks for that, or gets no address; else to the address it is given."""
        everybody = message.wants_broadcast or message.yiaddr == UNSPECIFIED
        address = LIMITED_BROADCAST if everybody else message.yiaddr
        mac = BROADCAST if everybody else message.chaddr
        return udp_frame(self._port.mac, mac, (server, SERVER_PORT), (address, CLIENT_PORT), message.encode())

    def _router_advertisement(self) -> bytes:
        """There is no router and no address by IPv6: iPXE waits for 13 s until it believes that unsaid."""
        source = f"fe80::{self._port.mac.packed[-1]:x}"
        header = ethernet_header(self._port.mac, MacAddress.parse("33:33:00:00:00:01"))
        return bytes(header / IPv6(src=source, dst="ff02::1", hlim=255) / ICMPv6ND_RA(routerlifetime=0))

    def _back(self, datagram: Datagram, payload: bytes, port: int) -> bytes:
        return udp_frame(
            self._port.mac,
            datagram.source_mac,
            (datagram.destination, port),
            (datagram.source, datagram.source_port),
            payload,
        )


def _solicits_router(frame: Frame) -> bool:
    return ICMPv6ND_RS in layers(frame)


def decoded(datagram: Datagram) -> DhcpMessage | None:
    """Its DHCP message; None if it has none."""
    try:
        return DhcpMessage.decode(datagram.payload)
    except MalformedMessage:
        return None


def _selected(offers: Iterable[Offer], request: DhcpMessage) -> list[Offer]:
    """The offer whose server identifier the request repeats, else that without one."""
    wanted = request.options.get(OptionCode.SERVER_IDENTIFIER) or b""
    leases = [each for each in offers if each.leases]
    named = [each for each in leases if wanted in {found.data for found in each.options if found.code == 54}]
    unnamed = [each for each in leases if not any(found.code == 54 for found in each.options)]
    return (named or unnamed or ([] if wanted else leases))[:1]


def _resolved(query: bytes) -> bytes:
    """Every name is the boot server's (RFC 1035 section 4.1): EDK2 reads an answer by a pointer alone."""
    question = query[_DNS_HEADER : query.index(b"\0", _DNS_HEADER) + 5]
    header = query[:2] + bytes.fromhex("8180 0001 0001 0000 0000")
    return header + question + bytes.fromhex("c00c 0001 0001 0000003c 0004") + BOOT_SERVER.packed
