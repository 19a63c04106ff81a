"""EDK2's DHCP driver below PXE and HTTP Boot: which offers it hears, and which address it gives up again.

NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpHandleSelect and DhcpLeaseAcquired; seen on the wire of OVMF
2022.11. A BOOTP reply needs no server identifier, but a subnet mask as well. An option that comes
twice is one of both lengths (RFC 3396): no server identifier then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode

_ADDRESS: Final = 4
"""Octets of one."""


def heard(answers: Answers) -> Answers:
    """The answers without those that it ignores."""
    return replace(answers, messages=tuple(each for each in answers.messages if not _is_ignored(each)))


def unheard(answers: Answers) -> str:
    """Why no address is offered to it: it ignores the offers, or there are none."""
    ignored = next(filter(_is_ignored, answers.addressed), None)
    if ignored is None:
        return "no address is offered"
    if len(ignored.options.all(OptionCode.SERVER_IDENTIFIER)) > 1:
        return "it ignores an offer with the server identifier (option 54) twice: it reads them as one"
    return "it ignores an offer without a server identifier (option 54)"


def gives_up(offer: DhcpMessage) -> str | None:
    """Why it declines the address of the offer that it has selected; None if it keeps it."""
    mask = offer.options.get(OptionCode.SUBNET_MASK)
    if mask is not None and len(mask) == _ADDRESS and any(mask):
        return None
    return f"it declines {offer.yiaddr} (DHCPDECLINE): the offer has no subnet mask (option 1)"


def _is_ignored(message: DhcpMessage) -> bool:
    identifier = b"".join(message.options.all(OptionCode.SERVER_IDENTIFIER))
    return message.message_type is not None and (len(identifier) != _ADDRESS or not any(identifier))
