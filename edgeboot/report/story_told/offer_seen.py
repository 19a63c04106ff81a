"""The offers that a client had, which of them it took, and what its own rules make of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.dhcp.clients import CLIENTS, BootRules, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.capture_clients.story import Identity
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import PassedMessage, offers_in


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """One DHCPOFFER, or the reply of a BOOTP server."""

    passed: PassedMessage
    after: float | None
    """Seconds from the DHCPDISCOVER before it; None where the capture has none."""
    taken: bool
    """Whether a DHCPREQUEST with its xid names its server."""
    again: int
    """How often the same one came again."""
    boots: Boot | NoBoot | None
    """What the client would boot by this offer alone; None where its rules are not known."""

    @property
    def sender(self) -> Sender:
        """Who has sent it."""
        return Sender.of(self.passed)

    @property
    def told(self) -> str:
        """The offer in one line."""
        address = self.passed.message.yiaddr
        what = "boot data without an address" if address == UNSPECIFIED else str(address)
        told = f"{what} from {self.sender}"
        if self.after is not None:
            told += f", {interval(self.after)} after the DHCPDISCOVER"
        told += f", and {often(self.again)} again" if self.again else ""
        told += ", taken" if self.taken else ""
        match self.boots:
            case Boot():
                told += f"; leads to {self.boots}"
            case NoBoot(requests=(first, *_)):
                told += f"; leads to {first}"
            case NoBoot():
                told += f"; leads to {self.boots}"
        return told


def offers_seen(each: Round, identity: Identity | None) -> tuple[OfferSeen, ...]:
    """The offers of a round, in the order in which they came; those alike to one xid once.

    Args:
        each: the round.
        identity: who asks in it; None where that is not known.
    """
    alike: dict[object, list[PassedMessage]] = {}
    for offer in offers_in(each.traffic.messages):
        key = (offer.datagram.sender, offer.message.xid, offer.message.yiaddr, _boot_data(offer))
        alike.setdefault(key, []).append(offer)
    discovers = sorted(one.at for one in each.traffic.sent(MessageType.DHCPDISCOVER))
    requested = {
        (request.message.xid, request.server_identifier)
        for request in each.traffic.sent(MessageType.DHCPREQUEST)
    }
    client = None if identity is None else CLIENTS.get(identity.client)
    return tuple(_offer(came, client, discovers, requested) for came in alike.values())


def _offer(
    came: Sequence[PassedMessage],
    client: ClientProfile | None,
    discovers: Sequence[float],
    requested: Collection[tuple[int, IPv4Address | None]],
) -> OfferSeen:
    offer, boots = came[0], None
    asked = bisect_right(discovers, offer.at)
    if client is not None and client.rules is not BootRules.NOTHING:
        boots = boots_from(client, [offer.message])
    server = offer.server_identifier
    taken = server is not None and (offer.message.xid, server) in requested
    return OfferSeen(offer, offer.at - discovers[asked - 1] if asked else None, taken, len(came) - 1, boots)


def _boot_data(offer: PassedMessage) -> tuple[object, ...]:
    message = offer.message
    return message.siaddr, message.file, message.sname, tuple(message.options)


def often(times: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def interval(seconds: float) -> str:
    """A short time for people."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
