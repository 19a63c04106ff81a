"""DHCP replies that make the clients' boot rules differ, and the client profiles by name."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Final

from hypothesis import strategies as st

from edgeboot.dhcp.clients import CLIENTS, BootRules, ClientProfile
from edgeboot.dhcp.firmware import boots_from
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code

from .samples import ADDRESSES, OFFER, OPTIONS, SERVER, message

EDK2: Final = CLIENTS["edk2-pxe-x86-64"]
BIOS: Final = CLIENTS["pxe-bios"]
HTTP: Final = CLIENTS["edk2-http-x86-64"]
IPXE: Final = CLIENTS["ipxe-x86-64"]
U_BOOT: Final = CLIENTS["u-boot-arm64"]
BOOTING: Final = [client for client in CLIENTS.values() if client.rules is not BootRules.NOTHING]
TFTP_CLIENTS: Final = (EDK2, BIOS, IPXE, U_BOOT)

ACK: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
FROM: Final = option(Code.SERVER_IDENTIFIER, SERVER)
PROXY: Final = IPv4Address("192.168.99.30")
FROM_PROXY: Final = option(Code.SERVER_IDENTIFIER, PROXY)
PXE: Final = option(Code.VENDOR_CLASS_IDENTIFIER, b"PXEClient")
HTTP_CLASS: Final = option(Code.VENDOR_CLASS_IDENTIFIER, b"HTTPClient")
DNS: Final = option(Code.DOMAIN_NAME_SERVER, SERVER)
PLAIN: Final = message(OFFER, FROM, siaddr=UNSPECIFIED)

ANY_REPLY: Final = st.builds(
    lambda options, siaddr, yiaddr, file: message(*options, siaddr=siaddr, yiaddr=yiaddr, file=file),
    st.lists(
        st.one_of(
            OPTIONS,
            st.sampled_from([OFFER, ACK, PXE, HTTP_CLASS, DNS, FROM]),
            st.builds(DhcpOption, st.sampled_from([43, 52, 67, 175]), st.binary(max_size=40)),
            st.builds(
                lambda name: option(Code.BOOTFILE_NAME, name.encode()), st.text("htp:/[]@.a\0", max_size=20)
            ),
        ),
        max_size=8,
    ),
    ADDRESSES,
    st.one_of(ADDRESSES, st.just(UNSPECIFIED)),
    st.binary(max_size=128),
)


def file(name: bytes) -> DhcpOption:
    """Option 67."""
    return option(Code.BOOTFILE_NAME, name)


def vendor(*tags: tuple[int, bytes]) -> DhcpOption:
    """Option 43 with these sub-options and an END."""
    return option(Code.VENDOR_SPECIFIC, b"".join(DhcpOption(*tag).encode() for tag in tags) + b"\xff")


def proxy(*options: DhcpOption, header: bytes = b"", siaddr: IPv4Address = UNSPECIFIED) -> DhcpMessage:
    """A ProxyDHCP server's offer, which has no address."""
    return message(OFFER, FROM_PROXY, PXE, *options, yiaddr=UNSPECIFIED, siaddr=siaddr, file=header)


def boots(client: ClientProfile, *messages: DhcpMessage, then: Iterable[DhcpMessage] = ()) -> str | None:
    """The URL the client would boot after these replies, and then one of each boot server; or None."""
    return boots_from(client, messages, from_boot_servers=[[reply] for reply in then]).url
