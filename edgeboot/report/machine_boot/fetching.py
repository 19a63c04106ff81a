"""What machines fetch, read as the packets pass: TFTP transfers and TCP connections, and whose they are.

Works on the octets of frames, without an object for each: most of a capture are the blocks of files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.fragments import reassembled
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.tls import ALERT
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.download import Download
from edgeboot.report.machine_boot.http_download import HttpExchanges
from edgeboot.report.machine_boot.tcp_connection import FIN, RST, SYN, Stream, TcpConnection, segment_of
from edgeboot.report.machine_boot.tftp_download import TftpTransfer

MOST: Final = 256
"""Transfers, and connections, that are read of one machine; a system in operation has any number."""
_IPV4: Final = b"\x08\x00"
_TCP: Final = 6
_UDP: Final = 17
_TFTP_PORT: Final = tftp.SERVER_PORT.to_bytes(2)
_BLOCKS: Final = frozenset({tftp.Opcode.DATA.value, tftp.Opcode.ACK.value})
_ETHERNET: Final = 14


_Known = tuple["Fetching", TcpConnection, HttpExchanges, bool]
"""A connection, whose it is, and whether the machine sends in this direction."""


@dataclass(slots=True)
class Fetching:
    """What one machine fetches."""

    mac: bytes
    transfers: list[TftpTransfer] = field(default_factory=list)
    connections: list[tuple[TcpConnection, HttpExchanges]] = field(default_factory=list)
    left_out: int = 0
    """Transfers and connections beyond what is read of one machine."""
    ends: list[bytes] = field(default_factory=list)
    """By which its packets are found."""

    @property
    def downloads(self) -> tuple[Download, ...]:
        """What it has asked for, in the order of its requests."""
        both: list[Download] = [each.download for each in self.transfers]
        both += (each for connection, http in self.connections for each in http.downloads(connection))
        return tuple(sorted(both, key=lambda each: each.at))


class FetchReader:
    """Reads what machines fetch, of any number of them."""

    def __init__(self) -> None:
        self._transfers: dict[bytes, tuple[Fetching, TftpTransfer]] = {}
        self._connections: dict[bytes, _Known] = {}

    def request(self, of: Fetching, at: float, octets: bytes, header: int) -> bool:
        """A datagram of a machine; False where it asks for no file at TFTP's port.

        Args:
            of: whose it is.
            at: when it passed, in seconds since the epoch.
            octets: an untagged Ethernet frame.
            header: the offset of its UDP header.
        """
        if octets[header + 2 : header + 4] != _TFTP_PORT:
            return False
        try:
            packet = tftp.decode(_payload(octets, header))
        except (tftp.MalformedPacket, ValueError):
            return False
        if not isinstance(packet, tftp.ReadRequest):
            return False
        end, server = octets[26:30] + octets[header : header + 2], IPv4Address(octets[30:34])
        known = self._transfers.get(end)
        if known is not None and known[1].is_repeated_by(server, packet):
            return True
        if len(of.transfers) >= MOST:
            of.left_out += 1
            return False
        transfer = TftpTransfer(at, server, packet)
        self._transfers[end] = (of, transfer)
        of.transfers.append(transfer)
        of.ends.append(end)
        return True

    def datagram(self, at: float, octets: bytes, header: int) -> tuple[Fetching, bool] | None:
        """A datagram of a known transfer: whose it is, and whether it tells more than one more block.

        None for any other.
        """
        if octets[header + 2 : header + 4] == _TFTP_PORT:
            return None
        found = self._transfers.get(octets[30:34] + octets[header + 2 : header + 4])
        payload = header + 8
        opcode = int.from_bytes(octets[payload : payload + 2])
        if found is not None:
            of, transfer = found
            if octets[26:30] != transfer.server.packed:
                transfer.answered_from = IPv4Address(octets[26:30])
                return of, opcode not in _BLOCKS
            first, whole = not transfer.answered, transfer.last is None
            transfer.port = int.from_bytes(octets[header : header + 2])
            lacking = _length(octets, header) - (len(octets) - payload)
            transfer.received(at, opcode, _payload(octets, header), max(0, lacking), octets[6:12])
            return of, first or opcode not in _BLOCKS or (whole and transfer.last is not None)
        found = self._transfers.get(octets[26:30] + octets[header : header + 2])
        if found is None:
            return None
        of, transfer = found
        before = transfer.acknowledged
        transfer.sent(at, opcode, _payload(octets, header))
        ends = transfer.last is not None and before < transfer.last <= transfer.acknowledged
        return of, ends or opcode not in _BLOCKS

    def segment(self, at: float, octets: bytes, header: int) -> tuple[Fetching, bool] | None:
        """A segment of a known connection, as of ``datagram``."""
        found = self._connections.get(octets[26:34] + octets[header : header + 4])
        return None if found is None else self._take(found, at, octets, header)

    def connect(self, of: Fetching, at: float, octets: bytes, header: int, *, own: bool) -> bool:
        """The first segment of a connection, sent by the machine or to it; whether it is read.

        Args:
            of: whose it is.
            at: when it passed, in seconds since the epoch.
            octets: an untagged Ethernet frame.
            header: the offset of its TCP header.
            own: whether the machine has sent it.
        """
        if len(of.connections) >= MOST:
            of.left_out += octets[header + 13 : header + 14] == bytes((SYN,))
            return False
        source, target = octets[26:30], octets[30:34]
        here, there = octets[header : header + 2], octets[header + 2 : header + 4]
        http = HttpExchanges()
        server, port = (target, there) if own else (source, here)
        sent, received = Stream(http.sent), Stream(http.received)
        connection = TcpConnection(at, IPv4Address(server), int.from_bytes(port), sent, received)
        both = source + target + here + there, target + source + there + here
        self._connections[both[0]] = (of, connection, http, own)
        self._connections[both[1]] = (of, connection, http, not own)
        of.connections.append((connection, http))
        of.ends += both
        self._take(self._connections[both[0]], at, octets, header)
        return True

    def _take(
        self,
        found: tuple[Fetching, TcpConnection, HttpExchanges, bool],
        at: float,
        octets: bytes,
        header: int,
    ) -> tuple[Fetching, bool] | None:
        of, connection, http, own = found
        segment = segment_of(at, octets, header)
        if segment is None:
            return None
        flags = segment[3]
        if flags & SYN and own and connection.sent.is_another(segment[1]):
            return (of, True) if self.connect(of, at, octets, header, own=True) else None
        stream = connection.sent if own else connection.received
        first = not stream.length and not stream.waiting
        asked = len(http.exchanges)
        connection.take(segment, octets[6:12], own=own)
        tells = flags & (SYN | FIN | RST) or (first and stream.length) or len(http.exchanges) > asked
        return of, bool(tells) or segment[4].startswith(ALERT)

    def forget(self, of: Fetching) -> None:
        """Nothing more of a machine is read."""
        for end in of.ends:
            for table in (self._transfers, self._connections):
                if end in table and table[end][0] is of:
                    del table[end]


def _length(octets: bytes, header: int) -> int:
    """Of the UDP payload."""
    return int.from_bytes(octets[header + 4 : header + 6]) - 8


def _payload(octets: bytes, header: int) -> bytes:
    return octets[header + 8 : header + 8 + _length(octets, header)]


def fetched_in(mac: MacAddress, frames: Iterable[Frame]) -> tuple[Download, ...]:
    """What one machine has asked for by TFTP and HTTP, in the order of its requests.

    Args:
        mac: of the machine.
        frames: everything that passed; those of other machines are left aside.
    """
    reader, of = FetchReader(), Fetching(mac.packed)
    for frame in reassembled(frames):
        octets = frame.untagged.octets
        if mac.packed not in {octets[:6], octets[6:12]} or octets[12:14] != _IPV4 or len(octets) < 42:
            continue
        header, own = _ETHERNET + 4 * (octets[14] & 0xF), octets[6:12] == mac.packed
        if octets[23] == _UDP:
            if not own or not reader.request(of, frame.at, octets, header):
                reader.datagram(frame.at, octets, header)
        elif octets[23] == _TCP and reader.segment(frame.at, octets, header) is None:
            reader.connect(of, frame.at, octets, header, own=own)
    return of.downloads
