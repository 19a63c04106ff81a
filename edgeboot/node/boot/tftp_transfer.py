"""Sends and receives the datagrams of one TFTP transfer at an edge node's own port.

The kernel's network stack is not involved: the node resolves the server and answers ARP
itself, drops datagrams with a wrong checksum, as firmware does, and follows the server to
its transfer port (RFC 1350 section 4).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.host.wire.frame import Checksum, Datagram
from edgeboot.host.wire.neighbour import Neighbour, UdpPort
from edgeboot.node.boot.fetched import NotFetched, NotServed, Refused
from edgeboot.node.boot.tftp_packets import SERVER_PORT, Error, ErrorCode, MalformedPacket, Packet, decode

_EPHEMERAL: Final = (49152, 65535)
_GOOD_CHECKSUMS: Final = frozenset({Checksum.VALID, Checksum.ABSENT})


@dataclass
class TftpTransfer:
    """One transfer between the node and a TFTP server."""

    url: str
    """Names the transfer in error messages."""
    host: Neighbour
    """The server."""
    own_port: int = field(default_factory=lambda: random.randint(*_EPHEMERAL))  # noqa: S311 - as RFC 1350 wants
    server_port: int | None = None
    """The server's transfer identifier; None until it has answered."""
    mac: MacAddress | None = None
    """The MAC address of the first answer; None until then."""
    _last: Packet | None = None
    _other_senders: list[str] = field(default_factory=list)
    _damaged: int = 0

    @property
    def sender(self) -> str:
        """The server's IP and MAC address, for messages."""
        return f"{self.host.address} ({self.mac or self.host.mac})"

    def send(self, packet: Packet) -> None:
        """Send a packet to the server's transfer port, or to port 69 before it has answered."""
        self._last = packet
        self.host.send_udp(self.server_port or SERVER_PORT, packet.encode(), source_port=self.own_port)

    def receive(self, deadline: Deadline) -> Packet | None:
        """The server's next packet; None after a time-out, when a packet may have been lost.

        Raises:
            NotFetched: the server's port is closed, or the datagram is no TFTP packet.
            Refused: the server answered with an ERROR.
        """
        timeout = Deadline(min(deadline.at, Deadline.after(Wait.TFTP_ANSWER).at))
        while True:
            answer = self.host.receive_udp(self.own_port, timeout)
            if answer.outcome is UdpPort.CLOSED and answer.closed == (self.server_port or SERVER_PORT):
                raise NotServed(f"{self.url}: UDP port {answer.closed} of {self.sender} is closed")
            if answer.outcome is UdpPort.SILENT:
                return None
            if answer.reply is not None and self._belongs(answer.reply):
                return self._decode(answer.reply)

    def await_packet(self) -> Packet:
        """The server's next packet, without retransmission; raises as ``receive``, and if none arrives."""
        deadline = Deadline.after(Wait.TFTP_STALL)
        with waiting(f"the next packet of {self.url}", Wait.TFTP_STALL):
            while (packet := self.receive(deadline)) is None:
                if deadline.passed:
                    raise self.failure(f"{self.sender} sends nothing more")
        return packet

    def send_again(self) -> None:
        """Retransmit the last packet, which may have been lost."""
        assert self._last is not None, "nothing was sent yet"  # noqa: S101 - a programming error
        self.send(self._last)

    def failure(self, problem: str) -> NotFetched:
        """The error for a failed transfer, with the number of damaged datagrams and other senders."""
        notes = [f"{self._damaged} datagrams with a wrong checksum were dropped"] if self._damaged else []
        if self._other_senders:
            notes.append(f"others answered: {', '.join(dict.fromkeys(self._other_senders))}")
        kind = NotServed if self.server_port is None else NotFetched
        return kind("; ".join((f"{self.url}: {problem}", *notes)))

    def _belongs(self, datagram: Datagram) -> bool:
        if {datagram.udp_checksum, datagram.ip_checksum} - _GOOD_CHECKSUMS:
            self._damaged += 1
            return False
        if datagram.source == self.host.address and self.server_port is None:
            self.server_port, self.mac = datagram.source_port, datagram.source_mac
        if (datagram.source, datagram.source_port) == (self.host.address, self.server_port):
            return True
        self._other_senders.append(f"{datagram.sender} port {datagram.source_port}")
        self._reject(datagram)
        return False

    def _reject(self, datagram: Datagram) -> None:
        """Answer a packet of another sender with an ERROR (RFC 1350 section 4), but never an ERROR."""
        if datagram.payload[:2] == Error(0).encode()[:2]:
            return
        sender = Neighbour(self.host.port, self.host.own_address, datagram.source, datagram.source_mac)
        error = Error(ErrorCode.UNKNOWN_TRANSFER_ID, "unknown transfer")
        sender.send_udp(datagram.source_port, error.encode(), source_port=self.own_port)

    def _decode(self, datagram: Datagram) -> Packet:
        try:
            packet = decode(datagram.payload)
        except MalformedPacket as error:
            raise NotFetched(f"{self.url}: {self.sender} sent what is no TFTP packet ({error})") from error
        if isinstance(packet, Error):
            mac = self.mac or self.host.mac
            raise Refused(self.url, self.host.address, mac, packet.code, str(packet))
        return packet
