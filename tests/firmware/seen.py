"""What a client did, read from the frames of a row: its messages, the offers it had, what it fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.host.wire.frame import Datagram, Frame, dissect
from edgeboot.node.boot.tftp_packets import MalformedPacket, ReadRequest, TftpOptions
from edgeboot.node.boot.tftp_packets import decode as tftp_packet
from tests.firmware.scripted_server import TFTP_PORT, decoded

_HTTP: Final = re.compile(rb"(?:GET|HEAD) (\S+) HTTP/1\.[01]\r\n")
_HOST: Final = re.compile(rb"\r\nHost: *(\S+?)(?::80)?\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BootRequested:
    """A DHCPREQUEST to a boot server, and the replies to it."""

    destination: IPv4Address
    port: int
    source_port: int
    message: DhcpMessage
    replies: tuple[DhcpMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A client's exchanges in one row, from its first message on."""

    sent: tuple[DhcpMessage, ...]
    """What it sent to port 67 before it had an address, in order."""
    offers: tuple[DhcpMessage, ...]
    """The replies to the transaction that it went on with, those of its first DHCPDISCOVER else."""
    acks: tuple[DhcpMessage, ...]
    boot_requests: tuple[BootRequested, ...]
    fetched: tuple[str, ...]
    """The URLs that it asked for, in order, as it said them: ``tftp://SERVER/NAME`` or ``http://HOST/PATH``."""
    read_requests: tuple[TftpOptions, ...] = ()
    """The options of its TFTP read requests, in order."""

    @property
    def discovers(self) -> tuple[DhcpMessage, ...]:
        """Its DHCPDISCOVERs."""
        return self._of(MessageType.DHCPDISCOVER)

    @property
    def request(self) -> DhcpMessage | None:
        """The DHCPREQUEST by which it took an offer; None if it took none."""
        return next(iter(self._of(MessageType.DHCPREQUEST)), None)

    @property
    def declined(self) -> bool:
        """Whether it gave its address up again."""
        return bool(self._of(MessageType.DHCPDECLINE))

    @property
    def asks_again(self) -> bool:
        """Whether it has sent a boot request once more, since nobody has answered."""
        return len(self.asked) < len(self.boot_requests)

    @property
    def asked(self) -> tuple[BootRequested, ...]:
        """Its boot requests without retransmissions, each with every reply."""
        asked: dict[tuple[IPv4Address, bytes | None], BootRequested] = {}
        for each in self.boot_requests:
            key = (each.destination, each.message.options.get(43))
            before = asked.get(key)
            replies = (before.replies if before else ()) + each.replies
            asked[key] = replace(before or each, replies=replies)
        return tuple(asked.values())

    def _of(self, kind: MessageType) -> tuple[DhcpMessage, ...]:
        return tuple(each for each in self.sent if each.message_type is kind)


def answered_in_vain(frames: Iterable[Frame], machine: MacAddress, offers: int) -> bool:
    """Whether it sent a DHCPDISCOVER behind so many offers to the one before: it took none of them."""
    heard = None
    for datagram in filter(None, map(dissect, frames)):
        if (
            datagram.destination_port not in {SERVER_PORT, CLIENT_PORT}
            or (message := decoded(datagram)) is None
        ):
            continue
        if message.message_type is not MessageType.DHCPDISCOVER:
            heard = None if heard is None else heard + int(datagram.source_port == SERVER_PORT)
        elif datagram.source_mac == machine:
            if heard is not None and heard >= offers:
                return True
            heard = 0
    return False


def seen(frames: Sequence[Frame], machine: MacAddress) -> Seen:
    """Read a row's frames; what comes behind its first request for a file is another attempt."""
    sent, replies, fetched, asked = (
        list[DhcpMessage](),
        list[DhcpMessage](),
        list[str](),
        list[BootRequested](),
    )
    for frame in frames:
        datagram = dissect(frame)
        if datagram is None:
            if frame.octets[6:12] == machine.packed and (url := _http_url(frame.octets)):
                fetched.append(url)
            continue
        if fetched and datagram.destination_port != TFTP_PORT:
            continue
        if datagram.source_mac == machine:
            _sent_by_client(datagram, sent, asked, fetched)
        elif datagram.source_port in {SERVER_PORT, BOOT_SERVER_PORT}:
            _answered(datagram, sent, replies, asked)
    return Seen(
        tuple(sent),
        _of(replies, sent, MessageType.DHCPOFFER, None),
        _of(replies, sent, MessageType.DHCPACK),
        tuple(asked),
        tuple(fetched),
        tuple(filter(None, map(_read_request, frames))),
    )


def _sent_by_client(
    datagram: Datagram, sent: list[DhcpMessage], asked: list[BootRequested], fetched: list[str]
) -> None:
    if datagram.destination_port == TFTP_PORT and datagram.payload[:2] == b"\0\x01":
        name = datagram.payload[2:].split(b"\0", 1)[0].decode("ascii", "backslashreplace")
        fetched.append(f"tftp://{datagram.destination}/{name}")
    elif datagram.destination_port in {SERVER_PORT, BOOT_SERVER_PORT}:
        message = decoded(datagram)
        if message is None:
            return
        if message.ciaddr != UNSPECIFIED and message.message_type is MessageType.DHCPREQUEST:
            asked.append(
                BootRequested(datagram.destination, datagram.destination_port, datagram.source_port, message)
            )
        else:
            sent.append(message)


def _answered(
    datagram: Datagram, sent: list[DhcpMessage], replies: list[DhcpMessage], asked: list[BootRequested]
) -> None:
    message = decoded(datagram)
    if message is None or (_offers(message) and _has_taken_one(sent, message.xid)):
        return
    of_boot_server = datagram.source_port == BOOT_SERVER_PORT or message.ciaddr != UNSPECIFIED
    if asked and asked[-1].message.xid == message.xid and of_boot_server:
        asked[-1] = replace(asked[-1], replies=(*asked[-1].replies, message))
    else:
        replies.append(message)


def _offers(message: DhcpMessage) -> bool:
    return message.message_type in {MessageType.DHCPOFFER, None}


def _has_taken_one(sent: list[DhcpMessage], xid: int) -> bool:
    """Whether it has sent a DHCPREQUEST already: an offer that comes later is nothing to it."""
    return any(each.message_type is MessageType.DHCPREQUEST and each.xid == xid for each in sent)


def _of(
    replies: list[DhcpMessage], sent: list[DhcpMessage], *kinds: MessageType | None
) -> tuple[DhcpMessage, ...]:
    """The replies of these kinds to the last transaction that got one, one of each retransmission."""
    xids = [each.xid for each in sent]
    fitting = [each for each in replies if each.message_type in kinds and each.xid in xids]
    last = [each for each in fitting if each.xid == fitting[-1].xid]
    return tuple(dict.fromkeys(last))


def _read_request(frame: Frame) -> TftpOptions | None:
    datagram = dissect(frame)
    if datagram is None or datagram.destination_port != TFTP_PORT:
        return None
    try:
        packet = tftp_packet(datagram.payload)
    except MalformedPacket:
        return None
    return packet.options if isinstance(packet, ReadRequest) else None


def _http_url(octets: bytes) -> str | None:
    request = _HTTP.search(octets)
    host = _HOST.search(octets)
    return f"http://{host[1].decode()}{request[1].decode()}" if request and host else None
