"""IPXE, as firmware starts it or as a card's ROM, for each processor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients.profile import PXE_CLASS, BootRules, ClientIdentifier, ClientProfile
from edgeboot.dhcp.clients.retransmission import IPXE_RETRANSMISSION
from edgeboot.dhcp.vocabulary import Architecture

_X86_64: Final = ClientProfile(
    "ipxe-x86-64",
    "iPXE src: net/udp/dhcp.c, net/dhcppkt.c, usr/autoboot.c, include/ipxe/efi/dhcp_arch.h",
    BootRules.IPXE,
    Architecture.EFI_X86_64,
    vendor_class=f"{PXE_CLASS}:Arch:{{:05d}}:UNDI:003010",
    parameters=(1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, *range(128, 136), 175, 203),
    maximum_size=1472,
    client_identifier=ClientIdentifier.HARDWARE,
    user_class=b"iPXE",
    network_interface=bytes((1, 3, 10)),
    sends_machine_identifier=True,
    # Bus and device of a virtio card; version 1.0.0; and the features of Debian's build.
    etherboot=bytes.fromhex(
        "b105011af41000 eb03010000 170101 240101 130101 110101 270101 290101 150101 1b0101 120101"
    ),
    # On the wire 4 in the first message, 8 to 11 in the second, at once or after a second.
    seconds=4,
    order=(57, 93, 94, 60, 77, 55, 175, 61, 97, 54, 50, 43),
    retransmission=IPXE_RETRANSMISSION,
    unverified="the features in option 175 are a build's own choice",
)
_BIOS: Final = replace(
    _X86_64,
    name="ipxe-bios",
    source="a capture of iPXE 1.0.0+git-20190125 for BIOS (QEMU); iPXE src: net/udp/dhcp.c, usr/pxemenu.c",
    rules=BootRules.IPXE_BIOS,
    architecture=Architecture.BIOS,
    vendor_class=f"{PXE_CLASS}:Arch:{{:05d}}:UNDI:002001",
    network_interface=bytes((1, 2, 1)),
    etherboot=bytes.fromhex(
        "b105011af41000 eb03010000 170101 220101 130101 110101 270101 190101 290101 100102 210101 "
        "150101 180101 1b0101 120101"
    ),
)

IPXE: Final = (
    _X86_64,
    replace(_X86_64, name="ipxe-arm64", architecture=Architecture.EFI_ARM64),
    replace(_X86_64, name="ipxe-ia32", architecture=Architecture.EFI_IA32),
    _BIOS,
)
