"""What only a DHCPREQUEST to a boot server has, of all messages of a client (PXE 2.1 section 2.2.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.firmware.vendor import PxeTag
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import OptionCode as Code

_FIRST_LAYER: Final = 0
"""That of the boot file itself; what a boot file asks for has others (PXE 2.1 section 2.2.4)."""


def boot_item(item: int) -> DhcpOption:
    """Option 43 with PXE_BOOT_ITEM alone (PXE 2.1 table 2-1): type and layer, two octets each."""
    data = item.to_bytes(2, "big") + _FIRST_LAYER.to_bytes(2, "big")
    return option(Code.VENDOR_SPECIFIC, DhcpOption(PxeTag.BOOT_ITEM, data).encode() + bytes((Code.END,)))


def with_vendor_class(message: DhcpMessage, vendor_class: bytes) -> DhcpMessage:
    """The message with another option 60."""
    code = Code.VENDOR_CLASS_IDENTIFIER
    entries = (option(code, vendor_class) if each.code == code else each for each in message.options)
    return replace(message, options=Options(tuple(entries)))


def sorted_as_edk2(message: DhcpMessage) -> DhcpMessage:
    """With its options in the order of their codes: EDK2's Dhcp4.Build sorts (Dhcp4Option.c, DhcpBuild)."""
    entries = sorted(message.options.entries, key=lambda each: each.code)
    return replace(message, options=Options(tuple(entries)))
