"""Would a client boot from what it was told, and from what? Pure functions of messages.

``boots_from`` asks the rules of a client of the table. The names in a message are also here
as EDK2 reads them, since most edge nodes run it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from edgeboot.dhcp.clients import ClientProfile, Rules
from edgeboot.dhcp.firmware import http_boot, ipxe, pxe, u_boot
from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import BootString, bootfile, next_server, server_name
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot
from edgeboot.dhcp.message import DhcpMessage

__all__ = ["Boot", "BootString", "NoBoot", "bootfile", "boots_from", "next_server", "server_name"]


def boots_from(
    client: ClientProfile, messages: Iterable[DhcpMessage], *, from_4011: DhcpMessage | None = None
) -> Boot | NoBoot:
    """What the client boots, by its own rules, or why it boots nothing.

    Args:
        client: whose rules.
        messages: every DHCPOFFER, in order of arrival, a ProxyDHCP server's too; with them, or
            in their place, the DHCPACK.
        from_4011: the answer of the boot server that ``asks`` named in an outcome without it.
    """
    if client.rules is Rules.NOTHING:
        return NoBoot(f"{client.name} wants an address and boots nothing")
    return _RULES[client.rules](Answers(tuple(messages), from_4011))


_RULES: Final[dict[Rules, Callable[[Answers], Boot | NoBoot]]] = {
    Rules.EDK2_PXE: pxe.edk2_boots,
    Rules.PXE_BIOS: pxe.bios_boots,
    Rules.EDK2_HTTP: http_boot.boots,
    Rules.IPXE: ipxe.boots,
    Rules.U_BOOT: u_boot.boots,
}
