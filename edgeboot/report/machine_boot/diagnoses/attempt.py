"""What a diagnosis is made of: one round of a client, its rules, and how long it was looked at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import BootRules, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.message import BOOTREQUEST, LIMITED_BROADCAST, DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage, offers_in

PATIENCE: Final = 4.0
"""Seconds after which an answer is missing: a client asks again by then (RFC 2131 section 4.1), and a server
that looks by ping whether an address is free takes three."""
COLLECTS: Final = 2.0
"""Seconds in which a client that is not known may gather offers without taking one."""
BootServerAsked = tuple[IPv4Address | None, int | None]
"""Whom a boot request goes to, None for any by broadcast, and the type of the menu's item that it wants."""


@dataclass(frozen=True)
class Attempt:
    """One round of a client, and what is known beside it."""

    round: Round
    client: ClientProfile | None = None
    """By whose rules it boots; None where that is not known."""
    ends: float = math.inf
    """When the last packet of the capture passed, in seconds since the epoch; infinity for one whose end is
    later than anything the client waits for."""
    next_began: float = math.inf
    """When the client began its next round; infinity where this is its last."""
    next_is_elsewhere: bool = False
    """Whether the next round came by a relay agent, unlike this one: what it did between passed there."""

    @property
    def traffic(self) -> MachineTraffic:
        """Of the round."""
        return self.round.traffic

    @property
    def went_on(self) -> bool:
        """Whether the client has begun another round."""
        return self.next_began < math.inf

    @property
    def lives_on(self) -> bool:
        """Whether it is known to be on: a client of a capture that is silent may have been switched off.

        One that begins anew at once has waited for nothing: it was started again, or only asks.
        """
        last = max((each.at for each in self.traffic.messages), default=self.round.began)
        waits_here = self.went_on and not self.next_is_elsewhere
        waited = waits_here and self.next_began - last >= PATIENCE
        return waited or self.ends == math.inf

    def is_over(self, since: float) -> bool:
        """Whether what the client waits for since then has not come in time."""
        return self.went_on or self.ends - since >= PATIENCE

    @property
    def fetched_until(self) -> float:
        """When its last whole file had come; what was asked for before has not kept it from that."""
        return max((each.ended for each in self.round.fetched), default=0.0)

    @cached_property
    def takes(self) -> PassedMessage | None:
        """The first DHCPREQUEST by which it has taken an offer; None without any."""
        return next(iter(self.traffic.sent(MessageType.DHCPREQUEST)), None)

    @cached_property
    def offers(self) -> tuple[PassedMessage, ...]:
        """Those that it could choose from, of each repeated one the first."""
        sent = self.traffic.sent(MessageType.DHCPDISCOVER)
        xids = {each.message.xid for each in sent if self.takes is None}
        xids |= set() if self.takes is None else {self.takes.message.xid}
        until = math.inf if self.takes is None else self.takes.at
        chosen = (
            each for each in offers_in(self.traffic.messages) if each.message.xid in xids and each.at <= until
        )
        return tuple({each.message: each for each in reversed(tuple(chosen))}.values())[::-1]

    @cached_property
    def outcome(self) -> Boot | NoBoot | None:
        """What it boots by its own rules from what it was sent; None where these are not known.

        None, too, where it asks other boot servers than by its rules: a user has chosen another item of the
        menu, or packets between are not in the capture.
        """
        found = self.outcome_of([each.message for each in self.offers])
        asked = tuple(self.boot_exchanges)
        expected = () if found is None else tuple((each.server, each.item) for each in found.requests)
        return None if any(one != other for one, other in zip(asked, expected, strict=False)) else found

    def outcome_of(self, offers: Sequence[DhcpMessage], *, acks: bool = True) -> Boot | NoBoot | None:
        """The same, had it been sent these offers alone; on request without the DHCPACKs that came."""
        if self.client is None or self.client.rules is BootRules.NOTHING:
            return None
        given = [each.message for each in self.traffic.received(MessageType.DHCPACK)] if acks else []
        return boots_from(
            self.as_seen, [*offers, *given], from_boot_servers=tuple(self.boot_exchanges.values())
        )

    @cached_property
    def as_seen(self) -> ClientProfile:
        """The client with the options that this one asks for: another version may ask for others."""
        assert self.client is not None, "asked of a client that is not known"  # noqa: S101
        first = self.traffic.sent(MessageType.DHCPDISCOVER)[0].message
        asked = first.options.get(OptionCode.PARAMETER_REQUEST_LIST)
        return self.client if asked is None else replace(self.client, parameters=tuple(asked))

    @cached_property
    def boot_exchanges(self) -> dict[BootServerAsked, list[DhcpMessage]]:
        """The replies to each boot request, in their order; one that was sent again is the same."""
        replies: dict[BootServerAsked, list[DhcpMessage]] = {}
        for request, each in self._asked_of_boot_servers():
            server = request.datagram.destination
            asked = (None if server == LIMITED_BROADCAST else server, PxeOptions.of(request.message).item)
            of_this = replies.setdefault(asked, [])
            if each is not None and each.message not in of_this:
                of_this.append(each.message)
        return replies

    def _asked_of_boot_servers(self) -> Iterator[tuple[PassedMessage, PassedMessage | None]]:
        """Each boot request alone, and again with each reply to it."""
        request: PassedMessage | None = None
        for each in self.traffic.messages:
            if each.asks_boot_servers:
                request = each
                yield request, None
            elif request is not None and _answers(each, request):
                yield request, each


def _answers(each: PassedMessage, request: PassedMessage) -> bool:
    return each.message.op != BOOTREQUEST and each.message.xid == request.message.xid
