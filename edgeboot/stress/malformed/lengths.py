"""Truncated and overlong messages."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.stress.malformed.case import Expectation, MalformedCase, messages
from edgeboot.stress.malformed.mutations import END, OPTIONS_OFFSET, appended, chained, cut, only, padded, tlv

_DISCOVER: Final = tlv(53, b"\1")
_ODD_CUTS: Final = (242, 244, 247, 250, 260, 282, 285, 290, 300, 306, 310, 315, 330, 345)
"""Lengths that end the message behind an option, between code and length, or inside its data."""

CASES: Final[tuple[MalformedCase, ...]] = (
    *messages(
        Expectation.SILENCE,
        "RFC2131-2-length",
        {
            "empty datagram": cut(0),
            "cut to 1 octet": cut(1),
            "cut inside xid": cut(6),
            "cut before secs": cut(8),
            "cut before chaddr": cut(28),
            "cut inside chaddr": cut(31),
            "cut before sname": cut(44),
            "cut before file": cut(108),
            "cut one octet before the end of the header": cut(235),
        },
    ),
    *messages(
        Expectation.SILENCE,
        "RFC2131-3-other-cookie",
        {"cut before the cookie": cut(236), "cut inside the cookie": cut(239)},
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "cut behind the cookie": cut(OPTIONS_OFFSET),
            **{f"cut to {length} octets": cut(length) for length in _ODD_CUTS},
            "cut to the message type, no END": cut(243),
        },
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "DHCPREQUEST cut behind its message type": cut(243),
            "DHCPREQUEST cut inside the requested address": cut(251),
            "DHCPREQUEST cut inside the server identifier": cut(257),
        },
        MessageType.DHCPREQUEST,
    ),
    *messages(
        Expectation.ANSWER,
        "RFC1122-1.2.2-liberal",
        {
            "no END": cut(-1),
            "no END, PADs to the end": chained(cut(-1), padded(576)),
            "a message type and END, 244 octets": only(_DISCOVER + END),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2132-3.1-pads-skipped",
        {
            "padded to 576 octets": padded(576),
            "padded to a full frame, 1472 octets": padded(1472),
        },
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "options to the last octet of a full frame": lambda payload: appended(tlv(224, bytes(255)) * 4)(
                payload
            )[:1472].ljust(1472, b"\xe0"),
            "1200 empty options": only(_DISCOVER + tlv(224) * 600 + END),
        },
    ),
)
