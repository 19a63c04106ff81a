"""The data of a DHCP option as a person reads it, by the option's format."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from edgeboot.dhcp.option_table import OPTIONS
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code

_SECONDS: Final = frozenset({Code.IP_ADDRESS_LEASE_TIME, Code.RENEWAL_TIME, Code.REBINDING_TIME})
_OCTETS_SHOWN: Final = 64


def shown_option(code: int, data: bytes) -> str:
    """Addresses, routes, times, numbers and texts as such; what has another form in hexadecimal."""
    if not data:
        return "no data"
    if code == Code.DHCP_MESSAGE_TYPE and data in {bytes((each,)) for each in MessageType}:
        return MessageType(data[0]).name
    value = OPTIONS[code].format.read((data,)) if code in OPTIONS else data
    match value:
        case int() if code in _SECONDS:
            return str(timedelta(seconds=value))
        case int():
            return str(value)
        case str() if value and value.isprintable():
            return value
        case tuple() if value:
            return ", ".join(map(str, value))
    more = f" … ({len(data)} octets)" if len(data) > _OCTETS_SHOWN else ""
    return f"hex:{data[:_OCTETS_SHOWN].hex(' ')}{more}"
