"""What a storm's nodes boot after the replies that they have got: decided once for replies that are alike.

A server sends a thousand nodes a thousand replies that differ in address, transaction and client alone.
They are kept once, so that firmware's rules, which read whole messages, are asked once.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final
from urllib.parse import unquote, urlsplit

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, BootRequest, NoBoot, boots_from
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode

NO_REPLY: Final = -1
"""In place of the number of a reply."""
_OCTETS: Final = 4


@dataclass(frozen=True, slots=True)
class BootPlan:
    """What a node does next."""

    server: int
    """Whom it asks, as 32 bits."""
    request: BootRequest | None
    """What it asks port 4011 for; None if it reads ``name`` by TFTP."""
    name: str
    """The file that it asks a TFTP server for."""
    mask: int
    """Its subnet mask, as 32 bits."""
    router: int
    """The first of its routers, as 32 bits; 0 without."""
    problem: str
    """Why it fetches nothing; empty if it does."""


class BootPlans:
    """The plans of one client, by the replies that they follow from."""

    def __init__(self, client: ClientProfile) -> None:
        self._client = client
        self._numbers: dict[bytes, int] = {}
        self._replies: list[bytes] = []
        self._plans: dict[tuple[int, ...], BootPlan] = {}

    def number_of(self, reply: memoryview) -> int:
        """The number of a reply, the same for all that say the same to another node."""
        addressed = b"\1" if any(reply[16:20]) else b"\0"
        key = b"".join((reply[:4], addressed, reply[20:28], reply[44:]))
        number = self._numbers.setdefault(key, len(self._replies))
        if number == len(self._replies):
            self._replies.append(bytes(reply))
        return number

    def plan(self, *replies: int) -> BootPlan:
        """What to do after an offer, a ProxyDHCP's, the DHCPACK and a boot server's reply.

        Args:
            replies: their numbers in this order; ``NO_REPLY`` for one that did not come.
        """
        known = self._plans.get(replies)
        if known is None:
            known = self._plans[replies] = self._made(*replies)
        return known

    def _made(self, offer: int, proxy: int, ack: int, answer: int) -> BootPlan:
        heard = [self._message(number) for number in (offer, proxy, ack) if number != NO_REPLY]
        asked = [] if answer == NO_REPLY else [[self._message(answer)]]
        outcome = boots_from(self._client, heard, from_boot_servers=asked)
        request = outcome.requests[-1] if len(outcome.requests) > len(asked) else None
        network = self._network(self._message(ack))
        if request is not None:
            return _asking(request, *network)
        return _reading(outcome, *network)

    def _message(self, number: int) -> DhcpMessage:
        return DhcpMessage.decode(self._replies[number])

    @staticmethod
    def _network(ack: DhcpMessage) -> tuple[int, int]:
        """Subnet mask and first router; a mask of zero without: everything is on the link."""
        mask = ack.options.get(OptionCode.SUBNET_MASK) or b""
        routers = ack.options.get(OptionCode.ROUTER) or b""
        router = int.from_bytes(routers[:_OCTETS]) if len(routers) >= _OCTETS else 0
        return (int.from_bytes(mask) if len(mask) == _OCTETS else 0), router


def _asking(request: BootRequest, mask: int, router: int) -> BootPlan:
    if request.server is None or request.server.is_multicast:
        return BootPlan(0, None, "", mask, router, f"it asks {request}, which a storm's nodes do not")
    return BootPlan(int(request.server), request, "", mask, router, "")


def _reading(outcome: Boot | NoBoot, mask: int, router: int) -> BootPlan:
    if isinstance(outcome, NoBoot):
        return BootPlan(0, None, "", mask, router, outcome.reason)
    parts = urlsplit(outcome.url)
    try:
        server = int(IPv4Address(parts.hostname or ""))
    except ValueError:
        server = 0
    if parts.scheme != "tftp" or not server:
        return BootPlan(0, None, "", mask, router, f"{outcome.url}: is not fetched from an address by TFTP")
    name = outcome.name or unquote(parts.path).removeprefix("/")
    return BootPlan(server, None, name, mask, router, "")
