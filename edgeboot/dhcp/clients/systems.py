"""Operating systems' clients: what a node asks with once it is installed, or from an initial RAM disk."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients.profile import BootRules, ClientIdentifier, ClientProfile, RouteHabit
from edgeboot.dhcp.clients.retransmission import DHCLIENT_RETRANSMISSION, NETWORKD_RETRANSMISSION

_DHCLIENT: Final = ClientProfile(
    "dhclient",
    "Debian 12 isc-dhcp-client 4.4.3-P1: /etc/dhcp/dhclient.conf, and its messages on the wire",
    BootRules.NOTHING,
    parameters=(1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42),
    order=(54, 50, 55),
    retransmission=DHCLIENT_RETRANSMISSION,
)
_DHCPCD: Final = ClientProfile(
    "dhcpcd",
    "dhcpcd 9.4.1 (Debian 12) with its default configuration, on the wire; RFC 4039, RFC 6704",
    BootRules.NOTHING,
    parameters=(1, 121, 3, 6, 12, 15, 26, 28, 33, 51, 54, 58, 59, 119),
    maximum_size=1472,
    client_identifier=ClientIdentifier.DUID_LLT,
    rapid_commit=True,
    forcerenew_nonce=b"\x01",
    order=(50, 53, 54, 55, 57, 61, 80, 145),
    route_habits=RouteHabit.READS_249 | RouteHabit.ROUTERS_IF_MALFORMED | RouteHabit.ON_LINK_HOSTS,
    unverified="Debian sends no vendor class (60); as released it sends version, system and machine",
)
_NETWORKD: Final = ClientProfile(
    "systemd-networkd",
    "systemd 252.39 (Debian 12) on the wire; src/libsystemd-network/sd-dhcp-client.c; RFC 4361",
    BootRules.NOTHING,
    parameters=(1, 3, 6, 12, 15, 33, 42, 120, 121),
    maximum_size=1472,
    client_identifier=ClientIdentifier.DUID,
    seconds=1,
    order=(61, 55, 57, 54, 50),
    route_habits=RouteHabit.ROUTERS_IF_MALFORMED | RouteHabit.CLASSFUL,
    retransmission=NETWORKD_RETRANSMISSION,
)
_NETWORKD_RAPID: Final = replace(
    _NETWORKD,
    name="systemd-networkd-255",
    source="systemd src/network/networkd-dhcp4.c: RapidCommit= is on unless Anonymize=, AllowList= or "
    "DenyList= is set",
    rapid_commit=True,
    order=(61, 55, 57, 54, 50, 80),
    # Its DHCPACK to a DHCPDISCOVER is one that a storm does not take.
    retransmission=None,
    unverified="version 255 was not seen on the wire: all but option 80 is as of version 252",
)
_UDHCPC: Final = ClientProfile(
    "udhcpc",
    "busybox 1.35.0 udhcpc (Debian 12) on the wire; busybox networking/udhcp/dhcpc.c",
    BootRules.NOTHING,
    vendor_class="udhcp 1.35.0",
    parameters=(1, 3, 6, 12, 15, 28, 42),
    maximum_size=576,
    client_identifier=ClientIdentifier.HARDWARE,
    order=(50, 54, 57, 55, 60, 61),
)
_NETWORK_MANAGER: Final = ClientProfile(
    "network-manager",
    "NetworkManager 1.42.4 (Debian 12) on the wire, with its own client (dhcp=internal)",
    BootRules.NOTHING,
    parameters=(1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42, 119, 249, 252, 17),
    maximum_size=576,
    client_identifier=ClientIdentifier.HARDWARE,
    seconds=1,
    order=(61, 55, 57, 50, 54),
    route_habits=RouteHabit.ROUTERS_IF_MALFORMED | RouteHabit.ROUTERS_IF_NO_DEFAULT | RouteHabit.CLASSFUL,
    keeps_transaction=False,
)
_KLIBC: Final = ClientProfile(
    "klibc-ipconfig",
    "klibc-utils 2.0.12 (Debian 12) on the wire: kernel parameter ip=dhcp, which initramfs-tools obeys by it",
    BootRules.NOTHING,
    vendor_class="Linux ipconfig",
    parameters=(1, 3, 6, 12, 15, 17, 26, 28, 40, 119, 121),
    broadcast=True,
    order=(54, 50, 55, 60),
    route_habits=RouteHabit.ROUTERS_IF_MALFORMED,
)
_LINUX: Final = ClientProfile(
    "linux-ip-dhcp",
    "Linux net/ipv4/ipconfig.c: ic_dhcp_init_options (kernel parameter ip=dhcp, as for an NFS root)",
    BootRules.NOTHING,
    parameters=(1, 3, 6, 12, 15, 17, 26, 40),
    order=(55,),
    unverified="from memory of the source; newer kernels request 42, too",
)
_WINDOWS: Final = ClientProfile(
    "windows",
    "MS-DHCPE section 2.2; option 55 of Windows 10 as systemd's sd-dhcp-client.c states it (RFC 7844)",
    BootRules.NOTHING,
    vendor_class="MSFT 5.0",
    parameters=(1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 121, 249, 252),
    client_identifier=ClientIdentifier.HARDWARE,
    order=(61, 60, 55),
    unverified="domain members also send option 81",
)
_WINDOWS_PE: Final = replace(
    _WINDOWS,
    name="windows-pe",
    source="MS-DHCPE section 2.2: the client of Windows Setup, which the boot program of WDS has loaded",
    parameters=(1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252),
    unverified="taken to send what an installed Windows 10 of 2018 and later sends; what WDS's boot program "
    "asks port 4011 for (option 250) is not modelled",
)

SYSTEMS: Final = (
    _DHCLIENT,
    _DHCPCD,
    _KLIBC,
    _LINUX,
    _NETWORK_MANAGER,
    _NETWORKD,
    _NETWORKD_RAPID,
    _UDHCPC,
    _WINDOWS,
    _WINDOWS_PE,
)
