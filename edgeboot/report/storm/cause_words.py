"""What a storm's causes are called, and their words: what was seen, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class StormCauseKind(StrEnum):
    """What it is; the value is its name for other programs."""

    PING_CHECK = "ping-check"
    STEPS = "offers-in-steps"
    """The shape of a ping check, without its evidence."""
    POOL_TOO_SMALL = "pool-too-small"
    """For the nodes that were there."""
    POOL_USED_UP = "pool-used-up"
    NO_ADDRESS = "no-address"
    """Though the storm has not used the pool up."""
    NO_RANGE = "no-range"
    ADDRESS_TAKEN = "address-taken"
    LEASES_FULL = "leases-full"
    IGNORED = "ignored"
    ENDED = "server-ended"
    SILENT = "server-silent"
    """Though it was not seen to end."""
    RESTARTED = "server-restarted"
    SHARED_ADDRESS = "shared-address"
    OTHER_SERVER = "other-server"
    WRONG_ACK = "wrong-ack"
    REFUSED = "refused"
    """By DHCPNAKs for which the log has no reason that another cause tells."""
    THROTTLED = "throttled"
    SOCKET_FULL = "socket-full"
    LEASE_FILE = "lease-file"
    NEIGHBOURS_FULL = "neighbours-full"
    """The kernel's table of them."""
    TFTP_PORTS = "tftp-ports"
    TFTP_MAX = "tftp-max"
    NO_FILE_NAMED = "no-file-named"
    BOOT_SERVER_ABSENT = "boot-server-absent"
    BOOT_SERVER_SILENT = "boot-server-silent"
    FILE_REFUSED = "file-refused"
    FILE_BROKEN = "file-broken"
    LOST = "lost"
    """On the way between nodes and server."""
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one; with the names of its figures in braces, and after a colon what is counted."""

    known: str
    """What was seen."""
    change: str = ""
    """What to do with the line that decides it; ``{line}`` is that."""
    add: str = ""
    """What to do where such a line is missing; ``{file}`` is where it belongs."""


WORDS: Final[Mapping[StormCauseKind, Words]] = {
    StormCauseKind.PING_CHECK: Words(
        "{steps:offer} came one at a time, {mean:.1f} s apart, until {ended:.1f} s after the beginning, "
        "while {waiting:other node} waited: a ping check; the server looked for {looked_for} of these "
        "{steps} addresses by ARP before it offered them, and answered no other node meanwhile",
        add="add {what_if} to {file}: {gains}; {costs}",
    ),
    StormCauseKind.STEPS: Words(
        "{steps:offer} came one at a time, {mean:.1f} s apart, until {ended:.1f} s after the beginning, "
        "while {waiting:other node} waited: the shape of a ping check of new addresses, but the server was "
        "seen looking for {looked_for} of these {steps} only"
    ),
    StormCauseKind.POOL_TOO_SMALL: Words(
        "the pool is too small for the nodes of this storm: {wanted} wanted one of its {size} addresses, and "
        "{addresses} got one; the server {did}",
        change="widen {line}",
    ),
    StormCauseKind.POOL_USED_UP: Words(
        "the server had no address for {discovers:DHCPDISCOVER}: {addresses} of the {size} addresses in its "
        "pool went to nodes of this storm",
        change="widen {line}",
    ),
    StormCauseKind.NO_ADDRESS: Words(
        "the server had no address for {discovers:DHCPDISCOVER}: {addresses} of the {size} addresses in its "
        "pool went to nodes of this storm, which has not used it up",
        change="see for whom {line} is",
    ),
    StormCauseKind.NO_RANGE: Words(
        "the server had no address for {discovers:DHCPDISCOVER}",
        add="add a dhcp-range to {file}",
    ),
    StormCauseKind.ADDRESS_TAKEN: Words(
        "the server refused {requests:DHCPREQUEST} since another node had got the address meanwhile: "
        "dnsmasq chooses an address by a hash of the MAC address, and reserves none for the node that it has "
        "offered it to; {addresses} of the {size} addresses in its pool went to nodes of this storm",
        change="give known machines an address each by dhcp-host; for others widen {line}: of 1000 at "
        "once dnsmasq refuses some 36 % where it has as many addresses, 11 % where four times as many, 3 % "
        "where 16 times",
    ),
    StormCauseKind.LEASES_FULL: Words(
        "the server refused {requests:DHCPREQUEST} since its lease database is full",
        change="raise {line}",
        add="add dhcp-lease-max to {file}, without which dnsmasq keeps 1000 leases",
    ),
    StormCauseKind.IGNORED: Words(
        "the server ignored {discovers:DHCPDISCOVER}, as its log says",
        change="see for whom {line} is",
    ),
    StormCauseKind.SILENT: Words(
        "the server was silent {since}: {nodes:node} asked until {until:.1f} s in vain, and it was not seen "
        "to end; {log}"
    ),
    StormCauseKind.ENDED: Words("the server ended during the storm, and did not run any more after it"),
    StormCauseKind.RESTARTED: Words("the server was started again during the storm: {restarts:time}"),
    StormCauseKind.SHARED_ADDRESS: Words("{address} was given to {nodes} by {servers}"),
    StormCauseKind.OTHER_SERVER: Words(
        "another server answers on the segment: {offers:DHCPOFFER} and {acks:DHCPACK} came from {mac} with "
        "server identifier {server}; the server under test is {own} ({own_mac})"
    ),
    StormCauseKind.WRONG_ACK: Words(
        "{acks:DHCPACK was|DHCPACKs were} of another address or server than was asked for; DHCPACKs came "
        "from {senders}"
    ),
    StormCauseKind.REFUSED: Words(
        "{naks:DHCPNAK} came to {requests:DHCPREQUEST} for addresses that had just been offered, from "
        "{senders}; {reason}"
    ),
    StormCauseKind.THROTTLED: Words(
        "{group} had used up its processor time in {periods:period}, and was kept waiting for "
        "{seconds:.1f} s of {elapsed:.1f} s",
        change="raise {line}",
    ),
    StormCauseKind.SOCKET_FULL: Words(
        "{drops:datagram was|datagrams were} dropped since the server's UDP sockets had no room for them "
        "({buffer} octets each): it reads more slowly than the nodes ask"
    ),
    StormCauseKind.LEASE_FILE: Words(
        "the lease file is written anew for each DHCPACK: {octets_at_first:.0f} octets for each at first, "
        "{octets_at_last:.0f} at the end, {per_lease:.0f} more with each lease; {rate_at_first:.0f} of them "
        "were sent in a second at first, {rate_at_last:.0f} at the end",
        add="add {what_if} to {file}: {gains}; {costs}",
    ),
    StormCauseKind.NEIGHBOURS_FULL: Words(
        "the kernel of the server's machine had no place in its table of neighbours {refused:time}: that "
        "holds {limit} for all network namespaces, and without a place no frame is sent to a node{log}",
        add="raise net.ipv4.neigh.default.gc_thresh3 there, beyond the number of nodes",
    ),
    StormCauseKind.TFTP_MAX: Words(
        "the server's TFTP serves {limit:node} at once and had as many, so that further read requests "
        "waited; {repeated:packet} of the nodes had to be sent again, and {not_fetched:node has|nodes have} "
        "given up without their boot file",
        change="raise {line}",
        add="add {what_if} to {file}",
    ),
    StormCauseKind.NO_FILE_NAMED: Words(
        "{nodes:node was|nodes were} named no boot file that they can read: {reason}",
        change="correct {line}",
        add="add dhcp-boot to {file}",
    ),
    StormCauseKind.BOOT_SERVER_ABSENT: Words(
        "{nodes:node has|nodes have} no boot file, since nobody on the segment has the address of "
        "their boot server, or of the router before it: {reason}",
        change="correct {line}, or start that machine",
    ),
    StormCauseKind.BOOT_SERVER_SILENT: Words(
        "{nodes:node has|nodes have} no boot file, since their boot server was silent: {reason}",
        add="add enable-tftp to {file}",
    ),
    StormCauseKind.FILE_REFUSED: Words(
        "{nodes:node has|nodes have} no boot file, since their boot server refused it: {reason}",
        change="see what is in the directory of {line}, and who may read it",
    ),
    StormCauseKind.FILE_BROKEN: Words(
        "{nodes:node has|nodes have} no boot file, since it did not come whole: {reason}"
    ),
    StormCauseKind.TFTP_PORTS: Words(
        "the server's TFTP has a port for few nodes at once, as its log says ({words!r}); {repeated:packet} "
        "of the nodes had to be sent again, and {not_fetched:node has|nodes have} given up "
        "without their boot file",
        change="remove or widen {line}: each transfer takes one of its ports",
    ),
    StormCauseKind.LOST: Words(
        "messages were lost on the segment, on the way between nodes and server: of {discovers:DHCPDISCOVER} "
        "its log lacks {lost_discovers}, of {requests:DHCPREQUEST} {lost_requests}, and "
        "{lost_offers} of the DHCPOFFERs that it logged did not come; its sockets dropped {drops}"
    ),
    StormCauseKind.UNANSWERED: Words(
        "{unanswered} of {requests:DHCPREQUEST} were not answered in time, sent to {senders}"
    ),
}
