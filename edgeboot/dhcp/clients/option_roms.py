"""Boot code in read-only memory: a network card's PXE ROM, and the Raspberry Pi's."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients.profile import PXE_CLASS, BootRules, ClientProfile
from edgeboot.dhcp.vocabulary import Architecture

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
_RASPBERRY_PI: Final = ClientProfile(
    "raspberry-pi",
    "Raspberry Pi documentation, computers/raspberry-pi/boot-net.adoc: its capture of a Pi 3's DHCPDISCOVER",
    BootRules.RASPBERRY_PI,
    Architecture.BIOS,
    vendor_class=f"{PXE_CLASS}:Arch:{{:05d}}:UNDI:002001",
    parameters=(43, 60, 67, *range(128, 136), 66),
    network_interface=bytes((1, 2, 1)),
    sends_machine_identifier=True,
    order=(55, 93, 94, 97, 60),
    unverified="a Pi 3's option 97 is 68 sixteen times, a 3B+'s its serial number; here it is "
    "the node's UUID",
)
_RASPBERRY_PI_4: Final = replace(
    _RASPBERRY_PI,
    name="raspberry-pi-4",
    source="Raspberry Pi documentation: boot loader configuration (TFTP_IP, TFTP_PREFIX, PXE_OPTION43)",
    rules=BootRules.RASPBERRY_PI_4,
    parameters=(1, 3, 43, 60, 66, 67, *range(128, 136)),
    order=(55, 60, 93, 94, 97),
    unverified="55 and the order are of a published capture; option 97 begins with RPi4 there; the directory "
    "of the serial number, which it tries before the root, is left out",
)

OPTION_ROMS: Final = (_BIOS, _RASPBERRY_PI, _RASPBERRY_PI_4)
