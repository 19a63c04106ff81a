"""What a DHCP client sends, and by whose rules it boots: the row of the table of clients."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients.retransmission import Retransmission
from edgeboot.dhcp.vocabulary import same_processor


class ClientIdentifier(Enum):
    """The format of option 61."""

    NONE = auto()
    HARDWARE = auto()
    """Hardware type and address (RFC 2132 section 9.14)."""
    DUID = auto()
    """Type 255, IAID and DUID (RFC 4361 section 6.1); the DUID is systemd's, of its enterprise number."""
    DUID_LLT = auto()
    """The same with a DUID of link-layer address and time, as dhcpcd makes it."""


class BootRules(Enum):
    """The rules by which a client selects its boot file (``edgeboot.dhcp.firmware``)."""

    EDK2_PXE = auto()
    EDK2_HTTP = auto()
    PXE_BIOS = auto()
    IPXE = auto()
    IPXE_BIOS = auto()
    """iPXE built for BIOS, which alone shows PXE boot menus."""
    U_BOOT = auto()
    U_BOOT_2021 = auto()
    """U-Boot 2021.01, which takes what a name has before a colon for an address."""
    U_BOOT_HTTP = auto()
    RASPBERRY_PI = auto()
    """The boot ROM of a Raspberry Pi 2 or 3."""
    RASPBERRY_PI_4 = auto()
    """The boot loader in the EEPROM of a Raspberry Pi 4 or 5."""
    GRUB = auto()
    NOTHING = auto()
    """An operating system's client, which does not network-boot."""


class RouteHabit(Flag):
    """What a client makes of options with routes beside what RFC 2132 and RFC 3442 say."""

    NONE = 0
    READS_249 = auto()
    """It reads option 249 like 121, though it asks for 121 alone."""
    ROUTERS_IF_MALFORMED = auto()
    """A list of classless routes that cannot be read is as none: it takes the routers of option 3."""
    ROUTERS_IF_NO_DEFAULT = auto()
    """Where its classless routes have no default route it takes the routers of option 3, against RFC 3442."""
    CLASSFUL = auto()
    """A destination of option 33 is a network of its class (RFC 791), not a host."""
    ON_LINK_HOSTS = auto()
    """A classless route without a router leads to the host of that address, whatever its prefix."""


PXE_CLASS: Final = "PXEClient"
HTTP_CLASS: Final = "HTTPClient"

PXE_ORDER: Final = (55, 97, 94, 93, 60, 61)
"""The order in which EDK2 sends its options."""
_DUID_EN: Final = bytes.fromhex("0002 0000ab11")
"""DUID type 2 with systemd's enterprise number, 43793."""
_DUID_LLT: Final = bytes.fromhex("0001 0001 2f000000")
"""DUID type 1 for Ethernet, made at a fixed time."""


def machine_digest(machine: bytes) -> bytes:
    """What a DUID of enterprise number has of the machine's UUID: eight octets of its hash."""
    return hashlib.sha256(machine).digest()[:8]


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
    architecture: int | None = None
    """Option 93, one of ``Architecture`` or any other number."""
    vendor_class: str | None = None
    """Option 60 as a format string; ``{}`` stands for the architecture."""
    parameters: tuple[int, ...] | None = None
    """Option 55."""
    request_parameters: tuple[int, ...] | None = None
    """Option 55 of the DHCPREQUEST that takes an offer, where that is another."""
    maximum_size: int | None = None
    """Option 57, in octets."""
    request_maximum_size: int | None = None
    """Option 57 of the DHCPREQUEST that takes an offer, in octets, where that is another."""
    client_identifier: ClientIdentifier = ClientIdentifier.NONE
    user_class: bytes | None = None
    """Option 77."""
    network_interface: bytes | None = None
    """Option 94: type 1 (UNDI), major and minor revision."""
    sends_machine_identifier: bool = False
    """Whether option 97, the machine's UUID, is sent."""
    etherboot: bytes | None = None
    """Option 175, iPXE's encapsulated features."""
    rapid_commit: bool = False
    """Whether its DHCPDISCOVER has option 80: it takes a DHCPACK in reply (RFC 4039)."""
    forcerenew_nonce: bytes | None = None
    """Option 145: the algorithms of RFC 6704 that it knows."""
    broadcast: bool = False
    """Whether the B flag is set in its messages."""
    seconds: int | None = 0
    """Field ``secs`` of its first DHCPDISCOVER, which a server may wait to grow; None: that of a clock."""
    order: tuple[int, ...] = PXE_ORDER
    """Order of the option codes. Those that it has not: 53, 57 and those of the single message (50, 51, 54)
    come before them, all others behind."""
    route_habits: RouteHabit = RouteHabit.NONE
    """How it reads routes otherwise than the RFCs say."""
    retransmission: Retransmission | None = None
    """Its patience; None where neither its source was read for it nor its traffic."""
    keeps_transaction: bool = True
    """Whether a DHCPDISCOVER that is sent again has the xid of the first."""
    version: str = ""
    """Of the real one, where it sends something else than the table says of its client (``versions``)."""
    unverified: str = ""
    """What of it was not seen on the wire or read in the source."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()

    @property
    def is_firmware(self) -> bool:
        """Whether it is the machine's own firmware or option ROM, for which a boot file is a program."""
        return self.rules in {BootRules.EDK2_PXE, BootRules.EDK2_HTTP, BootRules.PXE_BIOS}

    @property
    def is_ipxe(self) -> bool:
        """Whether it is an iPXE, which firmware may have started from a boot file."""
        return self.rules in {BootRules.IPXE, BootRules.IPXE_BIOS}

    def resembles(self, other: ClientProfile) -> bool:
        """Whether a server that knows clients by family, class or architecture may take it for the other."""
        classes = [each.vendor_class and each.vendor_class.partition(":")[0] for each in (self, other)]
        same_class = classes[0] == classes[1] != PXE_CLASS
        same_machine = same_processor(self.architecture, other.architecture)
        return self.rules is other.rules or same_class or same_machine

    def client_id(self, mac: MacAddress, machine: uuid.UUID) -> bytes | None:
        """Option 61 in this client's format, derived from MAC and UUID; None if it sends none."""
        match self.client_identifier:
            case ClientIdentifier.NONE:
                return None
            case ClientIdentifier.HARDWARE:
                return b"\x01" + mac.packed
            case ClientIdentifier.DUID:
                return b"\xff" + mac.packed[-4:] + _DUID_EN + machine_digest(machine.bytes)
            case ClientIdentifier.DUID_LLT:
                return b"\xff" + mac.packed[-4:] + _DUID_LLT + mac.packed
