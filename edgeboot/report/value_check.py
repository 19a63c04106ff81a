"""Comparison of what is no field of the contract's table: each difference becomes a ``Finding``, too."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Protocol, runtime_checkable

from edgeboot.base.mac import MacAddress
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.failure import Different
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.values import shown_value
from edgeboot.spec.manifests.cause import Cause


@runtime_checkable
class Machine(Protocol):
    """A machine of the segment: a server, or a host that ARP has found."""

    @property
    def address(self) -> IPv4Address:
        """Where it answers."""

    @property
    def mac(self) -> MacAddress:
        """Its Ethernet address."""


@runtime_checkable
class Served(Protocol):
    """A file, its size, or a refusal, with the machine that has sent it."""

    @property
    def server(self) -> IPv4Address:
        """The address it came from."""

    @property
    def mac(self) -> MacAddress:
        """The Ethernet address it came from."""


Origin = Reply | Exchange | Machine | Served | None
"""Where a value is from; of an exchange its first reply. None where it was not on the wire."""


class ValueCheck:
    """Comparisons of any value; each raises AssertionError, whose only argument is the ``Finding``.

    ``told`` describes the difference where field and values are not enough, and names the sender.
    """

    __slots__ = ()

    def value(
        self, origin: Origin, field: str, received: object, expected: object, told: str | None = None
    ) -> None:
        """The received value is the expected one."""
        __tracebackhide__ = True
        self.that(received == expected, origin, field, received, expected, told)

    def another(
        self,
        origin: Origin,
        field: str,
        received: object,
        than: object,
        told: str | None = None,
        causes: tuple[Cause, ...] = (),
    ) -> None:
        """The received value is another than this one."""
        __tracebackhide__ = True
        expected = f"another than {shown_value(than)}"
        self.that(received != than, origin, field, received, expected, told, causes)

    def that(
        self,
        holds: bool,
        origin: Origin,
        field: str,
        received: object,
        expected: object,
        told: str | None = None,
        causes: tuple[Cause, ...] = (),
    ) -> None:
        """What was received is as expected in a way that only the caller can decide."""
        __tracebackhide__ = True
        if not holds:
            raise AssertionError(Finding(field, expected, received, sender_of(origin), causes, told))

    def nothing_differs(self, findings: Iterable[Finding]) -> None:
        """What was compared elsewhere shows no difference; its arguments are the findings."""
        __tracebackhide__ = True
        found = tuple(findings)
        if found:
            raise Different(*found)


def senders(exchange: Exchange) -> list[str]:
    """Who has replied, in order of arrival, for a failure's message."""
    return [reply.sender for reply in exchange.replies]


def sender_of(origin: Origin) -> Sender | None:
    """The sender as a finding has it."""
    match origin:
        case None:
            return None
        case Reply():
            return Sender.of(origin)
        case Exchange():
            return Sender.of(origin.replies[0]) if origin.replies else None
        case Served():
            return Sender(origin.server, origin.mac)
        case Machine():
            return Sender(origin.address, origin.mac)
