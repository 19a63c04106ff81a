"""TFTP read requests of an edge node, with the options, time-outs and size probe of firmware.

``tftp_reader`` decides what is acknowledged and ``tftp_transfer`` sends and receives the
datagrams; this module adds time-outs, retransmission and error messages. No file is written.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.node.boot.fetched import Fetched, NotFetched, NotServed, address_in
from edgeboot.node.boot.tftp_clients import EDK2
from edgeboot.node.boot.tftp_packets import (
    Error,
    ErrorCode,
    OptionAcknowledgement,
    Packet,
    ReadRequest,
    TftpOptions,
    WriteRequest,
)
from edgeboot.node.boot.tftp_reader import ProtocolViolation, TftpReader
from edgeboot.node.boot.tftp_transfer import TftpTransfer
from edgeboot.node.edge_node import EdgeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedByTftp(Fetched):
    """A file fetched over TFTP; ``server_port`` is the server's transfer identifier."""

    blocks: int
    """Number of DATA packets, the last short one included."""
    blksize: int
    """Octets in a full block."""
    windowsize: int
    """Blocks per acknowledgement."""
    granted: TftpOptions
    """The options of the server's OACK; empty if it sent none."""


def open_transfer(node: EdgeNode, server: IPv4Address, filename: str) -> TftpTransfer:
    """A transfer in which nothing has been sent yet; raises NotFetched if ARP finds no server."""
    url = f"tftp://{server}/{filename}"
    host = node.neighbour(server)
    if host is None:
        raise NotServed(f"{url}: nobody on the segment has {server} (no ARP reply)")
    return TftpTransfer(url, host)


def fetch(node: EdgeNode, server: IPv4Address, filename: str, options: TftpOptions = EDK2) -> FetchedByTftp:
    """Read a file from a TFTP server into memory.

    Args:
        node: the client; its leased address is the source address.
        server: an address on the node's segment.
        filename: the name as firmware sends it, without the leading slash of the URL's path.
        options: the options to request; the server may grant fewer. By default those of EDK2's size probe:
            with the size a file that is cut short shows, which EDK2 sees since it has probed before.

    Raises:
        Refused: the server sent an ERROR.
        NotFetched: the server is absent, stalled or violated the protocol, or the file's size
            is not the announced one.
    """
    transfer, reader = open_transfer(node, server, filename), TftpReader(options)
    started = time.monotonic()
    transfer.send(ReadRequest(filename, options))
    _read(transfer, reader)
    size = reader.granted.tsize
    if size is not None and size != len(reader.content):
        raise transfer.failure(f"{transfer.sender} announced {size} octets and sent {len(reader.content)}")
    assert transfer.mac is not None and transfer.server_port is not None  # noqa: S101, PT018 - it answered
    return FetchedByTftp(
        url=transfer.url,
        content=reader.content,
        server=server,
        mac=transfer.mac,
        server_port=transfer.server_port,
        duration=timedelta(seconds=time.monotonic() - started),
        blocks=reader.blocks,
        blksize=reader.blksize,
        windowsize=reader.windowsize,
        granted=reader.granted,
    )


def fetch_boot(node: EdgeNode, boot: Boot | NoBoot, options: TftpOptions = EDK2) -> FetchedByTftp:
    """Fetch what a client boots, by the name it asks for.

    Raises as ``fetch``, and NotFetched where it boots nothing, or not by TFTP.
    """
    if isinstance(boot, NoBoot):
        raise NotFetched(str(boot))
    parts = urlsplit(boot.url)
    if parts.scheme != "tftp" or parts.hostname is None:
        raise NotFetched(f"{boot.url}: is not fetched by TFTP")
    return fetch(node, address_in(boot.url), boot.name or parts.path.removeprefix("/"), options)


def probe_size(node: EdgeNode, server: IPv4Address, filename: str, options: TftpOptions = EDK2) -> FileSize:
    """Ask a server for the size of a file, as EDK2 does before it allocates memory.

    After the OACK the transfer is ended with error 8, which servers log as a failure.

    Raises:
        Refused: the server sent an ERROR.
        NotFetched: the server is absent, or announced no size (RFC 2349 section 3).
    """
    transfer = open_transfer(node, server, filename)
    transfer.send(ReadRequest(filename, options))
    deadline = Deadline.after(Wait.TFTP_STALL)
    with waiting(f"the size of {transfer.url}", Wait.TFTP_STALL):
        while (packet := transfer.receive(deadline)) is None:
            _retransmit(transfer, deadline)
    transfer.send(Error(ErrorCode.OPTION_NEGOTIATION_FAILED, "only the size was requested"))
    if not isinstance(packet, OptionAcknowledgement) or packet.options.tsize is None:
        raise transfer.failure(f"{transfer.sender} announces no size (tsize)")
    assert transfer.mac is not None  # noqa: S101 - it answered
    return FileSize(packet.options.tsize, server, transfer.mac)


@dataclass(frozen=True, slots=True)
class FileSize:
    """The size of a file as announced by a server."""

    octets: int
    server: IPv4Address
    mac: MacAddress

    @property
    def sender(self) -> str:
        """The server's IP and MAC address, for messages."""
        return f"{self.server} ({self.mac})"


def attempt_write(node: EdgeNode, server: IPv4Address, filename: str) -> str:
    """Send a write request, which a boot server has to refuse; returns the server that accepted it.

    Nothing is written: a server that accepts gets an ERROR instead of the first block.

    Raises:
        Refused: the server refused, as it should.
        NotFetched: the server is absent.
    """
    transfer = open_transfer(node, server, filename)
    transfer.send(WriteRequest(filename))
    deadline = Deadline.after(Wait.TFTP_STALL)
    with waiting(f"the answer to a write request for {transfer.url}", Wait.TFTP_STALL):
        while transfer.receive(deadline) is None:
            _retransmit(transfer, deadline)
    transfer.send(Error(ErrorCode.NOT_DEFINED, "only a probe"))
    return transfer.sender


def _read(transfer: TftpTransfer, reader: TftpReader) -> None:
    deadline, received = Deadline.after(Wait.TFTP_STALL), 0
    while not reader.done:
        with waiting(f"the next packet of {transfer.url}", Wait.TFTP_STALL):
            packet = _next_packet(transfer, reader, deadline)
        try:
            acknowledgement = reader.handle(packet)
        except ProtocolViolation as violation:
            transfer.send(violation.error)
            raise transfer.failure(f"{transfer.sender} {violation}") from violation
        if acknowledgement is not None:
            transfer.send(acknowledgement)
        if reader.blocks > received:
            deadline, received = Deadline.after(Wait.TFTP_STALL), reader.blocks


def _next_packet(transfer: TftpTransfer, reader: TftpReader, deadline: Deadline) -> Packet:
    while (packet := transfer.receive(deadline)) is None:
        if transfer.server_port is None:
            _retransmit(transfer, deadline)
        elif deadline.passed:
            raise transfer.failure(_stalled(transfer, reader))
        else:
            transfer.send(reader.acknowledge_again())
    return packet


def _retransmit(transfer: TftpTransfer, deadline: Deadline) -> None:
    if deadline.passed:
        raise transfer.failure(
            f"{transfer.sender} does not answer within {Wait.TFTP_STALL.total_seconds():g} s"
        )
    transfer.send_again()


def _stalled(transfer: TftpTransfer, reader: TftpReader) -> str:
    total = "" if reader.expected_blocks is None else f" of {reader.expected_blocks}"
    return f"{transfer.sender} stalled after block {reader.blocks}{total}"
