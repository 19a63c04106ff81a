"""Profiles of the DHCP clients that run while a machine starts: the options each one sends.

Values come from the source named in each profile. ``unverified`` lists the values taken
from captures or memory instead, and what the source leaves open.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import Architecture


class ClientIdentifier(Enum):
    """The format of option 61."""

    NONE = auto()
    HARDWARE = auto()
    """Hardware type and address (RFC 2132 section 9.14)."""
    DUID = auto()
    """Type 255, IAID and DUID (RFC 4361 section 6.1)."""


class BootRules(Enum):
    """The rules by which a client selects its boot file (``edgeboot.dhcp.firmware``)."""

    EDK2_PXE = auto()
    EDK2_HTTP = auto()
    PXE_BIOS = auto()
    IPXE = auto()
    U_BOOT = auto()
    NOTHING = auto()
    """An operating system's client, which does not network-boot."""


PXE_CLASS: Final = "PXEClient"
HTTP_CLASS: Final = "HTTPClient"

EDK2_PARAMETERS: Final = (
    *(1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43),
    *(50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135),
)
"""Option 55 of EDK2's PXE client, in its order (NetworkPkg/UefiPxeBcDxe)."""
WITHOUT_BOOT_OPTIONS: Final = tuple(code for code in EDK2_PARAMETERS if code not in {66, 67})
"""EDK2's list without 66 and 67: the server has to put the boot data into the header."""

_PXE_ORDER: Final = (55, 97, 94, 93, 60, 61)
_DUID_EN: Final = bytes.fromhex("0002 0000ab11")
"""DUID type 2 with systemd's enterprise number, 43793."""


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """One DHCP client: its name, the options it sends and the rules by which it boots.

    No profile sends a host name (option 12), because the server would register it.
    """

    name: str
    """The name used in contracts and reports."""
    source: str
    """Project and file, or document and section, that defines the options and the rules."""
    rules: BootRules
    architecture: Architecture | None = None
    """Option 93."""
    vendor_class: str | None = None
    """Option 60 as a format string; ``{}`` stands for the architecture."""
    parameters: tuple[int, ...] | None = None
    """Option 55."""
    maximum_size: int | None = None
    """Option 57, in octets."""
    client_identifier: ClientIdentifier = ClientIdentifier.NONE
    user_class: bytes | None = None
    """Option 77."""
    network_interface: bytes | None = None
    """Option 94: type 1 (UNDI), major and minor revision."""
    sends_machine_identifier: bool = False
    """Whether option 97, the machine's UUID, is sent."""
    etherboot: bytes | None = None
    """Option 175, iPXE's encapsulated features."""
    broadcast: bool = False
    """Whether the B flag is set in its messages."""
    order: tuple[int, ...] = _PXE_ORDER
    """Order of the option codes after options 53, 57 and those of the single message."""
    unverified: str = ""

    def __str__(self) -> str:
        return self.name

    def client_id(self, mac: MacAddress, machine: uuid.UUID) -> bytes | None:
        """Option 61 in this client's format, derived from MAC and UUID; None if it sends none."""
        match self.client_identifier:
            case ClientIdentifier.NONE:
                return None
            case ClientIdentifier.HARDWARE:
                return b"\x01" + mac.packed
            case ClientIdentifier.DUID:
                return b"\xff" + mac.packed[-4:] + _DUID_EN + hashlib.sha256(machine.bytes).digest()[:8]


