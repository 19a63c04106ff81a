"""What each client asks a TFTP server for: the options of its read requests.

Their order is left out, since it is not significant (RFC 2347).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from edgeboot.dhcp.clients import BootRules
from edgeboot.node.boot.tftp_packets import TftpOptions

PLAIN: Final = TftpOptions()
"""No options: a transfer by RFC 1350 alone."""
EDK2: Final = TftpOptions(blksize=1468, windowsize=4, tsize=0)
"""The options that UEFI firmware probes the size with at an MTU of 1500: the largest block that needs no
fragmentation, and a window of four (NetworkPkg: UefiPxeBcDxe, PcdPxeTftpWindowSize)."""
EDK2_READ: Final = TftpOptions(blksize=1468, windowsize=4)
"""Those of the read request behind that: it knows the size."""
IPXE: Final = TftpOptions(blksize=1432, tsize=0)
U_BOOT: Final = TftpOptions(blksize=1468, timeout=5)
GRUB: Final = TftpOptions(blksize=1024, tsize=0)

READ_REQUESTS: Final = MappingProxyType(
    {
        BootRules.EDK2_PXE: (EDK2, EDK2_READ),
        BootRules.IPXE: (IPXE,),
        BootRules.IPXE_BIOS: (IPXE,),
        BootRules.U_BOOT: (U_BOOT,),
        BootRules.U_BOOT_2021: (U_BOOT,),
        BootRules.GRUB: (GRUB,),
    }
)
"""A client's read requests for one file, in their order, by its rules; as on the wire (tests/captures)."""
