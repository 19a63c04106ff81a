"""Predicts what each firmware client boots from the DHCP replies it received: pure functions.

``boots_from`` applies the rules of one client profile. ``bootfile``, ``next_server`` and
``server_name`` read a message as EDK2 does, since most edge nodes run it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from edgeboot.dhcp.clients import BootRules, ClientProfile
from edgeboot.dhcp.firmware import grub, http_boot, ipxe, pxe, raspberry_pi, u_boot
from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import BootString, bootfile, next_server, server_name
from edgeboot.dhcp.firmware.verdict import Boot, BootRequest, Lack, NoBoot
from edgeboot.dhcp.message import DhcpMessage

__all__ = [
    "Boot",
    "BootRequest",
    "BootString",
    "Lack",
    "NoBoot",
    "bootfile",
    "boots_from",
    "next_server",
    "server_name",
]


def boots_from(
    client: ClientProfile,
    messages: Iterable[DhcpMessage],
    *,
    from_boot_servers: Iterable[Iterable[DhcpMessage]] = (),
) -> Boot | NoBoot:
    """The URL the client boots by its own rules, or the reason why it does not boot.

    Args:
        client: the profile whose rules apply.
        messages: every DHCPOFFER in order of arrival, those of ProxyDHCP servers included;
            the DHCPACK in addition, or in their place.
        from_boot_servers: for each boot request of the outcome, in their order, the replies to it as
            they arrived, none if nobody has answered. An outcome with more requests than that ends with
            the one to be sent next.
    """
    if client.rules is BootRules.NOTHING:
        return NoBoot(f"{client.name} does not network-boot; it only requests an address")
    answers = Answers(tuple(messages), tuple(map(tuple, from_boot_servers)))
    return _RULES[client.rules](answers)


_RULES: Final[dict[BootRules, Callable[[Answers], Boot | NoBoot]]] = {
    BootRules.EDK2_PXE: pxe.edk2_boots,
    BootRules.PXE_BIOS: pxe.bios_boots,
    BootRules.EDK2_HTTP: http_boot.boots,
    BootRules.IPXE: ipxe.boots,
    BootRules.IPXE_BIOS: ipxe.bios_boots,
    BootRules.U_BOOT: u_boot.boots,
    BootRules.U_BOOT_2021: u_boot.boots_of_2021,
    BootRules.U_BOOT_HTTP: u_boot.http_boots,
    BootRules.RASPBERRY_PI: raspberry_pi.rom_boots,
    BootRules.RASPBERRY_PI_4: raspberry_pi.eeprom_boots,
    BootRules.GRUB: grub.boots,
}
