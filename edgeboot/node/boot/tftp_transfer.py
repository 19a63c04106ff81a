"""The datagrams of one TFTP transfer, at an edge node's own port: who speaks, and who does not belong.

No kernel's stack takes part: the node resolved the server by ARP and answers ARP itself,
drops what has a wrong checksum, as firmware does, and follows the server to its transfer
port (RFC 1350 section 4).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.machine.wire.frame import Checksum, Datagram
from edgeboot.machine.wire.neighbour import Neighbour, UdpPort
from edgeboot.node.boot.fetched import NotFetched, Refused
from edgeboot.node.boot.tftp_packets import SERVER_PORT, Error, ErrorCode, MalformedPacket, Packet, decode

_EPHEMERAL: Final = (49152, 65535)
_SOUND: Final = frozenset({Checksum.VALID, Checksum.ABSENT})


@dataclass
class Conversation:
    """One transfer; ``url`` is what its errors call it."""

    url: str
    host: Neighbour
    own_port: int = field(default_factory=lambda: random.randint(*_EPHEMERAL))  # noqa: S311 - as RFC 1350 wants
    server_port: int | None = None
    """The server's transfer identifier, once it has answered."""
    mac: MacAddress | None = None
    """Where its first answer came from."""
    _last: Packet | None = None
    _strangers: list[str] = field(default_factory=list)
    _damaged: int = 0

    @property
    def sender(self) -> str:
        """Address and MAC of who serves."""
        return f"{self.host.address} ({self.mac or self.host.mac})"

    def say(self, packet: Packet) -> None:
        """Send a packet to where the transfer is; it is what will be sent again."""
        self._last = packet
        self.host.send_udp(self.server_port or SERVER_PORT, packet.encode(), source_port=self.own_port)

    def hear(self, until: Deadline) -> Packet | None:
        """The server's next packet; None when nothing came for a while, so that ours may be lost.

        Raises:
            NotFetched: nothing came up to the deadline, its port is closed, or it is no TFTP.
            Refused: it answered with an error.
        """
        patience = Deadline(min(until.at, Deadline.after(Wait.TFTP_ANSWER).at))
        while True:
            answer = self.host.hear_udp(self.own_port, patience)
            if answer.outcome is UdpPort.CLOSED and answer.closed == (self.server_port or SERVER_PORT):
                raise NotFetched(f"{self.url}: UDP port {answer.closed} of {self.sender} is closed")
            if answer.outcome is UdpPort.SILENT:
                return None
            if answer.reply is not None and self._belongs(answer.reply):
                return self._read(answer.reply)

    def await_packet(self) -> Packet:
        """The server's next packet, while we keep silent; raises as ``hear``, and when none comes."""
        until = Deadline.after(Wait.TFTP_STALL)
        while (packet := self.hear(until)) is None:
            if until.passed:
                raise self.failed(f"{self.sender} sends nothing more")
        return packet

    def say_again(self) -> None:
        """Send the last packet once more, because it may be lost."""
        assert self._last is not None, "nothing was said yet"  # noqa: S101 - a programming error
        self.say(self._last)

    def failed(self, what: str) -> NotFetched:
        """The error for a transfer that came to nothing, with what else was seen."""
        seen = [f"{self._damaged} datagrams with a wrong checksum were dropped"] if self._damaged else []
        if self._strangers:
            seen.append(f"others answered: {', '.join(dict.fromkeys(self._strangers))}")
        return NotFetched("; ".join((f"{self.url}: {what}", *seen)))

    def _belongs(self, datagram: Datagram) -> bool:
        if {datagram.udp_checksum, datagram.ip_checksum} - _SOUND:
            self._damaged += 1
            return False
        if datagram.source == self.host.address and self.server_port is None:
            self.server_port, self.mac = datagram.source_port, datagram.source_mac
        if (datagram.source, datagram.source_port) == (self.host.address, self.server_port):
            return True
        self._strangers.append(f"{datagram.sender} port {datagram.source_port}")
        self._send_away(datagram)
        return False

    def _send_away(self, datagram: Datagram) -> None:
        """To another's packet an error of its own, without disturbing the transfer; never to an error."""
        if datagram.payload[:2] == Error(0).encode()[:2]:
            return
        stranger = Neighbour(self.host.port, self.host.own_address, datagram.source, datagram.source_mac)
        error = Error(ErrorCode.UNKNOWN_TRANSFER_ID, "no transfer of mine")
        stranger.send_udp(datagram.source_port, error.encode(), source_port=self.own_port)

    def _read(self, datagram: Datagram) -> Packet:
        try:
            packet = decode(datagram.payload)
        except MalformedPacket as error:
            raise NotFetched(f"{self.url}: {self.sender} sent what is no TFTP packet ({error})") from error
        if isinstance(packet, Error):
            raise Refused(self.url, self.sender, packet.code, str(packet))
        return packet
