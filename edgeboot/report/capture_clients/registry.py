"""Who is who in a capture: clients by hardware and leased addresses, and what is kept of each."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.gathered import Gathered
from edgeboot.report.machine_boot.fetching import Fetching

MOST_CLIENTS: Final = 16_384
MOST_OCTETS: Final = 256 * 1024 * 1024
"""Of frames that are kept, of all clients."""
_BEFORE_OFFERS: Final = 8.0
"""Seconds for which a question about an address is kept: servers look for three whether it is in use."""
_QUESTIONS: Final = 512


class Registry:
    """The clients of one capture, in the order of their first DHCP messages.

    Args:
        most: clients that are kept; of more, those are forgotten that were idle for longest.
        most_octets: of their frames.
    """

    def __init__(self, most: int = MOST_CLIENTS, most_octets: int = MOST_OCTETS) -> None:
        self.forgotten = 0
        """Clients of which nothing is kept any more, for there were too many."""
        self._most, self._most_octets = most, most_octets
        self._octets = 0
        self._clients: OrderedDict[bytes, Gathered] = OrderedDict()
        """The one that was idle for longest first."""
        self._order: dict[bytes, None] = {}
        self._by_address: dict[bytes, Gathered] = {}
        self._changed: dict[bytes, None] = {}
        self._questions: deque[tuple[bytes, Frame]] = deque(maxlen=_QUESTIONS)

    def asking(self, mac: bytes, at: float) -> Gathered:
        """The client of a DHCP message, known or new."""
        client = self._clients.get(mac)
        if client is not None:
            self._clients.move_to_end(mac)
            return client
        if len(self._clients) >= self._most:
            self._forget_one()
        client = self._clients[mac] = Gathered(MacAddress(mac), Fetching(mac), at)
        self._order[mac] = None
        return client

    def at_address(self, client: Gathered, address: bytes, at: float) -> None:
        """A client is offered an address, or has it; who asked whether it is in use, asked about that."""
        if self._by_address.get(address) is client:
            return
        self._by_address[address] = client
        client.addresses.add(address)
        for asked, frame in self._questions:
            if asked == address and at - frame.at < _BEFORE_OFFERS:
                self.keep(client, frame)

    def by(self, mac: bytes, address: bytes) -> Gathered | None:
        """Whose packets have these addresses: a router has those of others, and its own."""
        by_mac, by_address = self._clients.get(mac), self._by_address.get(address)
        if by_mac is None or (by_address is not None and address not in by_mac.addresses):
            return by_address
        return by_mac

    def by_mac(self, mac: bytes) -> Gathered | None:
        """Whose hardware address it is."""
        return self._clients.get(mac)

    def by_address(self, address: bytes) -> Gathered | None:
        """Who was given an address last."""
        return self._by_address.get(address)

    def keep_message(self, client: Gathered, frame: Frame) -> None:
        """Keep a DHCP message."""
        before = client.octets
        client.message(frame)
        self._grown(client, before)

    def keep(self, client: Gathered | None, frame: Frame) -> None:
        """Keep another frame of a client; None for one that was forgotten."""
        if client is not None:
            before = client.octets
            client.other(frame)
            self._grown(client, before)

    def keep_question(self, address: bytes, frame: Frame) -> None:
        """Keep a frame for who may be offered the address next that it is about."""
        self._questions.append((address, frame))

    def _grown(self, client: Gathered, before: int) -> None:
        self._octets += client.octets - before
        self._changed[client.mac.packed] = None
        while self._octets > self._most_octets and len(self._clients) > 1:
            self._forget_one()

    def _forget_one(self) -> None:
        self.forget(next(iter(self._clients.values())).mac)
        self.forgotten += 1

    def forget(self, mac: MacAddress) -> None:
        """Give up what was kept of a client; its next DHCP message makes it a new one."""
        client = self._clients.pop(mac.packed)
        self._order.pop(mac.packed)
        self._changed.pop(mac.packed, None)
        self._octets -= client.octets
        self._gone(client)
        for address in client.addresses:
            if self._by_address.get(address) is client:
                del self._by_address[address]

    def _gone(self, client: Gathered) -> None:
        """A client was forgotten."""

    def changed(self) -> tuple[MacAddress, ...]:
        """The clients of which frames were kept since the last call."""
        changed, self._changed = self._changed, {}
        return tuple(map(MacAddress, changed))

    def __iter__(self) -> Iterator[Gathered]:
        return iter([self._clients[mac] for mac in self._order])

    def __len__(self) -> int:
        return len(self._clients)

    def __getitem__(self, mac: MacAddress) -> Gathered:
        return self._clients[mac.packed]

    def __contains__(self, mac: MacAddress) -> bool:
        return mac.packed in self._clients
