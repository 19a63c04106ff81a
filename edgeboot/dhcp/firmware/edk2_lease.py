"""EDK2's DHCP driver below PXE and HTTP Boot: which offers it hears, and which address it gives up again.

NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpHandleSelect and DhcpLeaseAcquired; seen on the wire of OVMF
2022.11. A BOOTP reply needs no server identifier, but a subnet mask as well. An option that comes
twice is one of both lengths (RFC 3396): where that has to be four, the offer is not valid.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import server_identifier
from edgeboot.dhcp.firmware.verdict import Lack, NoBoot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode, option_name

_ADDRESS: Final = 4
"""Octets of one."""
_OF_FOUR_OCTETS: Final = (
    OptionCode.SERVER_IDENTIFIER,
    OptionCode.SUBNET_MASK,
    OptionCode.IP_ADDRESS_LEASE_TIME,
)
"""Those of which two were seen to make it ignore an offer; two of option 3 or 67 do not."""


def heard(answers: Answers) -> Answers:
    """The answers without those that it ignores."""
    return replace(answers, messages=tuple(each for each in answers.messages if not _is_ignored(each)))


def unheard(answers: Answers) -> NoBoot:
    """That no address is offered to it: it ignores the offers, or there are none."""
    ignored = next(filter(_is_ignored, answers.addressed), None)
    if ignored is None:
        return NoBoot("no address is offered", lacks=Lack.ADDRESS)
    if twice := _twice(ignored):
        reason = f"it ignores an offer with {option_name(twice[0])} twice"
        return NoBoot(f"{reason}: it reads them as one, which is too long", lacks=Lack.SINGLE_OPTION)
    reason = "it ignores an offer without a server identifier (option 54)"
    return NoBoot(reason, lacks=Lack.SERVER_IDENTIFIER)


def gives_up(offer: DhcpMessage) -> NoBoot | None:
    """Why it declines the address of the offer that it has selected; None if it keeps it."""
    mask = offer.options.get(OptionCode.SUBNET_MASK)
    if mask is not None and len(mask) == _ADDRESS and any(mask):
        return None
    reason = f"it declines {offer.yiaddr} (DHCPDECLINE): the offer has no subnet mask (option 1)"
    return NoBoot(reason, lacks=Lack.SUBNET_MASK)


def _is_ignored(message: DhcpMessage) -> bool:
    identifier = server_identifier(message) or UNSPECIFIED
    return message.message_type is not None and (identifier == UNSPECIFIED or bool(_twice(message)))


def _twice(message: DhcpMessage) -> tuple[int, ...]:
    """The options of four octets that come more than once."""
    if not message.options.has_repeated:
        return ()
    return tuple(code for code in _OF_FOUR_OCTETS if len(message.options.all(code)) > 1)
