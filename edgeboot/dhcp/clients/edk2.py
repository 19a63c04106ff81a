"""UEFI firmware: EDK2's PXE client and its HTTP Boot, for each processor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients.profile import HTTP_CLASS, PXE_CLASS, PXE_ORDER, BootRules, ClientProfile
from edgeboot.dhcp.clients.retransmission import EDK2_RETRANSMISSION
from edgeboot.dhcp.vocabulary import Architecture

EDK2_PARAMETERS: Final = (
    *(1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43),
    *(50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135),
)
"""Option 55 of EDK2's PXE client, in its order (NetworkPkg/UefiPxeBcDxe)."""
WITHOUT_BOOT_OPTIONS: Final = tuple(code for code in EDK2_PARAMETERS if code not in {66, 67})
"""EDK2's list without 66 and 67: the server has to put the boot data into the header."""

EDK2_PXE_X86_64: Final = ClientProfile(
    "edk2-pxe-x86-64",
    "EDK2 NetworkPkg/UefiPxeBcDxe: PxeBcDhcp4.c PxeBcBuildDhcp4Options, PxeBcBoot.c PxeBcDhcp4BootInfo",
    BootRules.EDK2_PXE,
    Architecture.EFI_X86_64,
    vendor_class=f"{PXE_CLASS}:Arch:{{:05d}}:UNDI:003000",
    parameters=EDK2_PARAMETERS,
    maximum_size=1472,
    request_maximum_size=0xFF00,
    network_interface=bytes((1, 3, 0)),
    sends_machine_identifier=True,
    broadcast=True,
    order=(54, 50, 57, *PXE_ORDER),
    retransmission=EDK2_RETRANSMISSION,
    unverified="the UNDI version is that of EDK2's own network drivers, as on the wire of OVMF 2022.11; the "
    "driver of a card may state another, such as 003001 or 003016",
)
_HTTP_X86_64: Final = replace(
    EDK2_PXE_X86_64,
    name="edk2-http-x86-64",
    source="EDK2 NetworkPkg/HttpBootDxe/HttpBootDhcp4.c; UEFI 2.10 section 24.7",
    rules=BootRules.EDK2_HTTP,
    request_maximum_size=None,
    architecture=Architecture.EFI_X86_64_HTTP,
    vendor_class=f"{HTTP_CLASS}:Arch:{{:05d}}:UNDI:003000",
    parameters=(*EDK2_PARAMETERS[:24], 0, 67, 97),
    unverified="the octet before 67 in option 55 is never set there: 40 and 235 were seen, 0 is sent here",
)

EDK2: Final = (
    EDK2_PXE_X86_64,
    # EBC by IANA, x86-64 by the letter of RFC 4578: firmware of both kinds sends 9.
    replace(EDK2_PXE_X86_64, name="edk2-pxe-efi-bc", architecture=Architecture.EFI_BC),
    replace(EDK2_PXE_X86_64, name="edk2-pxe-arm64", architecture=Architecture.EFI_ARM64),
    replace(EDK2_PXE_X86_64, name="edk2-pxe-ia32", architecture=Architecture.EFI_IA32),
    _HTTP_X86_64,
    # EFI_HTTP_BOOT_CLIENT_SYSTEM_ARCHITECTURE of HttpBootDhcp4.h.
    replace(_HTTP_X86_64, name="edk2-http-arm64", architecture=Architecture.EFI_ARM64_HTTP),
    replace(_HTTP_X86_64, name="edk2-http-ia32", architecture=Architecture.EFI_IA32_HTTP),
)
