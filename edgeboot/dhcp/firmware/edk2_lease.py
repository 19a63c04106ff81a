"""EDK2's DHCP driver below PXE and HTTP Boot: which offers it hears, and which address it gives up again.

NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpHandleSelect and DhcpLeaseAcquired; seen on the wire of OVMF
2022.11. A BOOTP reply needs no server identifier, but a subnet mask as well.
"""

from __future__ import annotations

from dataclasses import replace

from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import server_identifier
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode


def heard(answers: Answers) -> Answers:
    """The answers without those that it ignores."""
    return replace(answers, messages=tuple(each for each in answers.messages if not _is_ignored(each)))


def unheard(answers: Answers) -> str:
    """Why no address is offered to it: it ignores the offers, or there are none."""
    if any(_is_ignored(each) for each in answers.addressed):
        return "it ignores an offer without a server identifier (option 54)"
    return "no address is offered"


def gives_up(offer: DhcpMessage) -> str | None:
    """Why it declines the address of the offer that it has selected; None if it keeps it."""
    mask = offer.options.get(OptionCode.SUBNET_MASK)
    if mask is not None and len(mask) == len(UNSPECIFIED.packed) and any(mask):
        return None
    return f"it declines {offer.yiaddr} (DHCPDECLINE): the offer has no subnet mask (option 1)"


def _is_ignored(message: DhcpMessage) -> bool:
    return message.message_type is not None and (server_identifier(message) or UNSPECIFIED) == UNSPECIFIED
