"""Watches a site's own machines by what passes the server's port, and says what is new of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
        self._numbers: dict[MacAddress, int] = {}

    def note(self, frames: Iterable[Frame]) -> None:
        """Take captured frames, in the order in which they passed."""
        for frame in frames:
            self._clients.take_frame(frame)

    def news(self, own: Collection[MacAddress] = ()) -> tuple[Stranger, ...]:
        """Those of which something has passed since the last call.

        Args:
            own: machines that the suite has put there, or powers on itself.
        """
        changed = (mac for mac in self._clients.changed() if not is_ours(mac) and mac not in own)
        stories = (story_of(self._clients, mac) for mac in changed)
        return tuple(
            self._stranger(with_diagnoses(each, self._clients.until))
            for each in stories
            if each.rounds and not self._is_left_alone(each)
        )

    def _stranger(self, story: ClientStory) -> Stranger:
        shown = self._shown(story.mac)
        told = ended(story).replace(str(story.mac), shown)
        number = self._numbers.setdefault(story.mac, len(self._numbers) + 1)
        return Stranger(number, shown, self._booted(story), told)

    def _booted(self, story: ClientStory) -> bool | None:
        """As far as broadcasts show it: of other machines nothing else is captured.

        Who takes an offer says so to everybody; what follows may be for one machine alone.
        """
        if story.outcome is Outcome.BOOTED or _has_started(story):
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


def _has_started(story: ClientStory) -> bool:
    """Whether firmware that was given an address has started something that asks for one itself."""
    taken = [bool(each.traffic.sent(MessageType.DHCPREQUEST)) for each in story.rounds]
    later = list(zip(story.rounds, story.identities, strict=False))[1:]
    return any(
        (each.is_ipxe or who.software in _STARTED) and any(taken[:number])
        for number, (each, who) in enumerate(later, start=1)
    )