EDK2_PXE_X86_64: Final = ClientProfile(
    "edk2-pxe-x86-64",
    "EDK2 NetworkPkg/UefiPxeBcDxe: PxeBcDhcp4.c PxeBcBuildDhcp4Options, PxeBcBoot.c PxeBcDhcp4BootInfo",
    BootRules.EDK2_PXE,
    Architecture.EFI_X86_64,
    vendor_class=f"{PXE_CLASS}:Arch:{{:05d}}:UNDI:003001",
    parameters=EDK2_PARAMETERS,
    maximum_size=1472,
    network_interface=bytes((1, 3, 1)),
    sends_machine_identifier=True,
    broadcast=True,
    unverified="option 57 is 1464 in the release that could be read (2016); that one looks for no option 52 "
    "before it takes file for a name, as HTTP Boot does and is assumed here",
)
_EDK2_HTTP: Final = replace(
    EDK2_PXE_X86_64,
    name="edk2-http-x86-64",
    source="EDK2 NetworkPkg/HttpBootDxe/HttpBootDhcp4.c; UEFI 2.10 section 24.7",
    rules=BootRules.EDK2_HTTP,
    architecture=Architecture.EFI_X86_64_HTTP,
    vendor_class=f"{HTTP_CLASS}:Arch:{{:05d}}:UNDI:003001",
    parameters=(*EDK2_PARAMETERS[:24], 0, 67, 97),
    unverified="the octet before 67 in option 55 is never set there, so what is sent varies; 0 here",
)
_IPXE: Final = ClientProfile(
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
    # Bus and device of an e1000; then HTTP, HTTPS, TFTP, DNS, EFI and menus, and version 1.21.1.
    etherboot=bytes.fromhex("b105018086100e 130101 140101 150101 170101 240101 270101 eb03011501"),
    order=(93, 94, 60, 77, 55, 175, 61, 97),
    unverified="the features in option 175 are a build's own choice",
)
_U_BOOT: Final = ClientProfile(
    "u-boot-arm64",
    "U-Boot net/bootp.c: dhcp_extended, dhcp_process_options, store_bootp_params",
    BootRules.U_BOOT,
    Architecture.U_BOOT_ARM64,
    vendor_class="U-Boot.armv8",
    parameters=(1, 3, 6, 12, 17),
    maximum_size=576,
    network_interface=bytes((1, 0, 0)),
    order=(93, 94, 60, 55),
    unverified="options 55, 60 and 93 follow a board's configuration; these are the defaults as known",
)
_BIOS: Final = ClientProfile(
    "pxe-bios",
    "PXE 2.1 sections 2.2 and 2.3; RFC 4578",
    BootRules.PXE_BIOS,
    Architecture.BIOS,
    vendor_class=f"{PXE_CLASS}:Arch:{{:05d}}:UNDI:002001",
    parameters=(1, 2, 3, 5, 6, 11, 12, 13, 15, 16, 17, 18, 43, 54, 60, 67, *range(128, 136)),
    maximum_size=1260,
    network_interface=bytes((1, 2, 1)),
    sends_machine_identifier=True,
    broadcast=True,
    unverified="option ROMs are closed: 55, 57 and the order are as seen from Intel's; reading on behind a "
    "67 without NUL is reported of some (dnsmasq-discuss, January 2006)",
)
_DHCLIENT: Final = ClientProfile(
    "dhclient",
    "Debian 12 isc-dhcp-client 4.4.3: /etc/dhcp/dhclient.conf, and a capture of its DHCPDISCOVER",
    BootRules.NOTHING,
    parameters=(1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42),
    order=(55,),
)
_NETWORKD: Final = ClientProfile(
    "systemd-networkd",
    "systemd src/libsystemd-network/sd-dhcp-client.c, src/network/networkd-dhcp4.c; RFC 4361",
    BootRules.NOTHING,
    parameters=(1, 3, 6, 12, 15, 33, 42, 120, 121),
    maximum_size=1472,
    client_identifier=ClientIdentifier.DUID,
    order=(61, 55),
    unverified="option 55 is that of version 252 with default settings, in the order of a sorted set",
)
_WINDOWS: Final = ClientProfile(
    "windows",
    "MS-DHCPE section 2.2; option 55 of Windows 10 as systemd's sd-dhcp-client.c states it (RFC 7844)",
    BootRules.NOTHING,
    vendor_class="MSFT 5.0",
    parameters=(1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 121, 249, 252),
    client_identifier=ClientIdentifier.HARDWARE,
    order=(61, 60, 55),
    unverified="Setup's own client (Windows PE) is taken to send what Windows 10 sends",
)

CLIENTS: Final[dict[str, ClientProfile]] = {
    client.name: client
    for client in (
        EDK2_PXE_X86_64,
        # EBC by IANA, x86-64 by the letter of RFC 4578: firmware of both kinds sends 9.
        replace(EDK2_PXE_X86_64, name="edk2-pxe-efi-bc", architecture=Architecture.EFI_BC),
        replace(EDK2_PXE_X86_64, name="edk2-pxe-arm64", architecture=Architecture.EFI_ARM64),
        replace(EDK2_PXE_X86_64, name="edk2-pxe-ia32", architecture=Architecture.EFI_IA32),
        _EDK2_HTTP,
        _BIOS,
        _IPXE,
        _U_BOOT,
        _DHCLIENT,
        _NETWORKD,
        _WINDOWS,
    )
}
"""Every client profile by its name; a contract states for each what it boots."""
