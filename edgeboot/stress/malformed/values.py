"""Known options with data that contradicts their definition."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.stress.malformed.case import Expectation, ForSegment, MalformedCase, PayloadMutation, messages
from edgeboot.stress.malformed.mutations import appended, replaced, tlv, without

_REQUESTED: Final = Code.REQUESTED_IP_ADDRESS
_SERVER: Final = Code.SERVER_IDENTIFIER


def _set_option(code: int, data: bytes) -> PayloadMutation:
    return replaced(code, tlv(code, data))


def _set_address(code: int, *octets: int) -> PayloadMutation:
    return _set_option(code, bytes(octets))


_PARAMETERS: Final = messages(
    Expectation.EITHER,
    "RFC1122-1.2.2-every-error",
    {
        **{
            f"option {code} of 0 octets": _set_option(code, b"")
            for code in (12, 43, 50, 51, 54, 55, 57, 60, 61, 77, 81, 82, 93, 94, 97, 118, 124, 125)
        },
        "requested address of 3 octets": ForSegment(
            lambda segment: _set_option(_REQUESTED, segment.server.packed[:3])
        ),
        "requested address of 5 octets": ForSegment(
            lambda segment: _set_option(_REQUESTED, segment.contract.pool.last.packed + b"\0")
        ),
        "lease time of 1 octet": _set_option(51, b"\1"),
        "lease time of 8 octets": _set_option(51, bytes(7) + b"\1"),
        "server identifier in a DHCPDISCOVER": ForSegment(
            lambda segment: _set_option(_SERVER, segment.server.packed)
        ),
        "every code requested": _set_option(55, bytes(range(255))),
        "PAD and END requested": _set_option(55, b"\0\xff"),
        "one code requested 255 times": _set_option(55, b"\x43" * 255),
        "maximum message size 0": _set_option(57, b"\0\0"),
        "maximum message size 575": _set_option(57, b"\x02\x3f"),
        "maximum message size 65535": _set_option(57, b"\xff\xff"),
        "maximum message size of 1 octet": _set_option(57, b"\xff"),
        "architecture of 1 octet": _set_option(93, b"\7"),
        "architecture of 3 octets": _set_option(93, b"\0\7\0"),
        "architecture 65535": _set_option(93, b"\xff\xff"),
        "127 architectures": _set_option(93, b"\0\7" * 127),
        "interface identifier of 1 octet": _set_option(94, b"\1"),
        "machine identifier of 1 octet": _set_option(97, b"\0"),
        "machine identifier of 255 octets": _set_option(97, b"\xff" * 255),
    },
)
_ANSWERED: Final = (
    *messages(
        Expectation.ANSWER,
        "RFC2131-4.3.1-requested-unusable",
        {
            "requested address 0.0.0.0": _set_address(_REQUESTED, 0, 0, 0, 0),
            "requested address 255.255.255.255": _set_address(_REQUESTED, 255, 255, 255, 255),
            "requested address of the server": ForSegment(
                lambda segment: _set_option(_REQUESTED, segment.server.packed)
            ),
            "requested address of another network": ForSegment(
                lambda segment: _set_option(_REQUESTED, segment.foreign_address.packed), foreign=True
            ),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2131-4.3.1-lease-asked",
        {
            "lease time 0": _set_option(51, bytes(4)),
            "lease time infinite": _set_option(51, b"\xff" * 4),
        },
    ),
    *messages(
        Expectation.ANSWER,
        "RFC2131-table5-optional",
        {
            "no parameter request list": without(55),
            "no vendor class": without(60),
        },
    ),
)
_TEXTS: Final = messages(
    Expectation.EITHER,
    "RFC1122-1.2.2-every-error",
    {
        "host name of 255 octets": _set_option(12, b"a" * 255),
        "host name with NULs": _set_option(12, b"a\0b\0"),
        "host name of dots": _set_option(12, b"." * 64),
        "host name of control characters": _set_option(12, bytes(range(1, 32))),
        "host name of format directives": _set_option(12, b"%s%n%x%p" * 8),
        "host name with a line feed": _set_option(12, b"edge\ndnsmasq-dhcp: 1 DHCPACK(ens3)"),
        "host name that is not UTF-8": _set_option(12, b"\xff\xfe\xc0\x80"),
        "vendor class of 255 octets": _set_option(60, b"PXEClient" + b"\xff" * 246),
        "vendor class of format directives": _set_option(60, b"PXEClient:%s%n%n%n"),
        "vendor class truncated": _set_option(60, b"PXEClient:Arch:"),
        "user class with a length too large": _set_option(77, b"\xffiPXE"),
        "message of 255 octets": _set_option(56, b"\x1b[31m" * 51),
    },
)
_CLIENTS: Final = messages(
    Expectation.EITHER,
    "RFC1122-1.2.2-every-error",
    {
        "client identifier of 1 octet": _set_option(61, b"\1"),
        "client identifier of 255 octets": _set_option(61, b"\xff" * 255),
        "client identifier twice": appended(tlv(61, b"\0other")),
    },
)
_NESTED: Final = messages(
    Expectation.EITHER,
    "RFC1122-1.2.2-every-error",
    {
        "FQDN of flags only": _set_option(81, b"\0\0\0"),
        "FQDN whose label runs over": _set_option(81, b"\4\0\0\x3fedge"),
        "FQDN whose label points to itself": _set_option(81, b"\4\0\0\xc0\3"),
        "FQDN of 252 octets without an end": _set_option(81, b"\5\0\0" + b"\1a" * 126),
        "FQDN all flags set": _set_option(81, b"\xff\xff\xff" + b"edge." * 20),
        "relay information of 1 octet": _set_option(82, b"\1"),
        "relay suboption runs over": _set_option(82, b"\1\xffab"),
        "relay suboption of 0 octets": _set_option(82, b"\1\0\2\0"),
        "relay suboptions of 255 octets": _set_option(82, b"\1\xfd" + b"a" * 253),
        "relay link selection of 3 octets": ForSegment(
            lambda segment: _set_option(82, b"\5\3" + segment.server.packed[:3])
        ),
        "relay link selection of another network": _set_option(82, b"\5\4\x0a\x0b\x0c\x0d"),
        "relay server identifier of 1 octet": _set_option(82, b"\x0b\1\1"),
        "subnet selection of 3 octets": ForSegment(
            lambda segment: _set_option(118, segment.server.packed[:3])
        ),
        "subnet selection of another network": _set_option(118, b"\x0a\x0b\x0c\x0d"),
        "vendor options run over": _set_option(43, b"\x47\xff\0\0"),
        "vendor options of half a boot item": _set_option(43, b"\x47\1\x80"),
        "vendor options without an end": _set_option(43, b"\6\1\x08" * 85),
        "vendor-identifying class runs over": _set_option(124, b"\0\0\x01\x37\xffPXE"),
        "vendor-identifying options run over": _set_option(125, b"\0\0\x01\x37\xff\1\xff"),
        "vendor-identifying options of half a number": _set_option(125, b"\0\0\1"),
        "Etherboot options run over": _set_option(175, b"\xb0\xff\1"),
        "authentication of 1 octet": _set_option(90, b"\1"),
        "rapid commit with data": _set_option(80, b"\1"),
        "domain search that points to itself": _set_option(119, b"\xc0\0"),
    },
)
_REQUESTS: Final = messages(
    Expectation.EITHER,
    "RFC1122-1.2.2-every-error",
    {
        "DHCPREQUEST without address and server": without(_REQUESTED, _SERVER),
        "DHCPREQUEST without an address": without(_REQUESTED),
        "DHCPREQUEST for 0.0.0.0": _set_address(_REQUESTED, 0, 0, 0, 0),
        "DHCPREQUEST for 255.255.255.255": _set_address(_REQUESTED, 255, 255, 255, 255),
        "DHCPREQUEST for the server's address": ForSegment(
            lambda segment: _set_option(_REQUESTED, segment.server.packed)
        ),
        "DHCPREQUEST for an address of 3 octets": ForSegment(
            lambda segment: _set_option(_REQUESTED, segment.server.packed[:3])
        ),
        "DHCPREQUEST of a server of 3 octets": ForSegment(
            lambda segment: _set_option(_SERVER, segment.server.packed[:3])
        ),
        "DHCPREQUEST of a server of 5 octets": ForSegment(
            lambda segment: _set_option(_SERVER, segment.server.packed + b"\0")
        ),
        "DHCPREQUEST of server 255.255.255.255": _set_address(_SERVER, 255, 255, 255, 255),
        "DHCPREQUEST of two servers": ForSegment(
            lambda segment: appended(tlv(_SERVER, segment.unused_address.packed))
        ),
        "DHCPREQUEST with host name of 255 octets": _set_option(12, b"a" * 255),
        "DHCPREQUEST with FQDN whose label runs over": _set_option(81, b"\4\0\0\x3fedge"),
        "DHCPREQUEST with lease time of 1 octet": _set_option(51, b"\1"),
        "DHCPREQUEST with relay suboption that runs over": _set_option(82, b"\1\xffab"),
    },
    MessageType.DHCPREQUEST,
)

CASES: Final[tuple[MalformedCase, ...]] = (*_PARAMETERS, *_ANSWERED, *_TEXTS, *_CLIENTS, *_NESTED, *_REQUESTS)
