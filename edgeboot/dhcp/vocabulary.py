"""Constants of DHCP and PXE: ports, message types, option codes, client architectures."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum, unique
from typing import Final

from edgeboot.dhcp.option_table import OPTIONS

SERVER_PORT: Final = 67
CLIENT_PORT: Final = 68
BOOT_SERVER_PORT: Final = 4011
"""UDP port on which a PXE boot server or ProxyDHCP server answers boot file requests (PXE 2.1)."""
MAGIC_COOKIE: Final = bytes((99, 130, 83, 99))
INFINITE_LEASE: Final = timedelta(seconds=2**32 - 1)
"""A lease without an end, the largest number of option 51 (RFC 2131 section 3.3)."""


@unique
class MessageType(IntEnum):
    """DHCP message types, the values of option 53 (RFC 2132 section 9.6)."""

    DHCPDISCOVER = 1
    DHCPOFFER = 2
    DHCPREQUEST = 3
    DHCPDECLINE = 4
    DHCPACK = 5
    DHCPNAK = 6
    DHCPRELEASE = 7
    DHCPINFORM = 8


@unique
class OptionCode(IntEnum):
    """The option codes this suite reads or writes.

    RFC 2132, RFC 3004, RFC 4039, RFC 4578, RFC 6704, PXE 2.1.
    """

    PAD = 0
    SUBNET_MASK = 1
    TIME_OFFSET = 2
    ROUTER = 3
    TIME_SERVER = 4
    NAME_SERVER = 5
    DOMAIN_NAME_SERVER = 6
    LOG_SERVER = 7
    HOST_NAME = 12
    BOOT_FILE_SIZE = 13
    DOMAIN_NAME = 15
    ROOT_PATH = 17
    EXTENSIONS_PATH = 18
    INTERFACE_MTU = 26
    MAXIMUM_DATAGRAM_REASSEMBLY_SIZE = 22
    DEFAULT_IP_TTL = 23
    BROADCAST_ADDRESS = 28
    STATIC_ROUTE = 33
    NIS_DOMAIN = 40
    NIS_SERVERS = 41
    NTP_SERVERS = 42
    VENDOR_SPECIFIC = 43
    NETBIOS_NAME_SERVERS = 44
    REQUESTED_IP_ADDRESS = 50
    IP_ADDRESS_LEASE_TIME = 51
    OPTION_OVERLOAD = 52
    DHCP_MESSAGE_TYPE = 53
    SERVER_IDENTIFIER = 54
    PARAMETER_REQUEST_LIST = 55
    MESSAGE = 56
    MAXIMUM_DHCP_MESSAGE_SIZE = 57
    RENEWAL_TIME = 58
    REBINDING_TIME = 59
    VENDOR_CLASS_IDENTIFIER = 60
    CLIENT_IDENTIFIER = 61
    TFTP_SERVER_NAME = 66
    BOOTFILE_NAME = 67
    USER_CLASS = 77
    RAPID_COMMIT = 80
    RELAY_AGENT_INFORMATION = 82
    CLIENT_SYSTEM_ARCHITECTURE = 93
    CLIENT_NETWORK_INTERFACE = 94
    CLIENT_MACHINE_IDENTIFIER = 97
    CLASSLESS_STATIC_ROUTE = 121
    FORCERENEW_NONCE_CAPABLE = 145
    ETHERBOOT = 175
    MICROSOFT_CLASSLESS_STATIC_ROUTE = 249
    END = 255


NAK_MAY_CARRY: Final = frozenset(
    {
        OptionCode.DHCP_MESSAGE_TYPE,
        OptionCode.SERVER_IDENTIFIER,
        OptionCode.MESSAGE,
        OptionCode.CLIENT_IDENTIFIER,
        OptionCode.VENDOR_CLASS_IDENTIFIER,
        OptionCode.RELAY_AGENT_INFORMATION,
    }
)
"""The options of a DHCPNAK (RFC 2131 table 3; RFC 3046 of option 82, RFC 6842 of option 61)."""


@unique
class Architecture(IntEnum):
    """Option 93, client system architecture (RFC 4578 section 2.1 and IANA's registry).

    RFC 4578 swaps 7 and 9 compared with what firmware sends; IANA's registry follows firmware.
    """

    BIOS = 0x00
    EFI_IA32 = 0x06
    EFI_X86_64 = 0x07
    EFI_BC = 0x09
    EFI_ARM64 = 0x0B
    EFI_IA32_HTTP = 0x0F
    EFI_X86_64_HTTP = 0x10
    EFI_ARM64_HTTP = 0x13
    U_BOOT_ARM64 = 0x16
    U_BOOT_ARM64_HTTP = 0x18


def same_processor(one: int | None, other: int | None) -> bool:
    """Whether two values of option 93 are of machines that run the same programs."""
    return one is not None and other is not None and _PROGRAMS.get(one, one) == _PROGRAMS.get(other, other)


_PROGRAMS: Final[dict[int, int]] = {
    Architecture.EFI_BC: Architecture.EFI_X86_64,
    Architecture.EFI_X86_64_HTTP: Architecture.EFI_X86_64,
    Architecture.EFI_IA32_HTTP: Architecture.EFI_IA32,
    Architecture.EFI_ARM64_HTTP: Architecture.EFI_ARM64,
    Architecture.U_BOOT_ARM64: Architecture.EFI_ARM64,
    Architecture.U_BOOT_ARM64_HTTP: Architecture.EFI_ARM64,
}
"""By architecture the one whose programs it runs, where that is another: U-Boot starts EFI programs, too."""


def option_name(code: int) -> str:
    """The option's name and code, ``router (3)``; ``unknown (n)`` for a code that no table names."""
    if code in OptionCode.__members__.values():
        name = OptionCode(code).name.lower().replace("_", "-")
    else:
        name = OPTIONS[code].names[0] if code in OPTIONS else "unknown"
    return f"{name} ({code})"
