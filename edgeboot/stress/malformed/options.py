"""Malformed options fields: structure, message type and overload (RFC 2131 section 4.1, RFC 2132)."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.stress.malformed.case import Expectation, MalformedCase, PayloadMutation, messages
from edgeboot.stress.malformed.mutations import (
    END,
    appended,
    chained,
    header,
    only,
    prepended,
    replaced,
    tlv,
    with_pads,
    without,
)

_TYPE: Final = Code.DHCP_MESSAGE_TYPE
_DISCOVER: Final = tlv(_TYPE, b"\1")
_OVERLOAD: Final = Code.OPTION_OVERLOAD
_NAME: Final = tlv(Code.HOST_NAME, b"edge")

_STRUCTURE: Final = (
    *messages(
        Expectation.ANSWER,
        "RFC2132-3.1-pads-skipped",
        {
            "a PAD before every option": with_pads(1),
            "200 PADs before the first option": prepended(bytes(200)),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2132-3.2-behind-end",
        {
            "garbage behind END": lambda payload: payload + b"\x0c\xfe" * 40,
            "another message type behind END": lambda payload: payload + tlv(_TYPE, b"\7") + END,
            "END three times": lambda payload: payload + END * 2,
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2132-2-unknown-code",
        {
            "unknown option without data": appended(tlv(224)),
            "unknown option of 255 octets": appended(tlv(224, b"\xaa" * 255)),
            "unknown option 254": appended(tlv(254, b"\1")),
            "every unassigned code from 224 to 254": appended(
                b"".join(tlv(code, b"\0") for code in range(224, 255))
            ),
            "unknown options before the message type": prepended(tlv(224, b"\x35\1\7") * 20),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC3396-split-request",
        {"parameter request list in two parts": replaced(55, tlv(55, b"\1\3") + tlv(55, b"\x33\x36"))},
    ),
)
_OVERRUNS: Final = messages(
    Expectation.EITHER,
    "RFC1122-1.2.2-every-error",
    {
        "last option says one octet too many": lambda payload: payload[:-1] + tlv(224, b"\1", length=2),
        "last option says 255 octets": lambda payload: payload[:-1] + tlv(224, b"\1", length=255),
        "last octet is a code": lambda payload: payload[:-1] + b"\xe0",
        "last octet is the code of a message type": only(b"\x35"),
        "message type says 255 octets": only(tlv(_TYPE, b"\1", length=255)),
        **{
            f"option {code} says 255 octets": only(_DISCOVER + tlv(code, b"\1", length=255))
            for code in (12, 50, 51, 52, 54, 55, 57, 60, 61, 77, 81, 82, 93, 97, 118, 125)
        },
        "message type hidden behind an overrun": only(tlv(12, b"x", length=200) + _DISCOVER + END),
        "every option says 0 octets": only(_DISCOVER + b"".join(tlv(c) for c in range(1, 255)) + END),
    },
)
_MESSAGE_TYPE: Final = (
    *messages(
        Expectation.SILENCE,
        "RFC2131-4.3-from-clients",
        {
            **{
                f"message type {kind}": replaced(_TYPE, tlv(_TYPE, bytes((kind,))))
                for kind in (0, 9, 19, 255)
            },
            "message type DHCPOFFER": replaced(_TYPE, tlv(_TYPE, b"\2")),
            "message type DHCPACK": replaced(_TYPE, tlv(_TYPE, b"\5")),
            "message type DHCPNAK": replaced(_TYPE, tlv(_TYPE, b"\6")),
        },
    ),
    *messages(
        Expectation.SILENCE,
        "RFC2131-4.3.4-release-unanswered",
        {"DHCPRELEASE of no address": replaced(_TYPE, tlv(_TYPE, b"\7"))},
    ),
    *messages(
        Expectation.SILENCE,
        "RFC2131-4.3.3-decline-unanswered",
        {"DHCPDECLINE of no address": replaced(_TYPE, tlv(_TYPE, b"\4"))},
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "no message type": without(_TYPE),
            "message type of 0 octets": replaced(_TYPE, tlv(_TYPE)),
            "message type of 2 octets": replaced(_TYPE, tlv(_TYPE, b"\1\1")),
            "message type of 4 octets": replaced(_TYPE, tlv(_TYPE, b"\0\0\0\1")),
            "message type twice": appended(_DISCOVER),
            "message types DHCPDISCOVER and DHCPRELEASE": appended(tlv(_TYPE, b"\7")),
            "message types DHCPOFFER and DHCPDISCOVER": prepended(tlv(_TYPE, b"\2")),
            "message type 100 times": appended(_DISCOVER * 100),
            "message type at the end": chained(without(_TYPE), appended(_DISCOVER)),
            "DHCPLEASEQUERY": replaced(_TYPE, tlv(_TYPE, b"\x0a")),
            "DHCPINFORM without an address": replaced(_TYPE, tlv(_TYPE, b"\x08")),
            "no options, only END": only(END),
            "only PADs": only(bytes(312)),
        },
    ),
)


def _overloading(flags: int, file: bytes = b"", sname: bytes = b"") -> PayloadMutation:
    return chained(header(file=file, sname=sname), appended(tlv(_OVERLOAD, bytes((flags,)))))


_OVERLOADED: Final = (
    *messages(
        Expectation.ANSWER,
        "RFC2131-4.1-overload-read",
        {
            "options in file": _overloading(1, file=_NAME + END),
            "options in sname": _overloading(2, sname=_NAME + END),
            "options in both": _overloading(3, file=_NAME + END, sname=tlv(224, b"\1") + END),
        },
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {
            "overload 0": _overloading(0),
            "overload 4": _overloading(4),
            "overload 255": _overloading(255, file=b"\xff" * 128, sname=b"\xff" * 64),
            "overload of 0 octets": appended(tlv(_OVERLOAD)),
            "overload of 2 octets": appended(tlv(_OVERLOAD, b"\3\3")),
            "overload twice, and differing": appended(tlv(_OVERLOAD, b"\1") + tlv(_OVERLOAD, b"\2")),
            "overload in file points to file": _overloading(1, file=tlv(_OVERLOAD, b"\1") + END),
            "overload in both points to both": _overloading(
                3, file=tlv(_OVERLOAD, b"\3") + END, sname=tlv(_OVERLOAD, b"\3") + END
            ),
            "overload in file points to sname and back": _overloading(
                1, file=tlv(_OVERLOAD, b"\2"), sname=tlv(_OVERLOAD, b"\1")
            ),
            "a file field full of overloads": _overloading(3, file=tlv(_OVERLOAD, b"\3") * 42),
            "overloaded file without END": _overloading(1, file=b"\0" * 128),
            "overloaded file runs over into the cookie": _overloading(
                1, file=tlv(224, b"a" * 120, length=255)
            ),
            "overloaded sname runs over into file": _overloading(2, sname=tlv(224, b"a" * 60, length=255)),
            "last octet of file is a code": _overloading(1, file=b"\0" * 127 + b"\x0c"),
            "last octet of sname is a code": _overloading(2, sname=b"\0" * 63 + b"\x0c"),
            "message type in file": chained(without(_TYPE), _overloading(1, file=_DISCOVER + END)),
            "message type in sname": chained(without(_TYPE), _overloading(2, sname=_DISCOVER + END)),
            "message type in three places": _overloading(3, file=_DISCOVER + END, sname=_DISCOVER + END),
            "overload, and nothing in the options field": chained(
                header(file=_DISCOVER + END), only(tlv(_OVERLOAD, b"\1") + END)
            ),
        },
    ),
    *messages(
        Expectation.EITHER,
        "RFC1122-1.2.2-every-error",
        {"DHCPREQUEST overloaded with itself": _overloading(3, file=tlv(_TYPE, b"\3"), sname=b"\x34\1\3")},
        MessageType.DHCPREQUEST,
    ),
)

CASES: Final[tuple[MalformedCase, ...]] = (*_STRUCTURE, *_OVERRUNS, *_MESSAGE_TYPE, *_OVERLOADED)
