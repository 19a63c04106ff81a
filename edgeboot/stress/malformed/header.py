"""Malformed header fields (RFC 2131 figure 1)."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.stress.malformed.case import Expectation, ForSegment, MalformedCase, messages
from edgeboot.stress.malformed.mutations import chained, header, without

_OP: Final = messages(
    Expectation.SILENCE,
    "RFC2131-2-op",
    {
        "op 0": header(op=0),
        "op 2": header(op=2),
        "op 3": header(op=3),
        "op 255": header(op=255),
        "header all zero": lambda payload: bytes(236) + payload[236:],
        "header all ones": lambda payload: b"\xff" * 236 + payload[236:],
    },
)
_COOKIE: Final = messages(
    Expectation.SILENCE,
    "RFC2131-3-other-cookie",
    {
        "cookie zero": header(cookie=0),
        "cookie all ones": header(cookie=0xFFFFFFFF),
        "cookie one bit off": header(cookie=0x63825362),
        "cookie in the other byte order": header(cookie=0x63538263),
        "cookie of CMU's BOOTP": header(cookie=b"CMU\0"),
    },
)
_HARDWARE: Final = (
    *messages(
        Expectation.SILENCE,
        "RFC2131-2-hlen",
        {
            "hlen 17": header(hlen=17),
            "hlen 64": header(hlen=64),
            "hlen 255": header(hlen=255),
            "hlen 255, chaddr all ones": header(hlen=255, chaddr=b"\xff" * 16),
        },
    ),
    *messages(
        Expectation.SILENCE,
        "RFC2131-4.2-nobody",
        {"hlen 0 and no client identifier": chained(header(hlen=0), without(Code.CLIENT_IDENTIFIER))},
    ),
    *messages(Expectation.SILENCE, "RFC5494-htype", {"htype 0": header(htype=0)}),
    # The client identifier is unchanged, so that a server may recognise the node by it.
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "hlen 0": header(hlen=0),
            "hlen 1": header(hlen=1),
            "hlen 5": header(hlen=5),
            "hlen 7": header(hlen=7),
            "hlen 16": header(hlen=16),
            "hlen 0 and htype 0": header(hlen=0, htype=0),
            "htype 6": header(htype=6),
            "htype 32": header(htype=32),
            "htype 255": header(htype=255),
            "chaddr zero": header(chaddr=b""),
            "chaddr broadcast": header(chaddr=b"\xff" * 6),
            "chaddr multicast": header(chaddr=bytes.fromhex("01005e000001")),
            "chaddr of the server": ForSegment(lambda segment: header(chaddr=segment.server_mac.packed)),
            "chaddr zero and no client identifier": chained(
                header(chaddr=b""), without(Code.CLIENT_IDENTIFIER)
            ),
        },
    ),
)
_VALUES: Final = (
    *messages(
        Expectation.ANSWER,
        "RFC2131-2-any-xid",
        {
            "xid 0": header(xid=0),
            "xid all ones": header(xid=0xFFFFFFFF),
            "secs 65535": header(secs=0xFFFF),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2131-2-reserved-flags",
        {
            "reserved flags set": header(flags=0x7FFF),
            "all flags set": header(flags=0xFFFF),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2131-table5-sname-file",
        {
            "sname without NUL": header(sname=b"a" * 64),
            "sname all ones": header(sname=b"\xff" * 64),
            "file without NUL": header(file=b"/" * 128),
            "file all ones": header(file=b"\xff" * 128),
            "file with a path traversal": header(file=b"../../../../etc/passwd"),
        },
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "hops 17": header(hops=17),
            "hops 255": header(hops=255),
            "yiaddr set": ForSegment(lambda segment: header(yiaddr=segment.contract.pool.last)),
            "siaddr set": ForSegment(lambda segment: header(siaddr=segment.contract.next_server)),
            "every address all ones": header(ciaddr=2**32 - 1, yiaddr=2**32 - 1, siaddr=2**32 - 1),
        },
    ),
)
_ADDRESSES: Final = (
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "ciaddr 0.0.0.1": header(ciaddr="0.0.0.1"),
            "ciaddr broadcast": header(ciaddr="255.255.255.255"),
            "ciaddr multicast": header(ciaddr="224.0.0.1"),
            "ciaddr loopback": header(ciaddr="127.0.0.1"),
            "ciaddr of the server": ForSegment(lambda segment: header(ciaddr=segment.server)),
            "ciaddr of another network": ForSegment(
                lambda segment: header(ciaddr=segment.foreign_address), foreign=True
            ),
        },
    ),
    *messages(
        Expectation.SILENCE,
        "RFC2131-4.3.1-pool-by-giaddr",
        {
            "giaddr of another network": ForSegment(
                lambda segment: header(giaddr=segment.foreign_address), foreign=True
            )
        },
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "giaddr 0.0.0.1": header(giaddr="0.0.0.1"),
            "giaddr broadcast": header(giaddr="255.255.255.255"),
            "giaddr multicast": header(giaddr="224.0.0.1"),
            "giaddr loopback": header(giaddr="127.0.0.1"),
            "giaddr of the server": ForSegment(lambda segment: header(giaddr=segment.server)),
            "giaddr of an unused address": ForSegment(lambda segment: header(giaddr=segment.unused_address)),
        },
    ),
)

CASES: Final[tuple[MalformedCase, ...]] = (*_OP, *_COOKIE, *_HARDWARE, *_VALUES, *_ADDRESSES)
