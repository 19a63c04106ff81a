"""The clients of a capture, gathered while its packets pass; ``stories`` tells what became of each.

A client is one hardware address (chaddr) of DHCP messages. Other packets are its own by their Ethernet
addresses, or by the addresses that it was given: behind a router, and where a capture has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.fragments import Reassembly
from edgeboot.host.wire.frame import Frame

PLACE: Final = "the place of this capture"
_IPV4: Final = b"\x08\x00"
_ARP: Final = b"\x08\x06"
_UDP: Final = 17
_DHCP_PORTS: Final = frozenset({67, 68, 4011})
_ETHERNET: Final = 14
_HARDWARE_ADDRESS: Final = 28
_YIADDR: Final = 16
_SHORTEST: Final = 236
_FRAGMENT: Final = 0x3FFF
_TAG: Final = b"\x81\x00"


@dataclass(slots=True)
class Gathered:
    """What was kept of one client."""

    mac: MacAddress
    frames: list[Frame] = field(default_factory=list)
    began: float = 0.0
    """When its first DHCP message passed, in seconds since the epoch."""
    ended: float = 0.0
    """When its last packet passed."""


class Clients:
    """The clients of one capture, in the order of their first DHCP messages."""

    def __init__(self) -> None:
        self.packets = 0
        """How many were taken."""
        self.began = 0.0
        """When the first packet passed, in seconds since the epoch."""
        self.until = 0.0
        """When the last one passed."""
        self._clients: dict[bytes, Gathered] = {}
        self._by_address: dict[bytes, Gathered] = {}
        self._changed: dict[bytes, None] = {}
        self._fragments = Reassembly()

    def take(self, number: int, at: float, octets: bytes, vlans: tuple[int, ...] = ()) -> None:
        """One more packet.

        Args:
            number: in the capture, from 1.
            at: when it passed, in seconds since the epoch.
            octets: an Ethernet frame without VLAN tags.
            vlans: the identifiers of the tags that it had, the outer one first.
        """
        self.packets += 1
        self.until = at
        if self.packets == 1:
            self.began = at
        kind = octets[12:14]
        if kind == _IPV4:
            if int.from_bytes(octets[20:22]) & _FRAGMENT:
                whole = self._fragments.whole(_frame(number, at, octets, ()))
                if whole is None:
                    return
                octets = whole.octets
            self._packet(number, at, octets, vlans)
        elif kind == _ARP:
            self._keep(number, at, octets, vlans, octets[28:32], octets[38:42])

    def _packet(self, number: int, at: float, octets: bytes, vlans: tuple[int, ...]) -> None:
        header = _ETHERNET + 4 * (octets[14] & 0xF) if len(octets) > _ETHERNET else 0
        ports = {int.from_bytes(octets[header : header + 2]), int.from_bytes(octets[header + 2 : header + 4])}
        payload = header + 8
        if octets[23:24] == bytes((_UDP,)) and ports & _DHCP_PORTS and len(octets) >= payload + _SHORTEST:
            mac = octets[payload + _HARDWARE_ADDRESS : payload + _HARDWARE_ADDRESS + 6]
            client = self._clients.get(mac)
            if client is None:
                client = self._clients[mac] = Gathered(MacAddress(mac), began=at)
            given = octets[payload + _YIADDR : payload + _YIADDR + 4]
            if any(given):
                self._by_address[given] = client
            self._add(client, _frame(number, at, octets, vlans))
        else:
            self._keep(number, at, octets, vlans, octets[26:30], octets[30:34])

    def _keep(
        self,
        number: int,
        at: float,
        octets: bytes,
        vlans: tuple[int, ...],
        source: bytes,
        destination: bytes,
    ) -> None:
        """A packet of each client that it is from or to."""
        concerned = (
            self._clients.get(octets[6:12]) or self._by_address.get(source),
            self._clients.get(octets[:6]) or self._by_address.get(destination),
        )
        for client in {id(each): each for each in concerned if each is not None}.values():
            self._add(client, _frame(number, at, octets, vlans))

    def _add(self, client: Gathered, frame: Frame) -> None:
        client.frames.append(frame)
        client.ended = frame.at
        self._changed[client.mac.packed] = None

    def changed(self) -> tuple[MacAddress, ...]:
        """The clients of which packets have come since the last call."""
        changed, self._changed = self._changed, {}
        return tuple(map(MacAddress, changed))

    def forget(self, mac: MacAddress) -> None:
        """Give up what was kept of a client; its next DHCP message makes it a new one."""
        gone = self._clients.pop(mac.packed)
        self._changed.pop(mac.packed, None)
        self._by_address = {at: each for at, each in self._by_address.items() if each is not gone}

    def __iter__(self) -> Iterator[Gathered]:
        return iter(tuple(self._clients.values()))

    def __len__(self) -> int:
        return len(self._clients)

    def __getitem__(self, mac: MacAddress) -> Gathered:
        return self._clients[mac.packed]


def _frame(number: int, at: float, octets: bytes, vlans: tuple[int, ...]) -> Frame:
    """With its innermost VLAN tag, which a client without VLANs does not take."""
    if vlans:
        octets = octets[:12] + _TAG + vlans[-1].to_bytes(2) + octets[12:]
    return Frame(octets, at, number=number)
