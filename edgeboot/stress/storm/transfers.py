"""The TFTP transfers of a storm's nodes: read requests, options, blocks, and breaches of the protocol.

As ``node.boot`` does it for one node, here for all at once: the reading of blocks follows RFC 1350 section 2
and RFC 7440 section 4, options RFC 2347.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Address
from struct import Struct
from typing import Final

from edgeboot.dhcp.clients import BootRules, ClientProfile
from edgeboot.node.boot.tftp_packets import (
    BLOCK_NUMBERS,
    DEFAULT_BLKSIZE,
    SERVER_PORT,
    Error,
    ErrorCode,
    MalformedPacket,
    Opcode,
    OptionAcknowledgement,
    ReadRequest,
    TftpOptions,
    decode,
)
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.fetch_columns import MAC_OCTETS, FetchColumns, Step
from edgeboot.stress.storm.fetch_failures import FetchEnd, FetchFailures
from edgeboot.stress.storm.fetch_frames import FetchFrames
from edgeboot.stress.storm.fetch_patience import read_requests
from edgeboot.stress.storm.fetch_waits import FetchWaits

_REQUESTING, _READING = int(Step.REQUESTING), int(Step.READING)
_DATA: Final = int(Opcode.DATA)
_UDP: Final = Struct("!HHH").unpack_from
_TFTP: Final = Struct("!HH").unpack_from
_UDP_HEADER: Final = 8
_TFTP_HEADER: Final = 4
_SOURCE_MAC: Final = 6
_SOURCE: Final = 26
"""Where in a frame the MAC and the IP address are that sent it."""
_IP: Final = Struct("!I").unpack_from
_TAKE_ANY_SOURCE: Final = frozenset({BootRules.IPXE, BootRules.IPXE_BIOS})
"""iPXE takes the first answer from whatever address, and from then on that one's alone (src/net/udp/tftp.c,
``tftp_rx``). EDK2's UDP port hears the server's address only (NetworkPkg/Mtftp4Dxe/Mtftp4Impl.c,
``Mtftp4ConfigUnicastPort``: RemoteAddress)."""
OnRead = Callable[[int, float], None]


class Transfers:
    """The transfers of a round.

    Args:
        client: that of the round.
        columns: of its fetches; a node's server is in them when it begins.
        frames: what its nodes send.
        waits: how long they wait.
        failures: those that give up.
        counters: of the round.
        name_of: the file that a node asks for.
        on_read: what a node does that has its whole file.
    """

    def __init__(
        self,
        client: ClientProfile,
        columns: FetchColumns,
        frames: FetchFrames,
        waits: FetchWaits,
        failures: FetchFailures,
        counters: Counters,
        name_of: Callable[[int], str],
        on_read: OnRead,
    ) -> None:
        self._columns = columns
        self._frames = frames
        self._waits = waits
        self._failures = failures
        self._counters = counters
        self._name_of = name_of
        self._on_read = on_read
        self._requests = read_requests(client)
        self._last_request = len(self._requests) - 1
        """Those before it ask for the size alone."""
        self._takes_any_source = client.rules in _TAKE_ANY_SOURCE
        self._other_sources: dict[int, int] = {}
        """Who else has answered a node, as 32 bits, by the node's number."""

    def request(self, number: int) -> None:
        """A node asks for the file, or first for its size."""
        columns = self._columns
        self._waits.begin(number, _REQUESTING)
        columns.server_port[number] = 0
        columns.blocks[number] = columns.octets[number] = 0
        columns.unacknowledged[number] = columns.gap[number] = 0
        columns.blksize[number], columns.windowsize[number] = DEFAULT_BLKSIZE, 1
        self._counters.read_requests += 1
        self.request_again(number)

    def request_again(self, number: int) -> None:
        """The read request once more."""
        request = ReadRequest(self._name_of(number), self._requests[self._columns.asked[number]])
        self._frames.tftp(number, SERVER_PORT, request.encode())

    def acknowledge_again(self, number: int) -> None:
        """The last acknowledgement once more."""
        self._columns.gap[number] = 0
        self._frames.acknowledge(number)

    def other_source(self, number: int) -> IPv4Address | None:
        """Who has answered a node, and was not asked; None where nobody has."""
        other = self._other_sources.get(number)
        return None if other is None else IPv4Address(other)

    def on_datagram(self, number: int, memory: memoryview, start: int, udp: int, at: float) -> None:
        """A datagram to one of the ports of this round.

        Args:
            number: the node's.
            memory: where it is.
            start: where its frame begins.
            udp: where its header begins.
            at: when it came, on the monotonic clock.
        """
        columns = self._columns
        source, port, length = _UDP(memory, udp)
        step, known = columns.step[number], columns.server_port[number]
        waits = step in {_REQUESTING, _READING} and port == self._frames.port(number)
        if not waits or (known and known != source):
            self._counters.strays += 1
            return
        sender = _IP(memory, start + _SOURCE)[0]
        if sender != columns.server[number] and not self._takes(number, memory, start, sender):
            self._counters.strays += 1
            return
        columns.server_port[number] = source
        payload = udp + _UDP_HEADER
        opcode, block = _TFTP(memory, payload)
        if opcode == _DATA:
            self._on_block(number, block, length - _UDP_HEADER - _TFTP_HEADER, at)
        else:
            self._on_packet(number, bytes(memory[payload : udp + length]))

    def _takes(self, number: int, memory: memoryview, start: int, sender: int) -> bool:
        """Whether a node takes a datagram of another address than it has asked: that is its server then."""
        columns = self._columns
        if columns.server_port[number] or not self._takes_any_source:
            self._other_sources[number] = sender
            return False
        columns.server[number] = sender
        mac = bytes(memory[start + _SOURCE_MAC : start + _SOURCE_MAC + MAC_OCTETS])
        columns.hop_mac[number * MAC_OCTETS : (number + 1) * MAC_OCTETS] = mac
        return True

    def _on_packet(self, number: int, payload: bytes) -> None:
        """Anything but a block."""
        try:
            packet = decode(payload)
        except MalformedPacket as malformed:
            self._violated(number, f"sent no packet of TFTP: {malformed}")
            return
        if isinstance(packet, Error):
            told = f"{self._server(number)} answered {packet} for {self._name_of(number)}"
            self._failures.add(number, FetchEnd.REFUSED, told, packet.code)
        elif isinstance(packet, OptionAcknowledgement):
            self._on_options(number, packet.options)
        else:
            self._violated(number, f"sent a {type(packet).__name__} in answer to a read request")

    def _on_options(self, number: int, granted: TftpOptions) -> None:
        columns = self._columns
        if columns.blocks[number]:
            return  # A duplicate of the OACK, overtaken by data.
        asked = self._requests[columns.asked[number]]
        for name, value in granted.present.items():
            limit = asked.present.get(name)
            if limit is None or (name != "tsize" and value > limit):
                self._violated(number, f"granted {name} {value} where {limit or 'nothing'} was asked for")
                return
        if granted.tsize is not None:
            columns.size[number] = granted.tsize
        if columns.asked[number] < self._last_request:
            self._end_probe(number)
            return
        columns.blksize[number] = granted.blksize or DEFAULT_BLKSIZE
        columns.windowsize[number] = granted.windowsize or 1
        self._waits.progress(number, time.monotonic())
        self._frames.acknowledge(number)

    def _end_probe(self, number: int) -> None:
        """It knows the size, or that the server does not say it, and asks for the file from its next port."""
        ended = Error(ErrorCode.OPTION_NEGOTIATION_FAILED, "User aborted the transfer")
        self._frames.tftp(number, self._columns.server_port[number], ended.encode())
        self._columns.asked[number] += 1
        self.request(number)

    def _on_block(self, number: int, block: int, size: int, at: float) -> None:
        columns = self._columns
        if columns.asked[number] < self._last_request:
            self._end_probe(number)
            return
        blksize = columns.blksize[number]
        if not 0 <= size <= blksize:
            self._violated(number, f"sent a block of {size} octets where {blksize} were agreed")
            return
        blocks = columns.blocks[number]
        ahead = (block - blocks) % BLOCK_NUMBERS
        if ahead == 1:
            columns.blocks[number] = blocks + 1
            columns.octets[number] += size
            columns.unacknowledged[number] += 1
            self._waits.progress(number, at)
            if size < blksize:
                self._frames.acknowledge(number)
                self._finish(number, at)
            elif columns.unacknowledged[number] >= columns.windowsize[number]:
                self._frames.acknowledge(number)
        elif ahead == 0:
            # Sent again: the acknowledgement was lost. In mid-window one would have the server send the rest
            # of the window twice, and each copy of that again.
            if not columns.unacknowledged[number]:
                self._frames.acknowledge(number)
        elif ahead <= columns.windowsize[number] and not columns.gap[number]:
            columns.gap[number] = 1  # A block of the window is missing: said once.
            self._frames.acknowledge(number)

    def _finish(self, number: int, at: float) -> None:
        announced, received = self._columns.size[number], self._columns.octets[number]
        self._counters.fetched_octets += received
        if announced in {-1, received}:
            self._on_read(number, at)
            return
        told = f"{self._server(number)} announced {announced} octets of {self._name_of(number)}"
        self._failures.add(number, FetchEnd.WRONG_SIZE, f"{told} and sent {received}")

    def _violated(self, number: int, problem: str) -> None:
        """The server has broken the protocol: it is told so, and the node gives up."""
        port = self._columns.server_port[number]
        self._frames.tftp(number, port, Error(ErrorCode.ILLEGAL_OPERATION, "illegal").encode())
        self._failures.add(number, FetchEnd.BREACH, f"{self._server(number)} {problem}")

    def _server(self, number: int) -> str:
        return str(IPv4Address(self._columns.server[number]))
