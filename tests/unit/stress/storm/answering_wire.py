"""A wire on which a function answers every message: what a storm does with replies, without a server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, ClientProfile
from edgeboot.dhcp.clients.retransmission import AfterNak, Retransmission
from edgeboot.dhcp.message import BOOTREPLY, LIMITED_BROADCAST, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, dissect, udp_frame
from edgeboot.host.wire.packet_ring import FrameHandler

SERVER: Final = IPv4Address("192.168.99.10")
SERVER_MAC: Final = MacAddress.parse("52:54:00:00:00:10")
Answer = Callable[[DhcpMessage], Iterable[DhcpMessage]]


def hasty(
    *,
    after_nak: AfterNak = AfterNak.GIVES_UP,
    waits: bool = False,
    collects: float = 0.0,
    client: ClientProfile = EDK2_PXE_X86_64,
    patient: bool = False,
) -> ClientProfile:
    """A client with two tries of some milliseconds each; a patient one has minutes, and never gives up."""
    tries = (100.0, 200.0) if patient else (0.02, 0.04)
    patience = Retransmission(tries, tries, waits, after_nak, "for tests", collects)
    return replace(client, retransmission=patience)


def reply_to(
    message: DhcpMessage, message_type: MessageType, address: str, server: IPv4Address | None = SERVER
) -> DhcpMessage:
    """A reply with an address and, if there is one, a server identifier."""
    options = [option(Code.DHCP_MESSAGE_TYPE, message_type)]
    if server is not None:
        options.append(option(Code.SERVER_IDENTIFIER, server))
    return DhcpMessage(
        BOOTREPLY, message.xid, message.chaddr, Options(tuple(options)), yiaddr=IPv4Address(address)
    )


def own_address(message: DhcpMessage) -> str:
    """An address for each node, by the end of its MAC address."""
    return f"192.168.99.{100 + message.chaddr.packed[-1]}"


def granting(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that gives each node an address of its own, at once."""
    offer = message.message_type is MessageType.DHCPDISCOVER
    yield reply_to(message, MessageType.DHCPOFFER if offer else MessageType.DHCPACK, own_address(message))


class AnsweringWire:
    """Answers before ``send`` returns; ``sent`` are the messages that it was given."""

    def __init__(self, answer: Answer) -> None:
        self.sent: list[DhcpMessage] = []
        self._answer = answer
        self._waiting: list[tuple[bytes, float]] = []
        self._readable, self._writable = os.pipe()

    def send(self, frame: bytes | bytearray) -> int:
        """Take a frame, and have the replies to it ready."""
        datagram = dissect(Frame(bytes(frame), 0.0))
        assert datagram is not None
        message = DhcpMessage.decode(datagram.payload)
        self.sent.append(message)
        ends = (SERVER, SERVER_PORT), (LIMITED_BROADCAST, CLIENT_PORT)
        replies = [
            (udp_frame(SERVER_MAC, message.chaddr, *ends, each.encode()), time.time())
            for each in self._answer(message)
        ]
        self._waiting += replies
        os.write(self._writable, b"." * len(replies))
        return len(frame)

    def drain(self, handle: FrameHandler) -> int:
        """Give the replies, with something before and behind them as in a ring."""
        waiting, self._waiting = self._waiting, []
        for frame, at in waiting:
            os.read(self._readable, 1)
            handle(memoryview(b"before" + frame + b"behind"), 6, 6 + len(frame), at)
        return len(waiting)

    def fileno(self) -> int:
        """Readable while there are replies."""
        return self._readable

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._readable)
        os.close(self._writable)
