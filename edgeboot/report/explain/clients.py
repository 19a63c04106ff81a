"""The clients of a capture, gathered while its packets pass; ``stories`` tells what became of each.

A client is one hardware address (chaddr) of DHCP messages. Other packets are its own by their Ethernet
addresses, or by the addresses that it was given: behind a router, and where a capture has none. What a
packet is, is read of its octets, without an object for each: most of a capture are the blocks of files.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.fragments import Reassembly
from edgeboot.host.wire.frame import Frame
from edgeboot.report.explain.gathered import Gathered
from edgeboot.report.machine_boot.fetching import Fetching, FetchReader

PLACE: Final = "the place of this capture"
MOST_CLIENTS: Final = 16_384
MOST_OCTETS: Final = 256 * 1024 * 1024
"""Of frames that are kept, of all clients."""

_IPV4: Final = b"\x08\x00"
_ARP: Final = b"\x08\x06"
_ICMP: Final = 1
_TCP: Final = 6
_UDP: Final = 17
_DHCP: Final = frozenset(port.to_bytes(2) for port in (67, 68, 4011))
_DNS: Final = (53).to_bytes(2)
_ETHERNET: Final = 14
_SHORTEST: Final = 42
"""Octets of a frame with an ARP message, or with a UDP datagram's header."""
_FRAGMENT: Final = 0x3FFF
_SYN_ALONE: Final = 0x02
_SYN_AND_ACK: Final = 0x12
_NOBODY: Final = bytes(4)
_BOOTP: Final = 236
"""Octets of a DHCP message before its options."""
_CHADDR: Final = slice(28, 34)
_CIADDR: Final = slice(12, 16)
_YIADDR: Final = slice(16, 20)
_BEFORE_OFFERS: Final = 8.0
"""Seconds for which a question about an address is kept: servers look for three whether it is in use."""
_QUESTIONS: Final = 512

_TAG: Final = b"\x81\x00"
_Packet = tuple[int, float, bytes, tuple[int, ...]]
"""Number, time, octets, VLANs."""


