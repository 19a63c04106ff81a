"""The clients of a capture, gathered while its packets pass; ``stories`` tells what became of each.

A client is one hardware address (chaddr) of DHCP messages. Other packets are its own by their Ethernet
addresses, or by the addresses that it was given: behind a router, and where a capture has none. What a
packet is, is read of its octets, without an object for each: most of a capture are the blocks of files.
"""

from __future__ import annotations

from typing import Final

from edgeboot.host.wire.fragments import Reassembly
from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.gathered import Gathered
from edgeboot.report.capture_clients.registry import MOST_CLIENTS, MOST_OCTETS, Registry
from edgeboot.report.machine_boot.fetching import Fetching, FetchReader

PLACE: Final = "the place of this capture"

_IPV4: Final = b"\x08\x00"
_IPV6: Final = b"\x86\xdd"
_ARP: Final = b"\x08\x06"
_ICMP: Final = 1
_TCP: Final = 6
_UDP: Final = 17
_DHCPV6: Final = frozenset(port.to_bytes(2) for port in (546, 547))
_UDP_OF_IPV6: Final = 54
"""Where an IPv6 packet without extension headers has its UDP ports."""
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
_TAG: Final = b"\x81\x00"
_Packet = tuple[int, float, bytes, tuple[int, ...]]
"""Number, time, octets, VLANs."""
_Found = tuple[Fetching, bool]
"""Whose a packet is, and whether it tells something."""


class Clients(Registry):
    """The clients of one capture, as its packets tell of them.

    Args:
        most: clients that are kept; of more, those are forgotten that were idle for longest.
        most_octets: of their frames.
    """

    def __init__(self, most: int = MOST_CLIENTS, most_octets: int = MOST_OCTETS) -> None:
        super().__init__(most, most_octets)
        self.packets = 0
        """How many were taken."""
        self.began = 0.0
        """When the first packet passed, in seconds since the epoch."""
        self.until = 0.0
        """When the last one passed."""
        self.beheaded = 0
        """DHCP messages of which the capture has not even the header: whose they are is not known."""
        self.of_dhcpv6 = 0
        """Packets of DHCPv6, by which clients boot, too, and which is not read."""
        self._fragments = Reassembly()
        self._fetches = FetchReader()

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
        elif kind == _IPV6 and octets[20] == _UDP:
            self.of_dhcpv6 += octets[_UDP_OF_IPV6 : _UDP_OF_IPV6 + 2] in _DHCPV6

    def take_frame(self, frame: Frame) -> None:
        """The same of a frame; one without a number has that of its place."""
        vlans = () if frame.vlan is None else (frame.vlan,)
        self.take(frame.number or self.packets + 1, frame.at, frame.untagged.octets, vlans)

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
                self.keep(self.by_mac(known[0].mac), whole or _frame(packet))
        elif protocol == _TCP:
            known = self._fetches.segment(packet[1], octets, header)
            if known is None:
                known = self._new_connection(packet[1], octets, header)
            if known is not None and known[1]:
                self.keep(self.by_mac(known[0].mac), _frame(packet))
        elif protocol == _ICMP:
            self._icmp(packet, octets)

    def _message(self, packet: _Packet, octets: bytes, payload: int, whole: Frame | None) -> None:
        """A DHCP message."""
        if len(octets) < payload + _BOOTP:
            self.beheaded += _frame(packet).is_cut
            return
        message = octets[payload : payload + _BOOTP]
        client = self.asking(message[_CHADDR], packet[1])
        for address in (message[_CIADDR], message[_YIADDR]):
            if address != _NOBODY:
                self.at_address(client, address, packet[1])
        self.keep_message(client, whole or _frame(packet))

    def _other_datagram(self, at: float, octets: bytes, header: int, *, is_dns: bool) -> _Found | None:
        """A request for a file, or a question to a name server or its answer."""
        source = self.by(octets[6:12], octets[26:30])
        if source is not None and (is_dns or self._fetches.request(source.fetching, at, octets, header)):
            return source.fetching, True
        target = self.by(octets[:6], octets[30:34]) if is_dns else None
        return None if target is None else (target.fetching, True)

    def _new_connection(self, at: float, octets: bytes, header: int) -> _Found | None:
        """One that a client begins, or whose beginning the capture does not have."""
        flags = octets[header + 13] if len(octets) > header + 13 else 0
        source = self.by(octets[6:12], octets[26:30])
        own = source is not None and flags & _SYN_AND_ACK != _SYN_AND_ACK
        if not own and flags & _SYN_AND_ACK == _SYN_ALONE:
            return None  # Others begin it: nothing is fetched by that.
        of = source if own else self.by(octets[:6], octets[30:34])
        if of is None or not self._fetches.connect(of.fetching, at, octets, header, own=own):
            return None
        return of.fetching, True

    def _icmp(self, packet: _Packet, octets: bytes) -> None:
        target, source = self.by(octets[:6], octets[30:34]), self.by(octets[6:12], octets[26:30])
        self._about(packet, octets[30:34], (target, source))

    def _arp(self, packet: _Packet, octets: bytes) -> None:
        source, asked = octets[28:32], octets[38:42]
        concerned = (
            self.by_mac(octets[6:12]),
            self.by_mac(octets[:6]),
            self.by_address(source),
            self.by_address(asked),
        )
        self._about(packet, asked, concerned)

    def _about(self, packet: _Packet, address: bytes, concerned: tuple[Gathered | None, ...]) -> None:
        """Keep a packet for each client that it concerns, and for who may be offered that address next."""
        frame = _frame(packet)
        every = {id(each): each for each in concerned if each is not None}
        for client in every.values():
            self.keep(client, frame)
        if not every:
            self.keep_question(address, frame)

    def _gone(self, client: Gathered) -> None:
        self._fetches.forget(client.fetching)


def _frame(packet: _Packet) -> Frame:
    """With its innermost VLAN tag: a client without VLANs does not take it."""
    number, at, octets, vlans = packet
    if vlans:
        octets = octets[:12] + _TAG + vlans[-1].to_bytes(2) + octets[12:]
    return Frame(octets, at, number=number)
