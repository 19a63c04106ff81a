"""Who answered a storm: each machine and server identifier, by the frames that the lab has captured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.stress.storm.reply_reader import NOBODY, message_at, node_in, told_in

_SHORTEST: Final = 282
"""Octets of a frame with a whole DHCP header and cookie."""
_SOURCE: Final = slice(6, 12)
_IPV4_UDP: Final = (b"\x08\x00", 17)


@dataclass(frozen=True, slots=True)
class Replier:
    """A machine that sent replies to a storm's nodes, in the captured part of the storm."""

    mac: str
    """The source of its frames."""
    server: IPv4Address
    """The server identifier of its replies; 0.0.0.0 for none."""
    offers: int
    acks: int
    naks: int


def repliers(frames: Iterable[Frame]) -> tuple[Replier, ...]:
    """Who has answered, those with most replies first: captured are a storm's first thousands of frames."""
    counts: dict[tuple[bytes, int], Counter[int]] = {}
    for frame in frames:
        octets = frame.octets
        if len(octets) < _SHORTEST or (octets[12:14], octets[23]) != _IPV4_UDP:
            continue
        memory = memoryview(octets)
        message = message_at(memory, 0)
        if node_in(memory, message, len(octets)) != NOBODY:
            message_type, server, _ = told_in(memory, message, len(octets))
            counts.setdefault((octets[_SOURCE], server), Counter())[message_type] += 1
    found = (
        Replier(
            str(MacAddress(mac)),
            IPv4Address(server),
            types[MessageType.DHCPOFFER],
            types[MessageType.DHCPACK],
            types[MessageType.DHCPNAK],
        )
        for (mac, server), types in counts.items()
    )
    return tuple(sorted(found, key=lambda each: each.offers + each.acks + each.naks, reverse=True))
