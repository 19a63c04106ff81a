"""The frame rules that faults use, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from scapy.layers.dhcp import BOOTP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from tests.faults import reply_changes, tftp_rules
from tests.faults.frame_rules import (
    ABSENT_MAC,
    REPLY,
    UNSPECIFIED,
    FrameRule,
    drop,
    message_type,
    rewrite_replies,
    rewrite_requests,
    set_header,
    set_option,
    with_destination,
    with_option,
    without_option,
)
from tests.faults.stateful_rules import (
    ChangingClientIdentifier,
    DelayedReplies,
    DroppedRequests,
    DuplicatedReplies,
    ForgottenLeases,
    PacketLoss,
    SharedAddress,
    SpuriousReplies,
    TranslatedAddresses,
    in_another_network,
    selects_another_server,
)
from tests.faults.storm_rules import LossInStorms, ReorderedReplies, SlowTftp

_SELECTED: Final = ("offer", "ack")

FRAME_RULES: Final[dict[str, Callable[[], FrameRule]]] = {
    "unchanged": FrameRule,
    # Header fields.
    "wrong xid": rewrite_replies(reply_changes.wrong_xid),
    "wrong chaddr": rewrite_replies(reply_changes.wrong_chaddr),
    "hops 1": set_header(BOOTP, "hops", 1),
    "flags cleared": set_header(BOOTP, "flags", 0),
    "ciaddr filled": rewrite_replies(reply_changes.with_ciaddr_filled, *_SELECTED),
    "too short": rewrite_replies(reply_changes.too_short),
    "different siaddr in the ACK": set_header(BOOTP, "siaddr", "192.168.99.41", "ack"),
    "different yiaddr in the ACK": set_header(BOOTP, "yiaddr", "192.168.99.150", "ack"),
    "no boot file": rewrite_replies(reply_changes.without_boot_file),
    # Options.
    "no END": rewrite_replies(reply_changes.without_end),
    "option 67 without NUL": rewrite_replies(reply_changes.without_nul),
    "subnet mask last": rewrite_replies(reply_changes.with_mask_last),
    "T1 after T2": rewrite_replies(reply_changes.swapped_renewal_times),
    "lease time 0": set_option("lease_time", 0, types=_SELECTED),
    "garbage in option 43": set_option("vendor_specific", b"\x06\x41\xff\x00\xff"),
    "no server identifier": rewrite_replies(lambda packet: without_option(packet, "server_id"), *_SELECTED),
    "different server identifier in the ACK": set_option("server_id", "192.168.99.11", types=("ack",)),
    # Delivery.
    "no subnet mask": rewrite_replies(lambda packet: without_option(packet, "subnet_mask"), *_SELECTED),
    "junk behind the boot file's name": rewrite_replies(reply_changes.with_junk_behind_the_name),
    "duplicated replies": DuplicatedReplies,
    "replies delayed by 5 s": lambda: DelayedReplies(timedelta(seconds=5)),
    "replies delayed by 6 s": lambda: DelayedReplies(timedelta(seconds=6)),
    "replies delayed by 2 min": lambda: DelayedReplies(timedelta(minutes=2)),
    "unicast to an absent MAC": set_header(Ether, "dst", ABSENT_MAC),
    "always unicast": rewrite_replies(reply_changes.unicast_to_yiaddr, *_SELECTED),
    "different source port": set_header(UDP, "sport", 6767),
    "different source address": set_header(IP, "src", "192.168.99.11"),
    "different source MAC": set_header(Ether, "src", "52:54:00:66:66:67"),
    "bad UDP checksum": rewrite_replies(reply_changes.with_bad_checksum),
    "VLAN tag": rewrite_replies(reply_changes.vlan_tagged),
    "broadcast blocked": lambda: DroppedRequests(reply_changes.is_broadcast_dhcp),
    "30 % packet loss": lambda: PacketLoss(0.3, after=12),
    "storm: one message in a hundred dropped": lambda: LossInStorms(100),
    "storm: every tenth DHCPREQUEST dropped": lambda: LossInStorms(10, "request"),
    "storm: every fifth DHCPDISCOVER dropped": lambda: LossInStorms(5, "discover"),
    "storm: slow TFTP": SlowTftp,
    "replies reordered": ReorderedReplies,
    # Addresses and leases.
    "all replies dropped": rewrite_replies(drop),
    "DHCPNAK to every request": rewrite_replies(reply_changes.turned_into_nak, "ack"),
    "addresses of another network": lambda: TranslatedAddresses(in_another_network),
    "one address for all clients": SharedAddress,
    "leases forgotten": ForgottenLeases,
    "client identifier changing": ChangingClientIdentifier,
    "requested address ignored": rewrite_requests(
        lambda packet: without_option(packet, "requested_addr"), "discover"
    ),
    "DHCPRELEASE dropped": rewrite_requests(drop, "release"),
    "DHCPDECLINE dropped": rewrite_requests(drop, "decline"),
    "renewals dropped": rewrite_requests(
        lambda packet: packet if packet[BOOTP].ciaddr == UNSPECIFIED else None, "request"
    ),
    "renewal by broadcast": rewrite_replies(reply_changes.renewal_by_broadcast, "ack"),
    # Messages that must stay unanswered.
    "DHCPRELEASE answered": lambda: SpuriousReplies(lambda packet: message_type(packet) == "release", "ack"),
    "BOOTREPLY answered": lambda: SpuriousReplies(lambda packet: packet[BOOTP].op == REPLY, "offer"),
    "requests for other servers answered": lambda: SpuriousReplies(selects_another_server, "ack"),
    # Refusals, DHCPINFORM and relays.
    "DHCPNAK dropped": rewrite_replies(drop, "nak"),
    "DHCPNAK by unicast": rewrite_replies(reply_changes.unicast_to_unconfigured_client, "nak"),
    "DHCPNAK with siaddr": set_header(BOOTP, "siaddr", "192.168.99.40", "nak"),
    "DHCPNAK without message": rewrite_replies(lambda packet: without_option(packet, "error_message"), "nak"),
    "DHCPNAK bypassing the relay": rewrite_replies(reply_changes.bypassing_the_relay, "nak"),
    "DHCPNAK without broadcast flag": set_header(BOOTP, "flags", 0, "nak"),
    "DHCPINFORM taken for a request": rewrite_requests(
        lambda packet: with_option(with_option(packet, "message-type", 3), "lease_time", 600), "inform"
    ),
    "yiaddr for a DHCPINFORM": rewrite_replies(reply_changes.with_yiaddr_for_inform, "ack"),
    "DHCPOFFER bypassing the relay": rewrite_replies(reply_changes.bypassing_the_relay, "offer"),
    "giaddr cleared": set_header(BOOTP, "giaddr", UNSPECIFIED, "offer"),
    "no relay agent information": rewrite_replies(
        lambda packet: without_option(packet, "relay_agent_information"), "offer"
    ),
    "any relay answered": lambda: SpuriousReplies(reply_changes.is_relayed_from_elsewhere, "offer"),
    # ProxyDHCP.
    "proxy without vendor class": rewrite_replies(lambda packet: without_option(packet, "vendor_class_id")),
    "proxy without machine identifier": rewrite_replies(
        lambda packet: without_option(packet, "pxe_client_machine_identifier")
    ),
    "proxy with yiaddr": set_header(BOOTP, "yiaddr", "192.168.99.150", "offer"),
    "proxy with subnet mask": set_option("subnet_mask", "255.255.255.0", types=("offer",)),
    "proxy offers by unicast": rewrite_replies(reply_changes.unicast_to_unconfigured_client, "offer"),
    "proxy acknowledging requests": lambda: SpuriousReplies(
        lambda packet: message_type(packet) == "request" and packet[UDP].dport == 67, "ack"
    ),
    "boot reply by broadcast": rewrite_replies(
        lambda packet: with_destination(packet, "255.255.255.255", "ff:ff:ff:ff:ff:ff"), "ack"
    ),
    "boot reply to port 68": rewrite_replies(reply_changes.boot_reply_to_the_client_port, "ack"),
    "boot reply without the item": rewrite_replies(reply_changes.boot_reply_without_the_item, "ack"),
    # TFTP.
    "TFTP: silent": lambda: DroppedRequests(tftp_rules.is_read_request),
    "TFTP: wrong tsize": lambda: tftp_rules.TftpRewrite(tftp_rules.OACK, tftp_rules.wrong_tsize),
    "TFTP: changed content": lambda: tftp_rules.TftpRewrite(tftp_rules.DATA, tftp_rules.changed_content),
    "TFTP: unrequested windowsize": lambda: tftp_rules.TftpRewrite(
        tftp_rules.OACK, tftp_rules.unrequested_windowsize
    ),
    "TFTP: no final empty block": lambda: tftp_rules.TftpRewrite(
        tftp_rules.DATA, tftp_rules.without_empty_block
    ),
    "TFTP: undefined error code": lambda: tftp_rules.TftpRewrite(
        tftp_rules.ERROR, tftp_rules.undefined_error_code
    ),
    "TFTP: no retransmission": tftp_rules.NoRetransmission,
    "TFTP: the sorcerer's apprentice": tftp_rules.SorcerersApprentice,
    "TFTP: write request accepted": tftp_rules.AcceptedWrites,
}
