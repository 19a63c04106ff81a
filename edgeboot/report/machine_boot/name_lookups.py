"""What a machine has asked name servers, as a capture shows it (RFC 1035 section 4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.firmware.names import printable
from edgeboot.host.wire.frame import Frame, dissect

_PORT: Final = 53
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
    has_answers: bool = False

    @property
    def failed(self) -> str:
        """How its server has refused, or that it knows no address; empty where it did neither."""
        if self.answer is None or (not self.code and self.has_answers):
            return ""
        return _CODES.get(self.code, f"code {self.code}") if self.code else "no address"


def name_lookups(mac: MacAddress, frames: Iterable[Frame]) -> tuple[NameLookup, ...]:
    """The questions for IPv4 addresses, in the order in which they were asked first."""
    found: dict[tuple[IPv4Address, str], NameLookup] = {}
    for frame in frames:
        datagram = dissect(frame.untagged)
        if datagram is None or _PORT not in {datagram.source_port, datagram.destination_port}:
            continue
        question = _question(datagram.payload)
        if question is None:
            continue
        name, flags, answers = question
        own = datagram.destination_port == _PORT
        key = (datagram.destination if own else datagram.source, name.lower())
        known = found.get(key)
        if own and not flags & _ANSWER and datagram.source_mac == mac:
            before = () if known is None else known.asked
            found[key] = replace(known or NameLookup((), key[0], name), asked=(*before, frame))
        elif known is not None and flags & _ANSWER and not known.has_answers:
            found[key] = replace(known, answer=frame, code=flags & _CODE, has_answers=answers > 0)
    return tuple(found.values())


def _question(payload: bytes) -> tuple[str, int, int] | None:
    """Name, flags and number of answers of a message about one address; None for any other."""
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
    return ".".join(labels), int.from_bytes(payload[2:4]), int.from_bytes(payload[6:8])
