"""The identity of an edge node (MAC, UUID, client options) and the DHCP messages built from it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.boot_server_request import boot_item, sorted_as_edk2, with_vendor_class
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, BootRules, ClientProfile
from edgeboot.dhcp.firmware.verdict import BootRequest
from edgeboot.dhcp.message import BOOTREQUEST, BROADCAST_FLAG, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code

_PREFIX: Final = bytes((0x02, 0xEB))
_UUID_SPACE: Final = uuid.UUID("6f1ed3b8-24c1-4a53-9d3c-0b8de0a1f7ee")


def is_ours(mac: MacAddress) -> bool:
    """Whether a MAC address belongs to a test node of this project: it starts with 02:eb."""
    return mac.packed.startswith(_PREFIX)


def dhcp_release(
    xid: int, mac: MacAddress, client_id: bytes | None, address: IPv4Address, server_identifier: IPv4Address
) -> DhcpMessage:
    """A DHCPRELEASE (RFC 2131 section 4.4.6): client, server and address, no parameters.

    ``client_id`` is what the lease was requested with (option 61): without it the server would
    look for another client's lease.
    """
    options = [
        option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPRELEASE),
        option(Code.SERVER_IDENTIFIER, server_identifier),
    ]
    if client_id is not None:
        options.append(option(Code.CLIENT_IDENTIFIER, client_id))
    return DhcpMessage(BOOTREQUEST, xid, mac, Options(tuple(options)), ciaddr=address)


@dataclass(frozen=True, slots=True)
class EdgeNodeIdentity:
    """One edge node running one client of the table in ``edgeboot.dhcp.clients``.

    Tests may vary ``architecture`` (option 93, and part of option 60), ``parameters``
    (option 55) and ``client_id`` (option 61); None leaves the option out.
    """

    mac: MacAddress
    machine: uuid.UUID
    architecture: int | None = EDK2_PXE_X86_64.architecture
    parameters: tuple[int, ...] | None = EDK2_PXE_X86_64.parameters
    client_id: bytes | None = None
    client: ClientProfile = EDK2_PXE_X86_64

    @classmethod
    def numbered(
        cls, number: int, group: int = 0, client: ClientProfile = EDK2_PXE_X86_64
    ) -> EdgeNodeIdentity:
        """The ``number``-th identity of a group: same number, same MAC and UUID in every run.

        The MAC is locally administered and starts with 02:eb, which tells this suite's
        leases from all others.
        """
        return cls.of(MacAddress(_PREFIX + group.to_bytes(2, "big") + number.to_bytes(2, "big")), client)

    @classmethod
    def of(cls, mac: MacAddress, client: ClientProfile = EDK2_PXE_X86_64) -> EdgeNodeIdentity:
        """The machine with this MAC: its UUID is the same in every run."""
        return cls(mac, uuid.uuid5(_UUID_SPACE, str(mac))).as_client(client)

    def as_client(self, client: ClientProfile) -> EdgeNodeIdentity:
        """The same machine running another client: firmware, then its loader, then its system."""
        return EdgeNodeIdentity(
            self.mac,
            self.machine,
            client.architecture,
            client.parameters,
            client.client_id(self.mac, self.machine),
            client,
        )

    @property
    def vendor_class(self) -> bytes | None:
        """Option 60 (PXE 2.1 table 2-1): architecture and UNDI version in decimal."""
        template = self.client.vendor_class
        return None if template is None else template.format(self.architecture).encode()

    def discover(
        self,
        xid: int,
        *,
        broadcast: bool | None = None,
        requested_address: IPv4Address | None = None,
        lease_time: timedelta | None = None,
    ) -> DhcpMessage:
        """A DHCPDISCOVER (RFC 2131 section 4.4.1), optionally requesting an address or lease time.

        ``broadcast`` sets or clears the B flag; None uses the client profile's default.
        """
        requested: list[DhcpOption] = []
        if requested_address is not None:
            requested.append(option(Code.REQUESTED_IP_ADDRESS, requested_address))
        if lease_time is not None:
            requested.append(option(Code.IP_ADDRESS_LEASE_TIME, int(lease_time.total_seconds()), size=4))
        return self._message(MessageType.DHCPDISCOVER, xid, requested, broadcast=broadcast)

    def select(
        self,
        xid: int,
        address: IPv4Address,
        server_identifier: IPv4Address,
        *,
        broadcast: bool | None = None,
        lease_time: timedelta | None = None,
    ) -> DhcpMessage:
        """A DHCPREQUEST in SELECTING state (RFC 2131 section 4.3.2): accepts an offer."""
        requested = [
            option(Code.REQUESTED_IP_ADDRESS, address),
            option(Code.SERVER_IDENTIFIER, server_identifier),
        ]
        if lease_time is not None:
            requested.append(option(Code.IP_ADDRESS_LEASE_TIME, int(lease_time.total_seconds()), size=4))
        return self._message(MessageType.DHCPREQUEST, xid, requested, broadcast=broadcast, selects=True)

    def extend(self, xid: int, address: IPv4Address, *, lease_time: timedelta | None = None) -> DhcpMessage:
        """A DHCPREQUEST in RENEWING or REBINDING state (RFC 2131 section 4.3.6 table 4).

        The two states differ only in the destination: the server's address, or broadcast.
        """
        requested: list[DhcpOption] = []
        if lease_time is not None:
            requested.append(option(Code.IP_ADDRESS_LEASE_TIME, int(lease_time.total_seconds()), size=4))
        return self._message(MessageType.DHCPREQUEST, xid, requested, broadcast=False, ciaddr=address)

    def ask_boot_server(self, xid: int, address: IPv4Address, request: BootRequest) -> DhcpMessage:
        """The DHCPREQUEST to a boot server (PXE 2.1 section 2.2.4), with the item chosen from a menu.

        Args:
            xid: the transaction.
            address: the client's own.
            request: the item, whose layer is the first; B flag and option 54.
        """
        chosen = [] if request.item is None else [boot_item(request.item)]
        if request.server_identifier is not None:
            chosen.append(option(Code.SERVER_IDENTIFIER, request.server_identifier))
        message = self._message(
            MessageType.DHCPREQUEST, xid, chosen, broadcast=request.broadcast, ciaddr=address
        )
        if request.vendor_class is not None:
            message = with_vendor_class(message, request.vendor_class)
        return sorted_as_edk2(message) if self.client.rules is BootRules.EDK2_PXE else message

    def reboot(self, xid: int, address: IPv4Address) -> DhcpMessage:
        """A DHCPREQUEST in INIT-REBOOT state: verifies a remembered address, without option 54."""
        requested = [option(Code.REQUESTED_IP_ADDRESS, address)]
        return self._message(MessageType.DHCPREQUEST, xid, requested, broadcast=None)

    def inform(self, xid: int, address: IPv4Address) -> DhcpMessage:
        """A DHCPINFORM (RFC 2131 section 4.4.3): has an address, requests the other parameters."""
        return self._message(MessageType.DHCPINFORM, xid, [], broadcast=False, ciaddr=address)

    def decline(self, xid: int, address: IPv4Address, server_identifier: IPv4Address) -> DhcpMessage:
        """A DHCPDECLINE (RFC 2131 section 4.4.1): the address is already in use."""
        options = [
            option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPDECLINE),
            option(Code.REQUESTED_IP_ADDRESS, address),
            option(Code.SERVER_IDENTIFIER, server_identifier),
            *self._client_identifier(),
        ]
        return DhcpMessage(BOOTREQUEST, xid, self.mac, Options(tuple(options)))

    def release(self, xid: int, address: IPv4Address, server_identifier: IPv4Address) -> DhcpMessage:
        """The DHCPRELEASE of this client's lease."""
        return dhcp_release(xid, self.mac, self.client_id, address, server_identifier)

    def _message(
        self,
        message_type: MessageType,
        xid: int,
        requested: list[DhcpOption],
        *,
        broadcast: bool | None,
        ciaddr: IPv4Address = UNSPECIFIED,
        selects: bool = False,
    ) -> DhcpMessage:
        identity = self._identity_options()
        if self.client.rapid_commit and message_type is MessageType.DHCPDISCOVER:
            identity[Code.RAPID_COMMIT] = b""
        if self.client.request_parameters is not None and selects:
            identity[Code.PARAMETER_REQUEST_LIST] = bytes(self.client.request_parameters)
        if self.client.request_maximum_size is not None and selects:
            identity[Code.MAXIMUM_DHCP_MESSAGE_SIZE] = self.client.request_maximum_size.to_bytes(2, "big")
        size = identity.pop(Code.MAXIMUM_DHCP_MESSAGE_SIZE, None)
        options = [option(Code.DHCP_MESSAGE_TYPE, message_type)]
        options += [] if size is None else [option(Code.MAXIMUM_DHCP_MESSAGE_SIZE, size)]
        options += requested
        first = {each.code for each in options}
        options += [option(Code(code), data) for code, data in identity.items()]
        options.sort(key=lambda each: self._place(each.code, is_first=each.code in first))
        broadcasts = self.client.broadcast if broadcast is None else broadcast
        flags = BROADCAST_FLAG if broadcasts else 0
        secs = (self.client.seconds or 0) if message_type is MessageType.DHCPDISCOVER else 0
        message = DhcpMessage(BOOTREQUEST, xid, self.mac, Options(tuple(options)), secs=secs, flags=flags)
        return replace(message, ciaddr=ciaddr)

    def _place(self, code: int, *, is_first: bool) -> tuple[int, int]:
        """Where an option stands: those that the profile's order does not have are first, or last."""
        order = self.client.order
        return (1, order.index(code)) if code in order else (0 if is_first else 2, 0)

    def _identity_options(self) -> dict[int, bytes]:
        """The options that identify the client in every message, by code."""
        architecture = None if self.architecture is None else self.architecture.to_bytes(2, "big")
        size = self.client.maximum_size
        options: dict[int, bytes | None] = {
            Code.PARAMETER_REQUEST_LIST: None if self.parameters is None else bytes(self.parameters),
            Code.VENDOR_CLASS_IDENTIFIER: self.vendor_class,
            Code.CLIENT_IDENTIFIER: self.client_id,
            Code.USER_CLASS: self.client.user_class,
            Code.CLIENT_SYSTEM_ARCHITECTURE: architecture,
            Code.CLIENT_NETWORK_INTERFACE: self.client.network_interface,
            Code.CLIENT_MACHINE_IDENTIFIER: b"\0" + self.machine.bytes_le
            if self.client.sends_machine_identifier
            else None,
            Code.ETHERBOOT: self.client.etherboot,
            Code.MAXIMUM_DHCP_MESSAGE_SIZE: None if size is None else size.to_bytes(2, "big"),
            Code.FORCERENEW_NONCE_CAPABLE: self.client.forcerenew_nonce,
        }
        return {code: data for code, data in options.items() if data is not None}

    def _client_identifier(self) -> list[DhcpOption]:
        return [] if self.client_id is None else [option(Code.CLIENT_IDENTIFIER, self.client_id)]
