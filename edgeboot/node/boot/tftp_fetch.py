"""A file fetched by TFTP as firmware fetches it, from an edge node's own port.

Read-only. ``reading`` says what is acknowledged, ``conversation`` has the datagrams; here
are the clock and the words.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final
from urllib.parse import urlsplit

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.node.boot.fetched import Fetched, NotFetched, address_in
from edgeboot.node.boot.tftp_packets import (
    Error,
    ErrorCode,
    OptionAcknowledgement,
    Options,
    ReadRequest,
    WriteRequest,
)
from edgeboot.node.boot.tftp_reader import Reading, Violation
from edgeboot.node.boot.tftp_transfer import Conversation
from edgeboot.node.edge_node import EdgeNode

PLAIN: Final = Options()
"""RFC 1350 alone, as a server without options serves."""
EDK2: Final = Options(blksize=1468, windowsize=4, tsize=0)
"""What UEFI firmware asks for on a link with an MTU of 1500: the largest block that needs no
fragments, and a window of four (NetworkPkg: UefiPxeBcDxe, PcdPxeTftpWindowSize)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedByTftp(Fetched):
    """A file and the terms of its transfer; ``server_port`` is the server's transfer identifier."""

    blocks: int
    blksize: int
    windowsize: int
    granted: Options
    """The server's OACK; empty where it sent none."""


def open_conversation(node: EdgeNode, server: IPv4Address, filename: str) -> Conversation:
    """A transfer about a file, in which nothing was said yet; raises NotFetched when nobody is there."""
    url = f"tftp://{server}/{filename}"
    host = node.neighbour(server)
    if host is None:
        raise NotFetched(f"{url}: nobody on the segment has {server} (no ARP reply)")
    return Conversation(url, host)


def fetch(node: EdgeNode, server: IPv4Address, filename: str, options: Options = EDK2) -> FetchedByTftp:
    """Read a file of a TFTP server into memory.

    Args:
        node: asks from its leased address.
        server: an address on the node's segment.
        filename: as firmware sends it, without its URL's first slash.
        options: what is asked for; whatever is granted of it, the content is the same.

    Raises:
        Refused: the server sent an ERROR.
        NotFetched: it is not there, stalled, or broke the protocol; or the file is not as long as told.
    """
    conversation, reading = open_conversation(node, server, filename), Reading(options)
    started = time.monotonic()
    conversation.say(ReadRequest(filename, options))
    _read(conversation, reading)
    told = reading.granted.tsize
    if told is not None and told != len(reading.content):
        raise conversation.failed(f"{conversation.sender} told {told} octets and sent {len(reading.content)}")
    assert conversation.mac is not None and conversation.server_port is not None  # noqa: S101, PT018 - it answered
    return FetchedByTftp(
        url=conversation.url,
        content=reading.content,
        server=server,
        mac=conversation.mac,
        server_port=conversation.server_port,
        took=timedelta(seconds=time.monotonic() - started),
        blocks=reading.blocks,
        blksize=reading.blksize,
        windowsize=reading.windowsize,
        granted=reading.granted,
    )


def fetch_url(node: EdgeNode, url: str, options: Options = EDK2) -> FetchedByTftp:
    """Fetch what ``dhcp.firmware.boots_from`` concludes; raises as ``fetch``, and for another scheme."""
    parts = urlsplit(url)
    if parts.scheme != "tftp" or parts.hostname is None:
        raise NotFetched(f"{url}: is not fetched by TFTP")
    return fetch(node, address_in(url), parts.path.removeprefix("/"), options)


def size_of(node: EdgeNode, server: IPv4Address, filename: str, options: Options = EDK2) -> FileSize:
    """What the server says of a file's size, asked as EDK2 asks before it allocates memory.

    The transfer is ended with error 8 once the OACK is there, which servers log as a failure.

    Raises:
        Refused: the server sent an ERROR.
        NotFetched: it is not there, or told no size (RFC 2349 section 3).
    """
    conversation = open_conversation(node, server, filename)
    conversation.say(ReadRequest(filename, options))
    until = Deadline.after(Wait.TFTP_STALL)
    while (packet := conversation.hear(until)) is None:
        _ask_again(conversation, until)
    conversation.say(Error(ErrorCode.OPTION_NEGOTIATION_FAILED, "only the size was wanted"))
    if not isinstance(packet, OptionAcknowledgement) or packet.options.tsize is None:
        raise conversation.failed(f"{conversation.sender} tells no size (tsize)")
    assert conversation.mac is not None  # noqa: S101 - it answered
    return FileSize(packet.options.tsize, conversation.sender)


@dataclass(frozen=True, slots=True)
class FileSize:
    """Octets, and who said so: address and MAC."""

    octets: int
    sender: str


def ask_to_write(node: EdgeNode, server: IPv4Address, filename: str) -> str:
    """Ask to write a file, which a boot server must refuse; returns who would have let us.

    Nothing is written: a server that agrees gets an error instead of the first block.

    Raises:
        Refused: as it should be.
        NotFetched: the server is not there.
    """
    conversation = open_conversation(node, server, filename)
    conversation.say(WriteRequest(filename))
    until = Deadline.after(Wait.TFTP_STALL)
    while conversation.hear(until) is None:
        _ask_again(conversation, until)
    conversation.say(Error(ErrorCode.NOT_DEFINED, "only asked"))
    return conversation.sender


def _read(conversation: Conversation, reading: Reading) -> None:
    until, came = Deadline.after(Wait.TFTP_STALL), 0
    while not reading.done:
        packet = conversation.hear(until)
        if packet is None:
            if conversation.server_port is None:
                _ask_again(conversation, until)
            elif until.passed:
                raise conversation.failed(_stalled(conversation, reading))
            else:
                conversation.say(reading.acknowledge_again())
            continue
        try:
            answer = reading.take(packet)
        except Violation as violation:
            conversation.say(violation.answer)
            raise conversation.failed(f"{conversation.sender} {violation}") from violation
        if answer is not None:
            conversation.say(answer)
        if reading.blocks > came:
            until, came = Deadline.after(Wait.TFTP_STALL), reading.blocks


def _ask_again(conversation: Conversation, until: Deadline) -> None:
    if until.passed:
        raise conversation.failed(
            f"{conversation.sender} does not answer within {Wait.TFTP_STALL.total_seconds():g} s"
        )
    conversation.say_again()


def _stalled(conversation: Conversation, reading: Reading) -> str:
    of = "" if reading.expected_blocks is None else f" of {reading.expected_blocks}"
    return f"{conversation.sender} stalled after block {reading.blocks}{of}"