class Clients:
    """The clients of one capture, in the order of their first DHCP messages.

    Args:
        most: clients that are kept; of more, those are forgotten that were idle for longest.
        most_octets: of their frames.
    """

    def __init__(self, most: int = MOST_CLIENTS, most_octets: int = MOST_OCTETS) -> None:
        self.packets = 0
        """How many were taken."""
        self.began = 0.0
        """When the first packet passed, in seconds since the epoch."""
        self.until = 0.0
        """When the last one passed."""
        self.forgotten = 0
        """Clients of which nothing is kept any more, for there were too many."""
        self._most, self._most_octets = most, most_octets
        self._octets = 0
        self._clients: OrderedDict[bytes, Gathered] = OrderedDict()
        self._order: dict[bytes, None] = {}
        self._by_address: dict[bytes, Gathered] = {}
        self._changed: dict[bytes, None] = {}
        self._fragments = Reassembly()
        self._fetches = FetchReader()
        self._questions: deque[tuple[bytes, Frame]] = deque(maxlen=_QUESTIONS)

    def take(self, number: int, at: float, octets: bytes, vlans: tuple[int, ...] = ()) -> None:
        """One more packet, in the order of the capture.

        Args:
            number: in the capture, from 1.
            at: when it passed, in seconds since the epoch.
            octets: an Ethernet frame without VLAN tags.
            vlans: the identifiers of the tags that it had, the outer one first.
        """
        if not self.packets:
            self.began = at
        self.packets += 1
        self.until = at
        if len(octets) < _SHORTEST:
            return
        kind, packet = octets[12:14], (number, at, octets, vlans)
        if kind == _IPV4:
            if int.from_bytes(octets[20:22]) & _FRAGMENT:
                self._fragment(packet)
            else:
                self._packet(packet, octets, None)
        elif kind == _ARP:
            self._arp(packet, octets)

    def _fragment(self, packet: _Packet) -> None:
        whole = self._fragments.whole(_frame(packet))
        if whole is not None:
            self._packet(packet, whole.untagged.octets, whole)

    def _packet(self, packet: _Packet, octets: bytes, whole: Frame | None) -> None:
        """An IPv4 packet; ``whole`` where it came in fragments."""
        protocol, header = octets[23], _ETHERNET + 4 * (octets[14] & 0xF)
        if protocol == _UDP:
            here, there = octets[header : header + 2], octets[header + 2 : header + 4]
            if here in _DHCP or there in _DHCP:
                self._message(packet, octets, header + 8, whole)
                return
            known = self._fetches.datagram(packet[1], octets, header)
            if known is None:
                known = self._other_datagram(packet[1], octets, header, is_dns=_DNS in {here, there})
            if known is not None and known[1]:
                self._keep(self._clients.get(known[0].mac), whole or _frame(packet))
        elif protocol == _TCP:
            known = self._fetches.segment(packet[1], octets, header)
            if known is None:
                known = self._new_connection(packet[1], octets, header)
            if known is not None and known[1]:
                self._keep(self._clients.get(known[0].mac), _frame(packet))
        elif protocol == _ICMP:
            self._icmp(packet, octets)

    def _message(self, packet: _Packet, octets: bytes, payload: int, whole: Frame | None) -> None:
        """A DHCP message."""
        if len(octets) < payload + _BOOTP:
            return
        message = octets[payload : payload + _BOOTP]
        mac = message[_CHADDR]
        client = self._clients.get(mac)
        if client is None:
            client = self._new(mac, packet[1])
        else:
            self._clients.move_to_end(mac)
        for address in (message[_CIADDR], message[_YIADDR]):
            if address != _NOBODY and self._by_address.get(address) is not client:
                self._by_address[address] = client
                client.addresses.add(address)
                self._asked_before(address, client, packet[1])
        before = client.octets
        client.message(whole or _frame(packet))
        self._grown(client, before)

    def _new(self, mac: bytes, at: float) -> Gathered:
        if len(self._clients) >= self._most:
            self._forget_one()
        client = self._clients[mac] = Gathered(MacAddress(mac), Fetching(mac), at)
        self._order[mac] = None
        return client

    def _forget_one(self) -> None:
        """Forget the client that was idle for longest."""
        self.forget(next(iter(self._clients.values())).mac)
        self.forgotten += 1

    def forget(self, mac: MacAddress) -> None:
        """Give up what was kept of a client; its next DHCP message makes it a new one."""
        client = self._clients.pop(mac.packed)
        self._order.pop(mac.packed)
        self._changed.pop(mac.packed, None)
        self._octets -= client.octets
        self._fetches.forget(client.fetching)
        for address in client.addresses:
            if self._by_address.get(address) is client:
                del self._by_address[address]

    def _grown(self, client: Gathered, before: int) -> None:
        self._octets += client.octets - before
        self._changed[client.mac.packed] = None
        while self._octets > self._most_octets and len(self._clients) > 1:
            self._forget_one()

    def _keep(self, client: Gathered | None, frame: Frame) -> None:
        if client is not None:
            before = client.octets
            client.other(frame)
            self._grown(client, before)

    def _of(self, mac: bytes, address: bytes) -> Gathered | None:
        """Whose packets have these addresses: a router has those of others, and its own."""
        by_mac, by_address = self._clients.get(mac), self._by_address.get(address)
        if by_mac is None or (by_address is not None and address not in by_mac.addresses):
            return by_address
        return by_mac

    def _other_datagram(
        self, at: float, octets: bytes, header: int, *, is_dns: bool
    ) -> tuple[Fetching, bool] | None:
        """A request for a file, or a question to a name server or its answer."""
        source = self._of(octets[6:12], octets[26:30])
        if source is not None and (is_dns or self._fetches.request(source.fetching, at, octets, header)):
            return source.fetching, True
        target = self._of(octets[:6], octets[30:34]) if is_dns else None
        return None if target is None else (target.fetching, True)

    def _new_connection(self, at: float, octets: bytes, header: int) -> tuple[Fetching, bool] | None:
        """One that a client begins, or whose beginning the capture does not have."""
        flags = octets[header + 13] if len(octets) > header + 13 else 0
        source = self._of(octets[6:12], octets[26:30])
        own = source is not None and flags & _SYN_AND_ACK != _SYN_AND_ACK
        if not own and flags & _SYN_AND_ACK == _SYN_ALONE:
            return None  # Others begin it: nothing is fetched by that.
        of = source if own else self._of(octets[:6], octets[30:34])
        if of is None or not self._fetches.connect(of.fetching, at, octets, header, own=own):
            return None
        return of.fetching, True

    def _icmp(self, packet: _Packet, octets: bytes) -> None:
        target, source = self._of(octets[:6], octets[30:34]), self._of(octets[6:12], octets[26:30])
        self._about(packet, octets[30:34], (target, source))

    def _arp(self, packet: _Packet, octets: bytes) -> None:
        source, asked = octets[28:32], octets[38:42]
        concerned = (
            self._clients.get(octets[6:12]),
            self._clients.get(octets[:6]),
            self._by_address.get(source),
            self._by_address.get(asked),
        )
        self._about(packet, asked, concerned)

    def _about(self, packet: _Packet, address: bytes, concerned: tuple[Gathered | None, ...]) -> None:
        """Keep a packet for each client that it concerns, and for who may be offered that address next."""
        frame = _frame(packet)
        every = {id(each): each for each in concerned if each is not None}
        for client in every.values():
            self._keep(client, frame)
        if not every:
            self._questions.append((address, frame))

    def _asked_before(self, address: bytes, client: Gathered, at: float) -> None:
        """Whether an address is in use was asked before it was offered."""
        for asked, frame in self._questions:
            if asked == address and at - frame.at < _BEFORE_OFFERS:
                client.other(frame)

    def changed(self) -> tuple[MacAddress, ...]:
        """The clients of which frames were kept since the last call."""
        changed, self._changed = self._changed, {}
        return tuple(map(MacAddress, changed))

    def forget(self, mac: MacAddress) -> None:
        """Give up what was kept of a client; its next DHCP message makes it a new one."""
        gone = self._clients.pop(mac.packed)
        self._changed.pop(mac.packed, None)
        self._by_address = {at: each for at, each in self._by_address.items() if each is not gone}

    def __iter__(self) -> Iterator[Gathered]:
        return iter([self._clients[mac] for mac in self._order])

    def __len__(self) -> int:
        return len(self._clients)

    def __getitem__(self, mac: MacAddress) -> Gathered:
        return self._clients[mac.packed]


def _frame(packet: _Packet) -> Frame:
    """With its innermost VLAN tag: a client without VLANs does not take it."""
    number, at, octets, vlans = packet
    if vlans:
        octets = octets[:12] + _TAG + vlans[-1].to_bytes(2) + octets[12:]
    return Frame(octets, at, number=number)
