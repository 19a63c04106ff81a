"""What a server that misbehaves does to its own DHCP replies, each in one function."""

from __future__ import annotations

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether

from tests.faults.frame_rules import (
    CLIENT_PORT,
    EVERYBODY,
    NONE,
    Packet,
    built,
    kind,
    padded,
    pairs,
    sent_to,
    value_of,
    with_option,
    with_options,
    without_option,
)


def wrong_xid(packet: Packet) -> Packet:
    """A transaction nobody has begun."""
    packet[BOOTP].xid ^= 1
    return packet


def wrong_chaddr(packet: Packet) -> Packet:
    """The hardware address of another machine."""
    packet[BOOTP].chaddr = bytes.fromhex("02dead000002") + bytes(10)
    return packet


def without_end(packet: Packet) -> Packet:
    """Options that only the datagram's end ends."""
    packet[DHCP].options = [each for each in packet[DHCP].options if each not in ("end", "pad")]
    return packet


def too_short(packet: Packet) -> Packet:
    """Shorter than BOOTP's 300 octets: no padding, and nothing that could take its place."""
    needed = {"message-type", "server_id", "lease_time", "subnet_mask", "router"}
    return with_options(packet, [each for each in pairs(packet) if each[0] in needed])


def with_bad_checksum(packet: Packet) -> Packet:
    """As a network card would have to fill it in."""
    whole = Ether(built(packet))
    whole[UDP].chksum ^= 0x0101
    whole.keeps_checksum = True
    return whole


def without_a_file(packet: Packet) -> Packet:
    """siaddr is right, but there is nothing to fetch."""
    packet[BOOTP].file = bytes(128)
    return without_option(packet, "boot-file-name")


def without_nul(packet: Packet) -> Packet:
    """Option 67 ends where its length says."""
    name = value_of(packet, "boot-file-name")
    return packet if name is None else with_option(packet, "boot-file-name", name.rstrip(b"\0"))


def times_the_wrong_way_round(packet: Packet) -> Packet:
    """T1 after T2."""
    first, second = value_of(packet, "renewal_time"), value_of(packet, "rebinding_time")
    if first is None:
        return packet
    return with_option(with_option(packet, "renewal_time", second), "rebinding_time", first)


def refusing(packet: Packet) -> Packet:
    """What should be an acknowledgement is a refusal."""
    packet[BOOTP].yiaddr = packet[BOOTP].siaddr = NONE
    options = [
        ("message-type", "nak"),
        ("server_id", value_of(packet, "server_id")),
        ("error_message", b"no"),
    ]
    return padded(with_options(sent_to(packet, *EVERYBODY), options))


def to_the_client_alone(packet: Packet) -> Packet:
    """Unicast to the address it gives, whatever the client asked for."""
    mac = Ether(dst=packet[BOOTP].chaddr[:6]).dst
    return packet if packet[BOOTP].yiaddr == NONE else sent_to(packet, packet[BOOTP].yiaddr, mac)


def to_an_address_it_has_not(packet: Packet) -> Packet:
    """A refusal, unicast to the client."""
    mac = Ether(dst=packet[BOOTP].chaddr[:6]).dst
    return packet if packet[BOOTP].giaddr != NONE else sent_to(packet, "192.168.99.99", mac)


def past_the_relay(packet: Packet) -> Packet:
    """By broadcast to the client's port, though a relay asked."""
    if packet[BOOTP].giaddr == NONE:
        return packet
    packet[UDP].dport = CLIENT_PORT
    return sent_to(packet, *EVERYBODY)


def claiming_an_address(packet: Packet) -> Packet:
    """The client's own field filled with what it is given."""
    packet[BOOTP].ciaddr = packet[BOOTP].yiaddr
    return packet


def giving_to_who_only_informs(packet: Packet) -> Packet:
    """yiaddr in the answer to a DHCPINFORM."""
    if packet[BOOTP].yiaddr == NONE:
        packet[BOOTP].yiaddr = packet[BOOTP].ciaddr
    return packet


def renewed_by_broadcast(packet: Packet) -> Packet:
    """An extension that everybody hears."""
    return packet if packet[BOOTP].ciaddr == NONE else sent_to(packet, *EVERYBODY)


def mask_last(packet: Packet) -> Packet:
    """Options 3 before option 1."""
    options = pairs(packet)
    return with_options(packet, sorted(options, key=lambda each: each[0] == "subnet_mask"))


def tagged(packet: Packet) -> Packet:
    """With the tag of a VLAN that a switch should have taken off."""
    return Ether(dst=packet.dst, src=packet.src) / Dot1Q(vlan=99, type=packet.type) / packet.payload


def answered(packet: Packet, answer: str) -> Packet:
    """A reply of the server's to a client's message that should have none."""
    message = BOOTP(
        op=2, xid=packet[BOOTP].xid, chaddr=packet[BOOTP].chaddr, yiaddr="192.168.99.150", flags=0x8000
    )
    options = DHCP(
        options=[("message-type", answer), ("server_id", "192.168.99.10"), ("lease_time", 3600), "end"]
    )
    ends = IP(src="192.168.99.10", dst=EVERYBODY[0]) / UDP(sport=67, dport=CLIENT_PORT)
    return Ether(src="52:54:00:12:34:56", dst=EVERYBODY[1]) / ends / message / options


def is_dhcp(packet: Packet) -> bool:
    """Whether it is a DHCP message to everybody."""
    return BOOTP in packet and packet.dst == EVERYBODY[1]


def is_ack(packet: Packet) -> bool:
    """Whether it gives a lease."""
    return BOOTP in packet and kind(packet) == "ack" and packet[BOOTP].yiaddr != NONE
