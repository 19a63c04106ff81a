"""Made-up servers' words in real bytes: messages, replies and exchanges; and strategies for any."""

from __future__ import annotations

import json
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.base.paths import CONTRACTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, dissect, udp_frame
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.manifests.deployment import ServerConfig

XID: Final = 0x0A0B0C0D
NODE: Final = EdgeNodeIdentity.numbered(1)
SERVER: Final = IPv4Address("192.168.99.10")
BOOT_SERVER: Final = IPv4Address("192.168.99.40")
SERVER_MAC: Final = MacAddress.parse("52:54:00:12:34:56")
EVERYBODY: Final = IPv4Address("255.255.255.255")
OFFER: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPOFFER)
MASK: Final = option(Code.SUBNET_MASK, IPv4Address("255.255.255.0"))
NO_MASK: Final = DhcpOption(Code.SUBNET_MASK, b"")
CONTRACT: Final = load_contract(CONTRACTS / "poc.toml")
SENT_AT: Final = 1000.0

ADDRESSES: Final = st.builds(IPv4Address, st.integers(0, 2**32 - 1))
MACS: Final = st.builds(MacAddress, st.binary(min_size=6, max_size=6))
OPTIONS: Final = st.builds(DhcpOption, st.integers(1, 254), st.binary(max_size=255)).filter(
    lambda option: option.code != Code.OPTION_OVERLOAD
)
"""Any but PAD and END, which have no data, and 52, which says where to read on."""


def config(text: str) -> ServerConfig:
    """A dnsmasq.conf with this text."""
    return ServerConfig(text, Path("dnsmasq.conf"), "/etc/dnsmasq.conf")


def message(*options: DhcpOption, **header: Any) -> DhcpMessage:
    """A BOOTREPLY for ``NODE`` with these options and header fields, as it is before it is sent.

    With an address it has a subnet mask, unless the options end with ``NO_MASK``.
    """
    fields = {"yiaddr": IPv4Address("192.168.99.100"), "siaddr": BOOT_SERVER} | header
    has_mask = Code.SUBNET_MASK in {each.code for each in options} or options[-1:] == (NO_MASK,)
    mask = () if has_mask or fields["yiaddr"] == UNSPECIFIED else (MASK,)
    sent = tuple(each for each in options if each is not NO_MASK)
    return DhcpMessage(BOOTREPLY, XID, NODE.mac, Options(mask + sent), **fields)


def promised(contract: Contract) -> DhcpMessage:
    """The DHCPOFFER that keeps every term of the contract."""
    return message(
        OFFER,
        option(Code.SERVER_IDENTIFIER, contract.server_identifier),
        _seconds(Code.IP_ADDRESS_LEASE_TIME, contract.lease_time),
        _seconds(Code.RENEWAL_TIME, contract.renewal_time),
        _seconds(Code.REBINDING_TIME, contract.rebinding_time),
        option(Code.SUBNET_MASK, contract.netmask),
        option(Code.BROADCAST_ADDRESS, contract.broadcast_address),
        option(Code.ROUTER, b"".join(router.packed for router in contract.routers)),
        option(Code.TFTP_SERVER_NAME, contract.server_name.encode()),
        option(Code.BOOTFILE_NAME, contract.bootfile.encode() + b"\0"),
        yiaddr=contract.pool.first,
        siaddr=contract.next_server,
    )


def reply(sent: DhcpMessage, *, after: float = 0.004, mac: MacAddress = SERVER_MAC) -> Reply:
    """The message as it arrives: encoded, framed, dissected and decoded."""
    octets = udp_frame(mac, BROADCAST, (SERVER, SERVER_PORT), (EVERYBODY, CLIENT_PORT), sent.encode())
    frame = Frame(octets, SENT_AT + after)
    datagram = dissect(frame)
    assert datagram is not None
    return Reply(DhcpMessage.decode(datagram.payload), datagram, frame)


def exchange(*replies: Reply, request: DhcpMessage | None = None) -> Exchange:
    """``NODE``'s DHCPDISCOVER, or another request, and what came back within a second."""
    asked = request or NODE.discover(XID)
    return Exchange(asked, Frame(asked.encode(), SENT_AT, sent=True), replies, timedelta(seconds=1))


def entry(event: str, path: Path) -> str:
    """A journal's line about a directory."""
    line = {"v": 1, "event": event, "kind": "directory", "fields": {"path": str(path)}}
    return json.dumps(line) + "\n"


def directory(parent: Path, name: str = "left") -> Path:
    """A directory with a file in it."""
    made = parent / name
    made.mkdir()
    (made / "file").touch()
    return made


def _seconds(code: Code, time: timedelta) -> DhcpOption:
    return option(code, int(time.total_seconds()), size=4)
