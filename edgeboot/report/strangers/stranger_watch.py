"""Watches a site's own machines by what passes the server's port, and says what is new of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.reading import with_diagnoses
from edgeboot.report.capture_clients.stories import story_of
from edgeboot.report.capture_clients.story import ClientStory, Outcome, Software
from edgeboot.report.story_told.who import ended
from edgeboot.report.strangers.stranger import Stranger
from edgeboot.spec.contract.contract import Contract, Role

_STARTED: Final = frozenset({Software.SYSTEM, Software.WINDOWS, Software.GRUB})
"""What runs because a boot went on, where firmware has asked before."""
_SHORT: Final = 8
"""Characters of a MAC address that its maker's part has; two more octets are left out."""


class StrangerWatch:
    """The machines that are none of the suite's.

    Args:
        contract: says what of a boot passes the server's port, and whom the server leaves alone.
        whole_addresses: whether MAC addresses are told whole.
    """

    def __init__(self, contract: Contract, *, whole_addresses: bool = False) -> None:
        self._contract = contract
        self._whole = whole_addresses
        self._clients = Clients()
        self._told: dict[MacAddress, Stranger] = {}
        """What was told last of each."""
        self._waiting: list[MacAddress] = []
        """Those that may still wait for an answer: that one has given up shows by nothing but time."""

    def note(self, frames: Iterable[Frame]) -> None:
        """Take captured frames, in the order in which they passed."""
        for frame in frames:
            self._clients.take_frame(frame)

    def news(self, own: Collection[MacAddress] = ()) -> tuple[Stranger, ...]:
        """Those of whom something else is told than at the last call.

        Args:
            own: machines that the suite has put there, or powers on itself.
        """
        waiting, self._waiting = self._waiting, []
        looked_at = dict.fromkeys((*self._clients.changed(), *waiting))
        others = (mac for mac in looked_at if mac in self._clients and not is_ours(mac) and mac not in own)
        return tuple(self._new(others))

    def _new(self, others: Iterable[MacAddress]) -> Iterator[Stranger]:
        """Those of whom something else is told than before."""
        for mac in others:
            story = story_of(self._clients, mac)
            if not story.rounds or self._is_left_alone(story):
                continue
            if story.waits:
                self._waiting.append(mac)
            stranger = self._stranger(with_diagnoses(story, self._clients.until))
            if stranger != self._told.get(mac):
                self._told[mac] = stranger
                yield stranger

    def _stranger(self, story: ClientStory) -> Stranger:
        shown, booted, known = self._shown(story.mac), self._booted(story), self._told.get(story.mac)
        told = _told(story, booted=booted).replace(str(story.mac), shown)
        return Stranger(len(self._told) + 1 if known is None else known.number, shown, booted, told)

    def _booted(self, story: ClientStory) -> bool | None:
        """As far as broadcasts show it: of other machines nothing else is captured.

        Who takes an offer says so to everybody; what follows may be for one machine alone.
        """
        if story.outcome is Outcome.BOOTED or _started(story) is not None:
            return True
        if self._contract.role is Role.PROXY or story.traffic.sent(MessageType.DHCPREQUEST):
            return None
        return False if story.outcome is Outcome.STOPPED else None

    def _is_left_alone(self, story: ClientStory) -> bool:
        """Whether the contract says that the server does not answer it."""
        request = story.traffic.messages[0].message
        if self._contract.known_clients_only and self._contract.reservation_of(request) is None:
            return True
        clients = (self._contract.all_clients.get(each.client) for each in story.identities)
        return all(each is not None and self._contract.left_alone(each) is not None for each in clients)

    def _shown(self, mac: MacAddress) -> str:
        whole = str(mac)
        return whole if self._whole else f"{whole[:_SHORT]}:…:{whole[-2:]}"


def _told(story: ClientStory, *, booted: bool | None) -> str:
    """How it ended, and why; of one that did not boot, what could not be seen of that, too."""
    started = _started(story)
    if started is not None and story.outcome is not Outcome.BOOTED:
        return f"booted: behind its firmware {started.value} asked for an address"
    return "; ".join((ended(story), *story.blind)) if booted is False else ended(story)


def _started(story: ClientStory) -> Software | None:
    """What firmware that was given an address has started, where that asks for one itself."""
    taken = [bool(each.traffic.sent(MessageType.DHCPREQUEST)) for each in story.rounds]
    found = (
        who.software
        for number, (each, who) in enumerate(story.identified_rounds[1:], start=1)
        if (each.is_ipxe or who.software in _STARTED) and any(taken[:number])
    )
    return next(found, None)
