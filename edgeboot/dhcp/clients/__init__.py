"""The table of DHCP clients that run while a machine starts: the options each one sends.

A module for each family. Values come from the source named in each profile; ``unverified``
lists those that come from captures of others or from memory, and what the source leaves open.
"""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.clients.boot_loaders import BOOT_LOADERS
from edgeboot.dhcp.clients.edk2 import EDK2, EDK2_PARAMETERS, EDK2_PXE_X86_64, WITHOUT_BOOT_OPTIONS
from edgeboot.dhcp.clients.ipxe import IPXE
from edgeboot.dhcp.clients.option_roms import OPTION_ROMS
from edgeboot.dhcp.clients.profile import (
    HTTP_CLASS,
    PXE_CLASS,
    BootRules,
    ClientIdentifier,
    ClientProfile,
    RouteHabit,
)
from edgeboot.dhcp.clients.systems import SYSTEMS

__all__ = [
    "BOOT_STAGES",
    "CLIENTS",
    "EDK2_PARAMETERS",
    "EDK2_PXE_X86_64",
    "HTTP_CLASS",
    "PXE_CLASS",
    "WITHOUT_BOOT_OPTIONS",
    "BootRules",
    "ClientIdentifier",
    "ClientProfile",
    "RouteHabit",
]

CLIENTS: Final[dict[str, ClientProfile]] = {
    client.name: client for client in (*EDK2, *OPTION_ROMS, *IPXE, *BOOT_LOADERS, *SYSTEMS)
}
"""Every client profile by its name; a contract may state for each what it boots."""

BOOT_STAGES: Final = tuple(CLIENTS[name] for name in ("edk2-pxe-x86-64", "ipxe-x86-64", "systemd-networkd"))
"""What runs on an edge node, one after the other: firmware, iPXE and the system."""
