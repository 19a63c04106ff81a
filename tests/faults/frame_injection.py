"""The faults of the wire, by their names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from scapy.layers.dhcp import BOOTP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from tests.faults import reply_changes as made
from tests.faults import tftp_rules as tftp
from tests.faults.frame_rules import (
    NOBODY,
    NONE,
    REPLY,
    REQUEST,
    Wire,
    field,
    kind,
    lost,
    option,
    replies,
    requests,
    sent_to,
    with_option,
    without_option,
)
from tests.faults.stateful_rules import (
    Answering,
    Forgetting,
    Late,
    Lossy,
    Nameless,
    Shared,
    Translated,
    Twice,
    Unheard,
    asks_another_server,
    elsewhere,
)

_SELECTED: Final = ("offer", "ack")

WIRE: Final[dict[str, Callable[[], Wire]]] = {
    "nothing": Wire,
    # What a node reads in the header.
    "another xid": replies(made.wrong_xid),
    "another chaddr": replies(made.wrong_chaddr),
    "a hop": field(BOOTP, "hops", 1),
    "no flags": field(BOOTP, "flags", 0),
    "ciaddr filled": replies(made.claiming_an_address, *_SELECTED),
    "too short": replies(made.too_short),
    "another siaddr in the ACK": field(BOOTP, "siaddr", "192.168.99.41", "ack"),
    "another address in the ACK": field(BOOTP, "yiaddr", "192.168.99.150", "ack"),
    "no boot file": replies(made.without_a_file),
    # Options.
    "no END": replies(made.without_end),
    "no NUL": replies(made.without_nul),
    "mask last": replies(made.mask_last),
    "T1 after T2": replies(made.times_the_wrong_way_round),
    "a lease of 0 s": option("lease_time", 0, kinds=_SELECTED),
    "garbage in option 43": option("vendor_specific", b"\x06\x41\xff\x00\xff"),
    "no server identifier": replies(lambda packet: without_option(packet, "server_id"), *_SELECTED),
    "another server identifier in the ACK": option("server_id", "192.168.99.11", kinds=("ack",)),
    # How it travels.
    "two of each": Twice,
    "5 s late": lambda: Late(timedelta(seconds=5)),
    "to nobody": field(Ether, "dst", NOBODY),
    "never by broadcast": replies(made.to_the_client_alone, *_SELECTED),
    "from another port": field(UDP, "sport", 6767),
    "from another address": field(IP, "src", "192.168.99.11"),
    "from another card": field(Ether, "src", "52:54:00:66:66:67"),
    "bad UDP checksum": replies(made.with_bad_checksum),
    "a VLAN's tag": replies(made.tagged),
    "broadcast blocked": lambda: Unheard(made.is_dhcp),
    "30 % loss": lambda: Lossy(0.3, after=12),
    # What it gives and remembers.
    "says nothing": replies(lost),
    "refuses everyone": replies(made.refusing, "ack"),
    "addresses of another network": lambda: Translated(elsewhere),
    "one address for all": Shared,
    "forgets leases": Forgetting,
    "knows nobody again": Nameless,
    "ignores the address asked for": requests(
        lambda packet: without_option(packet, "requested_addr"), "discover"
    ),
    "hears no release": requests(lost, "release"),
    "hears no decline": requests(lost, "decline"),
    "hears no renewal": requests(lambda packet: packet if packet[BOOTP].ciaddr == NONE else None, "request"),
    "renews by broadcast": replies(made.renewed_by_broadcast, "ack"),
    # What it should leave alone.
    "answers releases": lambda: Answering(lambda packet: kind(packet) == "release", "ack"),
    "answers replies": lambda: Answering(lambda packet: packet[BOOTP].op == REPLY, "offer"),
    "answers for other servers": lambda: Answering(asks_another_server, "ack"),
    # Refusals, DHCPINFORM and relays.
    "never refuses": replies(lost, "nak"),
    "refuses by unicast": replies(made.to_an_address_it_has_not, "nak"),
    "refusal names a boot server": field(BOOTP, "siaddr", "192.168.99.40", "nak"),
    "refusal says nothing": replies(lambda packet: without_option(packet, "error_message"), "nak"),
    "refusal past the relay": replies(made.past_the_relay, "nak"),
    "refusal not to be broadcast": field(BOOTP, "flags", 0, "nak"),
    "inform taken for a request": requests(
        lambda packet: with_option(with_option(packet, "message-type", 3), "lease_time", 600), "inform"
    ),
    "address for an inform": replies(made.giving_to_who_only_informs, "ack"),
    "past the relay": replies(made.past_the_relay, "offer"),
    "no giaddr": field(BOOTP, "giaddr", NONE, "offer"),
    "no agent information": replies(
        lambda packet: without_option(packet, "relay_agent_information"), "offer"
    ),
    "answers every relay": lambda: Answering(
        lambda packet: packet[BOOTP].op == REQUEST and packet[BOOTP].giaddr.startswith("10."), "offer"
    ),
    # ProxyDHCP.
    "proxy without a class": replies(lambda packet: without_option(packet, "vendor_class_id")),
    "proxy forgets the machine": replies(
        lambda packet: without_option(packet, "pxe_client_machine_identifier")
    ),
    "proxy gives an address": field(BOOTP, "yiaddr", "192.168.99.150", "offer"),
    "proxy gives a mask": option("subnet_mask", "255.255.255.0", kinds=("offer",)),
    "proxy offers by unicast": replies(made.to_an_address_it_has_not, "offer"),
    "proxy takes requests": lambda: Answering(
        lambda packet: kind(packet) == "request" and packet[UDP].dport == 67, "ack"
    ),
    "boot reply by broadcast": replies(
        lambda packet: sent_to(packet, "255.255.255.255", "ff:ff:ff:ff:ff:ff"), "ack"
    ),
    # TFTP.
    "TFTP: another size": lambda: tftp.Transfers(tftp.OACK, tftp.another_size),
    "TFTP: a window nobody asked for": lambda: tftp.Transfers(tftp.OACK, tftp.larger_window),
    "TFTP: no empty block": lambda: tftp.Transfers(tftp.DATA, tftp.without_empty_block),
    "TFTP: another error": lambda: tftp.Transfers(tftp.ERROR, tftp.another_code),
    "TFTP: never again": tftp.Once,
    "TFTP: the sorcerer's apprentice": tftp.Apprentice,
    "TFTP: writable": tftp.Writable,
}
