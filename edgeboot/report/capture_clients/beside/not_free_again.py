"""Addresses that one client has given back, and that another is not offered when it asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

_SOON: Final = 60.0
"""Seconds after a DHCPRELEASE within which hardly anybody else was given the address unseen."""


@dataclass(frozen=True, slots=True)
class _OfferedAnother:
    """A DHCPDISCOVER for an address (option 50), and the offer of another one."""

    wanted: IPv4Address
    discover: PassedMessage
    offer: PassedMessage


class ReleasedAddresses:
    """The addresses that were given back in one capture, gathered one client after the other."""

    def __init__(self) -> None:
        self._released: dict[IPv4Address, list[PassedMessage]] = {}
        self._given: dict[IPv4Address, list[PassedMessage]] = {}
        self._asking: list[_OfferedAnother] = []

    def about(self, traffic: MachineTraffic) -> Iterator[Diagnosis]:
        """The requests that are known by now not to be met: told when both clients were read."""
        for release in traffic.sent(MessageType.DHCPRELEASE):
            self._released.setdefault(release.message.ciaddr, []).append(release)
        for reply in (*traffic.received(MessageType.DHCPOFFER), *traffic.received(MessageType.DHCPACK)):
            self._given.setdefault(reply.message.yiaddr, []).append(reply)
        self._asking += _offered_another(traffic)
        for each in tuple(self._asking):
            before = self._released_before(each)
            if before is not None:
                self._asking.remove(each)
                yield _not_free(before, each)

    def _released_before(self, each: _OfferedAnother) -> PassedMessage | None:
        """Another client's DHCPRELEASE to that server, where nobody was given the address since."""
        for release in reversed(self._released.get(each.wanted, ())):
            since = [one for one in self._given.get(each.wanted, ()) if release.at < one.at < each.offer.at]
            same_server = release.server_identifier == each.offer.server_identifier
            another = release.message.chaddr != each.discover.message.chaddr
            if 0.0 < each.discover.at - release.at < _SOON and same_server and another and not since:
                return release
        return None


def _offered_another(traffic: MachineTraffic) -> Iterator[_OfferedAnother]:
    offers = {each.message.xid: each for each in reversed(traffic.received(MessageType.DHCPOFFER))}
    for discover in traffic.sent(MessageType.DHCPDISCOVER):
        wanted = discover.message.options.get(OptionCode.REQUESTED_IP_ADDRESS)
        offer = offers.get(discover.message.xid)
        if wanted is None or len(wanted) != 4 or offer is None or discover.at > offer.at:
            continue
        if offer.message.yiaddr != IPv4Address(wanted):
            yield _OfferedAnother(IPv4Address(wanted), discover, offer)


def _not_free(release: PassedMessage, each: _OfferedAnother) -> Diagnosis:
    offer, wanted, owner = each.offer, each.wanted, release.message.chaddr
    took = each.discover.at - release.at
    asks = (
        f"{each.discover.message.chaddr} asks for {wanted} (option 50), which {owner} gave back {took:.1f} s"
    )
    causes = (
        "the DHCPRELEASE has not reached the server, or the server does not heed the request, "
        "or keeps the address for who had it"
    )
    return Diagnosis(
        Kind.NOT_FREE_AGAIN,
        f"{asks} before by DHCPRELEASE, and {Sender.of(offer)} offers it {offer.message.yiaddr}: {causes}",
        f"an offer of {wanted}, which nobody is seen to have",
        Certainty.LIKELY,
        shown_by(release, each.discover, offer),
        "address",
        offer.message.yiaddr,
        Sender.of(offer),
    )
