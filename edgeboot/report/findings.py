"""A failed check as data: made at the comparison, formatted as text only for output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Any, Final, Protocol, Self

from edgeboot.base.mac import NO_MAC, MacAddress
from edgeboot.host.wire.frame import Datagram
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.fields import FIELDS, ValueKind
from edgeboot.spec.manifests.cause import Cause


class Carried(Protocol):
    """A message with the datagram that carried it, such as a reply or one of a capture."""

    @property
    def datagram(self) -> Datagram:
        """With the addresses of its frame."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of the reply that was compared."""

    address: IPv4Address
    mac: MacAddress

    @classmethod
    def of(cls, message: Carried) -> Self:
        """The source of its datagram and of its frame."""
        return cls(message.datagram.source, message.datagram.source_mac)

    def __str__(self) -> str:
        return str(self.address) if self.mac == NO_MAC else f"{self.address} ({self.mac})"

    def to_json(self) -> dict[str, str]:
        """An object of these fields."""
        return {"address": str(self.address), "mac": str(self.mac)}

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        """What ``to_json`` wrote."""
        return cls(IPv4Address(data["address"]), MacAddress.parse(data["mac"]))


ANSWER_TIMES: Final = frozenset({"answer_time", "first_answer_time"})
"""Fields of no message: how soon a reply came."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One field that is not as expected."""

    field: str
    """A name of ``spec.contract.fields``, of another field of the message, ``boots`` or ``answer``."""
    expected: object
    received: object
    sender: Sender | None = None
    """None if there was no reply."""
    causes: tuple[Cause, ...] = ()
    """The likeliest first; empty if no cause is known."""
    statement: str | None = None
    """A description, if expected and received values are not enough; without sender and cause."""

    @property
    def cause(self) -> Cause | None:
        """The likeliest."""
        return self.causes[0] if self.causes else None

    def __str__(self) -> str:
        """Field, both values, the sender and the lines to look at, in one line; no line twice."""
        sender = f" from {self.sender}" if self.sender else ""
        comparison = f"expected {shown_value(self.expected)}, received {shown_value(self.received)}{sender}"
        head = self.statement or f"{self.field}: {comparison}"
        further = [cause for cause in map(str, self.causes) if cause not in head]
        return f"{head}; likely cause: {', '.join(further)}" if further else head

    @property
    def likely_cause(self) -> str:
        """All causes in one line."""
        return ", ".join(map(str, self.causes))

    def to_json(self) -> dict[str, Any]:
        """Addresses as text, durations in seconds, sets sorted, octets in hex, a pool as its ends."""
        causes = [each.to_json() for each in self.causes]
        return {
            "field": self.field,
            "expected": plain(self.expected),
            "received": plain(self.received),
            "sender": self.sender and self.sender.to_json(),
            "cause": next(iter(causes), None),
            "other_causes": causes[1:],
            "statement": self.statement,
            "text": str(self),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote; a field that no message has keeps its plain values, but for times."""
        kind = FIELDS[data["field"]].kind if data["field"] in FIELDS else None
        kind = ValueKind.DURATION if data["field"] in ANSWER_TIMES else kind
        sender = data["sender"] and Sender.from_json(data["sender"])
        causes = tuple(map(Cause.from_json, filter(None, (data["cause"], *data["other_causes"]))))
        values = (_typed(kind, data["expected"]), _typed(kind, data["received"]))
        return cls(data["field"], *values, sender, causes, data["statement"])


def plain(value: object) -> Any:
    """A value as JSON has it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case timedelta():
            return value.total_seconds()
        case AddressPool():
            ranges = [{"first": str(each.first), "last": str(each.last)} for each in value.ranges]
            return ranges[0] if len(ranges) == 1 else ranges
        case bytes():
            return f"hex:{value.hex(' ')}"
        case set() | frozenset():
            return sorted((plain(each) for each in value), key=str)
        case tuple() | list():
            return [plain(each) for each in value]
        case _:
            return str(value)


_TYPES: Final[dict[ValueKind, Callable[[Any], object]]] = {
    ValueKind.ADDRESS: IPv4Address,
    ValueKind.ADDRESSES: lambda value: tuple(map(IPv4Address, value)),
    ValueKind.DURATION: lambda value: timedelta(seconds=value),
    ValueKind.TEXT: str,
    ValueKind.OPTIONS: frozenset,
}


def _typed(kind: ValueKind | None, value: Any) -> object:
    if value is None or kind is None:
        return tuple(value) if isinstance(value, list) else value
    try:
        if kind is ValueKind.ADDRESS and isinstance(value, dict | list):
            return AddressPool.model_validate(value)
        return _TYPES[kind](value)
    except (ValueError, TypeError):
        return value  # It is described, as in "routers in 10.0.0.0/8", or there are several.
