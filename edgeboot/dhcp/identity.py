"""Who asks: the identity an edge node shows a DHCP server, and the messages it sends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import BOOTREQUEST, BROADCAST_FLAG, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import Architecture, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.mac import MacAddress

EDK2_PARAMETERS: Final = (
    *(1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43),
    *(50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135),
)
"""Option 55 of EDK2's PXE client, in its order (NetworkPkg/UefiPxeBcDxe)."""
WITHOUT_BOOT_OPTIONS: Final = tuple(code for code in EDK2_PARAMETERS if code not in {66, 67})
"""The same client, had it not asked for 66 and 67: the boot data must be in the header."""

_UNDI: Final = bytes((1, 3, 1))
"""Option 94: type UNDI, revision 3.1, EDK2's default where the driver states none."""
_MAXIMUM_MESSAGE_SIZE: Final = 1472
_PREFIX: Final = bytes((0x02, 0xEB))
_UUID_SPACE: Final = uuid.UUID("6f1ed3b8-24c1-4a53-9d3c-0b8de0a1f7ee")


@dataclass(frozen=True, slots=True)
class EdgeNodeIdentity:
    """What one edge node tells of itself; by default as EDK2's PXE client on x86-64 does.

    ``parameters`` is option 55; None leaves the option out. ``client_id`` is option 61,
    which EDK2's PXE client does not send.
    """

    mac: MacAddress
    machine: uuid.UUID
    architecture: Architecture = Architecture.EFI_X86_64
    parameters: tuple[int, ...] | None = EDK2_PARAMETERS
    client_id: bytes | None = None

    @classmethod
    def numbered(cls, number: int, group: int = 0) -> EdgeNodeIdentity:
        """The ``number``-th identity of a group: same number, same MAC and UUID in every run.

        The MAC is locally administered and starts with 02:eb, by which our own leases
        can be told from anybody else's.
        """
        mac = MacAddress(_PREFIX + group.to_bytes(2, "big") + number.to_bytes(2, "big"))
        return cls(mac, uuid.uuid5(_UUID_SPACE, str(mac)))

    @property
    def vendor_class(self) -> bytes:
        """Option 60 (PXE 2.1 table 2-1): architecture and UNDI version in decimal."""
        scheme = "HTTPClient" if self.architecture is Architecture.EFI_X86_64_HTTP else "PXEClient"
        return f"{scheme}:Arch:{self.architecture:05d}:UNDI:003001".encode()

    def discover(
        self,
        xid: int,
        *,
        broadcast: bool = True,
        requested_address: IPv4Address | None = None,
        lease_time: timedelta | None = None,
    ) -> DhcpMessage:
        """A DHCPDISCOVER (RFC 2131 section 4.4.1), optionally asking for an address or time."""
        asked: list[DhcpOption] = []
        if requested_address is not None:
            asked.append(option(Code.REQUESTED_IP_ADDRESS, requested_address))
        if lease_time is not None:
            asked.append(option(Code.IP_ADDRESS_LEASE_TIME, int(lease_time.total_seconds()), size=4))
        return self._message(MessageType.DHCPDISCOVER, xid, asked, broadcast=broadcast)

    def select(
        self,
        xid: int,
        address: IPv4Address,
        server_identifier: IPv4Address,
        *,
        broadcast: bool = True,
        lease_time: timedelta | None = None,
    ) -> DhcpMessage:
        """A DHCPREQUEST in SELECTING state (RFC 2131 section 4.3.2): takes an offer."""
        asked = [
            option(Code.REQUESTED_IP_ADDRESS, address),
            option(Code.SERVER_IDENTIFIER, server_identifier),
        ]
        if lease_time is not None:
            asked.append(option(Code.IP_ADDRESS_LEASE_TIME, int(lease_time.total_seconds()), size=4))
        return self._message(MessageType.DHCPREQUEST, xid, asked, broadcast=broadcast)

    def release(self, xid: int, address: IPv4Address, server_identifier: IPv4Address) -> DhcpMessage:
        """A DHCPRELEASE (RFC 2131 section 4.4.6): only who and what, no parameters."""
        options = [
            option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPRELEASE),
            option(Code.SERVER_IDENTIFIER, server_identifier),
            *self._client_identifier(),
        ]
        return DhcpMessage(BOOTREQUEST, xid, self.mac, Options(tuple(options)), ciaddr=address)

    def _message(
        self,
        message_type: MessageType,
        xid: int,
        asked: list[DhcpOption],
        *,
        broadcast: bool,
        ciaddr: IPv4Address = UNSPECIFIED,
    ) -> DhcpMessage:
        options = [
            option(Code.DHCP_MESSAGE_TYPE, message_type),
            option(Code.MAXIMUM_DHCP_MESSAGE_SIZE, _MAXIMUM_MESSAGE_SIZE, size=2),
            *asked,
        ]
        if self.parameters is not None:
            options.append(option(Code.PARAMETER_REQUEST_LIST, bytes(self.parameters)))
        options += [
            option(Code.CLIENT_MACHINE_IDENTIFIER, b"\0" + self.machine.bytes_le),
            option(Code.CLIENT_NETWORK_INTERFACE, _UNDI),
            option(Code.CLIENT_SYSTEM_ARCHITECTURE, self.architecture, size=2),
            option(Code.VENDOR_CLASS_IDENTIFIER, self.vendor_class),
            *self._client_identifier(),
        ]
        flags = BROADCAST_FLAG if broadcast else 0
        return DhcpMessage(BOOTREQUEST, xid, self.mac, Options(tuple(options)), flags=flags, ciaddr=ciaddr)

    def _client_identifier(self) -> list[DhcpOption]:
        return [] if self.client_id is None else [option(Code.CLIENT_IDENTIFIER, self.client_id)]
