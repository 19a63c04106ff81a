"""Well-formed messages in malformed frames, which the server's kernel has to drop or reassemble."""

from __future__ import annotations

from typing import Final

from scapy.layers.inet import IPOption_LSRR, IPOption_NOP

from edgeboot.stress.malformed.case import Expectation, ForSegment, MalformedCase, framings
from edgeboot.stress.malformed.framing import (
    IP_OFFSET,
    UDP_OFFSET,
    ethernet,
    flipped,
    fragments,
    giant,
    in_order,
    ip,
    shortened,
    tagged,
    trailing,
    udp,
)

_PAIR: Final = fragments((0, 160, True), (160, None, False))

_ETHERNET: Final = (
    *framings(
        Expectation.SILENCE,
        "RFC894-ethertype",
        {
            "EtherType of IPv6": ethernet(type=0x86DD),
            "EtherType of ARP": ethernet(type=0x0806),
            "EtherType unassigned": ethernet(type=0x88B5),
            "IEEE 802.3 length in place of a type": ethernet(type=64),
        },
    ),
    *framings(
        Expectation.SILENCE,
        "IEEE802.1Q-vlan",
        {"in VLAN 99": tagged(99), "in VLAN 99 within 100": tagged(100, 99)},
    ),
    *framings(
        Expectation.SILENCE,
        "RFC1122-3.2.1.3-not-for-it",
        {"to another host's Ethernet address": ethernet(dst="02:eb:ff:ff:ff:fe")},
    ),
    *framings(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "in VLAN 0, a priority tag": tagged(0),
            "in VLAN 4095": tagged(4095),
            "from a multicast Ethernet address": ethernet(src="01:00:5e:00:00:01"),
            "from the zero Ethernet address": ethernet(src="00:00:00:00:00:00"),
            "to a multicast Ethernet address": ethernet(dst="01:00:5e:00:00:01"),
        },
    ),
    *framings(Expectation.ANSWER, "RFC894-padding", {"padding behind the datagram": trailing(b"\xa5" * 46)}),
)
_IP: Final = (
    *framings(
        Expectation.SILENCE,
        "RFC1122-3.2.1.2-ip-checksum",
        {
            "IP checksum zero": ip(chksum=0),
            "IP checksum inverted in one octet": flipped(IP_OFFSET + 10),
            "TTL changed, checksum not": flipped(IP_OFFSET + 8),
        },
    ),
    *framings(
        Expectation.SILENCE,
        "RFC1122-3.2.1.1-version",
        {"IP version 0": ip(version=0), "IP version 6": ip(version=6), "IP version 15": ip(version=15)},
    ),
    *framings(
        Expectation.SILENCE,
        "RFC791-3.1-lengths",
        {
            "IP header of 4 words": ip(ihl=4),
            "IP header of 15 words, missing": ip(ihl=15),
            "IP total length longer than the frame": ip(len=1400),
            "IP total length 65535": ip(len=65535),
            "IP total length within the header": ip(len=19),
            "IP total length without the datagram": ip(len=20),
            "frame cut inside the IP header": shortened(IP_OFFSET + 12),
            "frame cut inside the UDP header": shortened(UDP_OFFSET + 4),
            "frame cut inside the message": shortened(-20),
            "frame of an Ethernet header alone": shortened(IP_OFFSET),
        },
    ),
    *framings(
        Expectation.SILENCE,
        "RFC1122-3.2.1.3-not-for-it",
        {
            "to another host's address": ForSegment(lambda segment: ip(dst=str(segment.unused_address))),
            "to 127.0.0.1": ip(dst="127.0.0.1"),
            "to a multicast group": ip(dst="224.0.0.251"),
        },
    ),
    *framings(
        Expectation.SILENCE,
        "RFC1122-3.2.1.3-source",
        {
            "from 255.255.255.255": ip(src="255.255.255.255"),
            "from a multicast group": ip(src="224.0.0.251"),
        },
    ),
    *framings(
        Expectation.ANSWER,
        "RFC1122-3.2.1.7-ttl",
        {"TTL 1": ip(ttl=1), "TTL 0": ip(ttl=0)},
    ),
    *framings(
        Expectation.ANSWER,
        "RFC1122-3.2.1.8-ip-options",
        {"IP options that do nothing": ip(options=[IPOption_NOP()] * 40)},
    ),
    *framings(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "IP protocol TCP": ip(proto=6),
            "IP protocol ICMP": ip(proto=1),
            "IP reserved flag": ip(flags="evil"),
            "IP source route": ForSegment(
                lambda segment: ip(options=[IPOption_LSRR(routers=[str(segment.server)])])
            ),
            "type of service 255": ip(tos=255),
            "from the server's own address": ForSegment(lambda segment: ip(src=str(segment.server))),
            # Linux checks these source addresses only where rp_filter is set.
            "from another network": ForSegment(
                lambda segment: ip(src=str(segment.foreign_address)), foreign=True
            ),
            "from 127.0.0.1": ip(src="127.0.0.1"),
            "from the segment's broadcast address": ForSegment(
                lambda segment: ip(src=str(segment.contract.broadcast_address))
            ),
        },
    ),
)
_UDP: Final = (
    *framings(
        Expectation.SILENCE,
        "RFC1122-4.1.3.4-udp-checksum",
        {
            "UDP checksum 1": udp(chksum=1),
            "UDP checksum inverted in one octet": flipped(UDP_OFFSET + 6),
            "message changed, checksum not": flipped(UDP_OFFSET + 8 + 36),
            "last octet changed, checksum not": flipped(-1),
        },
    ),
    *framings(Expectation.ANSWER, "RFC768-no-checksum", {"no UDP checksum": udp(chksum=0)}),
    *framings(
        Expectation.SILENCE,
        "RFC768-length",
        {
            "UDP length 0": udp(len=0),
            "UDP length 7": udp(len=7),
            "UDP length 8, no data": udp(len=8, chksum=0),
            "UDP length longer than the datagram": udp(len=1400),
            "UDP length 65535": udp(len=65535),
            "UDP length within the BOOTP header": udp(len=100, chksum=0),
        },
    ),
    *framings(
        Expectation.SILENCE,
        "RFC2131-4.1-server-port",
        {"to UDP port 66": udp(dport=66), "to UDP port 68": udp(dport=68), "to UDP port 0": udp(dport=0)},
    ),
    *framings(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "from UDP port 0": udp(sport=0),
            "from UDP port 67": udp(sport=67),
            "from UDP port 65535": udp(sport=65535),
        },
    ),
)
_FRAGMENTS: Final = (
    *framings(
        Expectation.ANSWER,
        "RFC1122-3.3.2-reassembly",
        {
            "two fragments": _PAIR,
            "two fragments, the last first": in_order(_PAIR, (1, 0)),
            "fragments of 8 octets first": fragments(
                *((start, start + 8, True) for start in range(0, 64, 8)), (64, None, False)
            ),
        },
    ),
    *framings(
        Expectation.SILENCE,
        "RFC1122-3.3.2-incomplete",
        {
            "the first fragment alone": in_order(_PAIR, (0,)),
            "the last fragment alone": in_order(_PAIR, (1,)),
            "a hole between two fragments": fragments((0, 80, True), (160, None, False)),
            "no last fragment": fragments((0, 160, True), (160, 320, True)),
        },
    ),
    *framings(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "fragments that overlap": fragments((0, 200, True), (160, None, False)),
            "a fragment inside another": fragments((0, 320, True), (80, 160, True), (320, None, False)),
            "a fragment twice": in_order(_PAIR, (0, 0, 1)),
            "a fragment beyond 65535 octets": lambda good: (
                *fragments((0, 160, True))(good),
                *ip(frag=8189, flags=0)(good),
            ),
            "a fragment of no octets": fragments((0, 0, True), (0, None, False)),
            "60 fragments of 8 octets, none the last": fragments(
                *((start, start + 8, True) for start in range(0, 480, 8))
            ),
            **{
                f"giant message of {length} octets": giant(length)
                for length in (1473, 2048, 4096, 9000, 32768, 65507)
            },
        },
    ),
)

CASES: Final[tuple[MalformedCase, ...]] = (*_ETHERNET, *_IP, *_UDP, *_FRAGMENTS)
