"""Changes to a DHCP reply that make the server misbehave, one function each."""

from __future__ import annotations

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether

from tests.faults.frame_rules import (
    BOOT_SERVER_PORT,
    BROADCAST,
    CLIENT_PORT,
    REQUEST,
    UNSPECIFIED,
    Packet,
    message_type,
    option_pairs,
    option_value,
    padded,
    rebuilt,
    with_destination,
    with_option,
    with_options,
    without_option,
)


def wrong_xid(packet: Packet) -> Packet:
    """The reply with an xid that no client sent."""
    packet[BOOTP].xid ^= 1
    return packet


def wrong_chaddr(packet: Packet) -> Packet:
    """The reply with another machine's chaddr."""
    packet[BOOTP].chaddr = bytes.fromhex("02dead000002") + bytes(10)
    return packet


def without_end(packet: Packet) -> Packet:
    """The reply without END (RFC 2132 section 3.2): the options run to the end of the datagram."""
    packet[DHCP].options = [each for each in packet[DHCP].options if each not in ("end", "pad")]
    return packet


def too_short(packet: Packet) -> Packet:
    """The reply shorter than 300 octets: without padding and without optional options."""
    needed = {"message-type", "server_id", "lease_time", "subnet_mask", "router"}
    return with_options(packet, [each for each in option_pairs(packet) if each[0] in needed])


def with_bad_checksum(packet: Packet) -> Packet:
    """The reply with a wrong UDP checksum, as if checksum offload had not filled it in."""
    built = Ether(rebuilt(packet))
    built[UDP].chksum ^= 0x0101
    built.keeps_checksum = True
    return built


def without_boot_file(packet: Packet) -> Packet:
    """The reply without a boot file: ``file`` is zero and option 67 is absent."""
    packet[BOOTP].file = bytes(128)
    return without_option(packet, "boot-file-name")


def without_nul(packet: Packet) -> Packet:
    """The reply with option 67 not terminated by NUL."""
    name = option_value(packet, "boot-file-name")
    return packet if name is None else with_option(packet, "boot-file-name", name.rstrip(b"\0"))


def with_junk_behind_the_name(packet: Packet) -> Packet:
    """The reply with an octet 0xff behind the boot file's name, in the header and in option 67."""
    name = bytes(packet[BOOTP].file).rstrip(b"\0")
    if name:
        packet[BOOTP].file = (name + b"\xff").ljust(128, b"\0")
    option = option_value(packet, "boot-file-name")
    return packet if option is None else with_option(packet, "boot-file-name", option.rstrip(b"\0") + b"\xff")


def swapped_renewal_times(packet: Packet) -> Packet:
    """The reply with T1 and T2 swapped (options 58 and 59)."""
    first, second = option_value(packet, "renewal_time"), option_value(packet, "rebinding_time")
    if first is None:
        return packet
    return with_option(with_option(packet, "renewal_time", second), "rebinding_time", first)


def turned_into_nak(packet: Packet) -> Packet:
    """A DHCPNAK in place of the reply."""
    packet[BOOTP].yiaddr = packet[BOOTP].siaddr = UNSPECIFIED
    options = [
        ("message-type", "nak"),
        ("server_id", option_value(packet, "server_id")),
        ("error_message", b"no"),
    ]
    return padded(with_options(with_destination(packet, *BROADCAST), options))


def unicast_to_yiaddr(packet: Packet) -> Packet:
    """The reply unicast to yiaddr, whatever the client's broadcast flag."""
    mac = Ether(dst=packet[BOOTP].chaddr[:6]).dst
    return (
        packet if packet[BOOTP].yiaddr == UNSPECIFIED else with_destination(packet, packet[BOOTP].yiaddr, mac)
    )


def unicast_to_unconfigured_client(packet: Packet) -> Packet:
    """The reply unicast to an address that the client has not configured; relayed replies stay."""
    mac = Ether(dst=packet[BOOTP].chaddr[:6]).dst
    return packet if packet[BOOTP].giaddr != UNSPECIFIED else with_destination(packet, "192.168.99.99", mac)


def bypassing_the_relay(packet: Packet) -> Packet:
    """The reply broadcast to port 68 although a relay forwarded the request."""
    if packet[BOOTP].giaddr == UNSPECIFIED:
        return packet
    packet[UDP].dport = CLIENT_PORT
    return with_destination(packet, *BROADCAST)


def with_ciaddr_filled(packet: Packet) -> Packet:
    """The reply with ciaddr set to yiaddr."""
    packet[BOOTP].ciaddr = packet[BOOTP].yiaddr
    return packet


def with_yiaddr_for_inform(packet: Packet) -> Packet:
    """The reply with yiaddr set to ciaddr, as an answer to DHCPINFORM must not have it."""
    if packet[BOOTP].yiaddr == UNSPECIFIED:
        packet[BOOTP].yiaddr = packet[BOOTP].ciaddr
    return packet


def renewal_by_broadcast(packet: Packet) -> Packet:
    """The reply to a renewal by broadcast in place of unicast."""
    return packet if packet[BOOTP].ciaddr == UNSPECIFIED else with_destination(packet, *BROADCAST)


def boot_reply_to_the_client_port(packet: Packet) -> Packet:
    """The reply from port 4011 to port 68, wherever the request came from."""
    if packet[UDP].sport == BOOT_SERVER_PORT:
        packet[UDP].dport = CLIENT_PORT
    return packet


def boot_reply_without_the_item(packet: Packet) -> Packet:
    """The reply from port 4011 without option 43, which repeats the menu's item in its tag 71."""
    return without_option(packet, "vendor_specific") if packet[UDP].sport == BOOT_SERVER_PORT else packet


def with_mask_last(packet: Packet) -> Packet:
    """The reply with option 1 last, behind option 3 (against RFC 2132 section 3.3)."""
    options = option_pairs(packet)
    return with_options(packet, sorted(options, key=lambda each: each[0] == "subnet_mask"))


def vlan_tagged(packet: Packet) -> Packet:
    """The frame with the tag of VLAN 99, which a switch port should have removed."""
    return Ether(dst=packet.dst, src=packet.src) / Dot1Q(vlan=99, type=packet.type) / packet.payload


def spurious_reply(packet: Packet, answer: str) -> Packet:
    """A reply, of message type ``answer``, to a client's message that must stay unanswered."""
    message = BOOTP(
        op=2, xid=packet[BOOTP].xid, chaddr=packet[BOOTP].chaddr, yiaddr="192.168.99.150", flags=0x8000
    )
    options = DHCP(
        options=[("message-type", answer), ("server_id", "192.168.99.10"), ("lease_time", 3600), "end"]
    )
    headers = IP(src="192.168.99.10", dst=BROADCAST[0]) / UDP(sport=67, dport=CLIENT_PORT)
    return Ether(src="52:54:00:12:34:56", dst=BROADCAST[1]) / headers / message / options


def is_broadcast_dhcp(packet: Packet) -> bool:
    """Whether the packet is a broadcast DHCP message."""
    return BOOTP in packet and packet.dst == BROADCAST[1]


def is_relayed_from_elsewhere(packet: Packet) -> bool:
    """Whether the packet is a request from a relay of another network than the server's."""
    return packet[BOOTP].op == REQUEST and not packet[BOOTP].giaddr.startswith(("0.", "192.168.99."))


def grants_lease(packet: Packet) -> bool:
    """Whether the packet is a DHCPACK that grants a lease."""
    return BOOTP in packet and message_type(packet) == "ack" and packet[BOOTP].yiaddr != UNSPECIFIED
