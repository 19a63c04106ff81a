"""Boot loaders with a DHCP client of their own: U-Boot and GRUB."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients.profile import BootRules, ClientProfile
from edgeboot.dhcp.vocabulary import Architecture

_U_BOOT: Final = ClientProfile(
    "u-boot-arm64",
    "U-Boot 2023.01 (Debian 12, qemu_arm64) on the wire; net/bootp.c: dhcp_extended, dhcp_process_options",
    BootRules.U_BOOT,
    Architecture.U_BOOT_ARM64,
    vendor_class="U-Boot.armv8",
    parameters=(1, 3, 6, 12, 17),
    maximum_size=576,
    network_interface=bytes((1, 0, 0)),
    order=(57, 54, 50, 93, 94, 60, 55),
    keeps_transaction=False,
    unverified="options 55, 60 and 93 follow a board's configuration",
)
_U_BOOT_HTTP: Final = replace(
    _U_BOOT,
    name="u-boot-http-arm64",
    source="U-Boot net/bootp.c (bootp_arch), commands dhcp and wget; IANA's processor architecture types",
    rules=BootRules.U_BOOT_HTTP,
    architecture=Architecture.U_BOOT_ARM64_HTTP,
    unverified="a board sets the architecture itself (bootp_arch=18); no such board was seen on the wire",
)
_GRUB: Final = ClientProfile(
    "grub",
    "GRUB 2.06 (Debian 12, grubnetx64.efi) on the wire, by its command net_bootp; grub-core/net/bootp.c: "
    "grub_net_configure_by_dhcp_ack",
    BootRules.GRUB,
    # Its DHCPDISCOVER has option 53 alone.
    request_parameters=(1, 3, 6, 15, 12, 17, 18, 60),
    order=(54, 50, 55),
    # Made of the clock's seconds, as xid is.
    seconds=None,
    keeps_transaction=False,
    unverified="the boot file's directory is where an image without a prefix of its own looks for grub.cfg "
    "(Debian's has /grub); GRUB that firmware has loaded sends none of these messages",
)

BOOT_LOADERS: Final = (_U_BOOT, _U_BOOT_HTTP, _GRUB)
