"""What a machine has asked name servers, as a capture shows it (RFC 1035 section 4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.firmware.names import printable
from edgeboot.host.wire.frame import Frame, dissect, has_port

_PORT: Final = 53
_PORTS: Final = frozenset({_PORT.to_bytes(2)})
_HEADER: Final = 12
_ANSWER: Final = 0x8000
_CODE: Final = 0xF
_ADDRESS: Final = 1
_LONGEST: Final = 63
"""Octets of a label; more is a pointer, which a question has none of."""
_CODES: Final = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
"""RFC 1035 section 4.1.1."""


@dataclass(frozen=True, slots=True)
class NameLookup:
    """One question for an address, sent once or again, and what was answered."""

    asked: tuple[Frame, ...]
    server: IPv4Address
    name: str
    answer: Frame | None = None
    code: int = 0
    """Of the answer; zero without one."""
    addresses: tuple[IPv4Address, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether its server has said an address that leads to another host."""
        return any(not (each.is_unspecified or each.is_loopback) for each in self.addresses)

    @property
    def failed(self) -> str:
        """How its server has refused, or that it knows no address; empty where it did neither."""
        if self.answer is None or (not self.code and self.is_known):
            return ""
        if self.code:
            return _CODES.get(self.code, f"code {self.code}")
        return f"{self.addresses[0]}, which is nowhere," if self.addresses else "no address"


def name_lookups(mac: MacAddress, frames: Iterable[Frame]) -> tuple[NameLookup, ...]:
    """The questions for IPv4 addresses, in the order in which they were asked first."""
    found: dict[tuple[IPv4Address, str], NameLookup] = {}
    for frame in frames:
        if not has_port(frame.untagged.octets, _PORTS) or (datagram := dissect(frame.untagged)) is None:
            continue
        question = _question(datagram.payload)
        if question is None:
            continue
        name, flags, end = question
        own = datagram.destination_port == _PORT
        key = (datagram.destination if own else datagram.source, name.lower())
        known = found.get(key)
        if own and not flags & _ANSWER and datagram.source_mac == mac:
            before = () if known is None else known.asked
            found[key] = replace(known or NameLookup((), key[0], name), asked=(*before, frame))
        elif known is not None and flags & _ANSWER and not known.is_known:
            addresses = tuple(_addresses(datagram.payload, end))
            found[key] = replace(known, answer=frame, code=flags & _CODE, addresses=addresses)
    return tuple(found.values())


def _question(payload: bytes) -> tuple[str, int, int] | None:
    """Name and flags of a message about one address, and where its question ends; None for any other."""
    if len(payload) < _HEADER or int.from_bytes(payload[4:6]) != 1:
        return None
    labels, at = list[str](), _HEADER
    while at < len(payload) and (length := payload[at]):
        if length > _LONGEST:
            return None
        labels.append(printable(payload[at + 1 : at + 1 + length]))
        at += 1 + length
    if int.from_bytes(payload[at + 1 : at + 3]) != _ADDRESS:
        return None
    return ".".join(labels), int.from_bytes(payload[2:4]), at + 5


def _addresses(payload: bytes, at: int) -> Iterator[IPv4Address]:
    """Those of the answers, which begin at an offset; as far as they can be read."""
    for _ in range(int.from_bytes(payload[6:8])):
        while at < len(payload) and 0 < payload[at] <= _LONGEST:
            at += 1 + payload[at]
        at += 1 if payload[at : at + 1] == b"\0" else 2  # The end of a name, or a pointer to its rest.
        kind, size = int.from_bytes(payload[at : at + 2]), int.from_bytes(payload[at + 8 : at + 10])
        at += 10
        if at + size > len(payload):
            return
        if kind == _ADDRESS and size == 4:
            yield IPv4Address(payload[at : at + 4])
        at += size
