"""A captured boot in real frames: DHCP, a NAK, ARP, TFTP, and what the server logged about it."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from scapy.layers.l2 import ARP

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, ethernet_header, udp_frame
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.ladder.machines import Machines, Role
from edgeboot.server.log import LogLine
from tests.unit.samples import (
    BOOT_SERVER,
    CONTRACT,
    EVERYBODY,
    NODE,
    SERVER,
    SERVER_MAC,
    XID,
    message,
    promised,
)

BEGAN: Final = 1_772_330_400.0
"""1 March 2026, 02:00 UTC."""
ADDRESS: Final = IPv4Address("192.168.99.100")
BOOT_MAC: Final = MacAddress.parse("52:54:00:00:00:40")
NOBODY: Final = IPv4Address(0)
MACHINES: Final = Machines(str(SERVER_MAC), {str(BOOT_SERVER): Role.BOOT_SERVER.value})
NAK: Final = message(
    option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPNAK),
    option(Code.SERVER_IDENTIFIER, SERVER),
    yiaddr=NOBODY,
)


def from_node(sent: DhcpMessage, at: float) -> Frame:
    """A message of ``NODE``, by broadcast."""
    ends = ((NOBODY, CLIENT_PORT), (EVERYBODY, SERVER_PORT))
    return Frame(udp_frame(NODE.mac, BROADCAST, *ends, sent.encode()), BEGAN + at)


def from_server(sent: DhcpMessage, at: float, mac: MacAddress = SERVER_MAC) -> Frame:
    """A reply, by broadcast."""
    ends = ((SERVER, SERVER_PORT), (EVERYBODY, CLIENT_PORT))
    return Frame(udp_frame(mac, BROADCAST, *ends, sent.encode()), BEGAN + at)


def who_has(at: float, asker: MacAddress = SERVER_MAC) -> Frame:
    """The ARP request of a ping check."""
    request = ethernet_header(asker, BROADCAST) / ARP(
        op="who-has", hwsrc=str(asker), psrc=str(SERVER), pdst=str(ADDRESS)
    )
    return Frame(bytes(request), BEGAN + at)


def transfer(at: float, packet: tftp.Packet, *, answer: bool) -> Frame:
    """A packet of the boot file's transfer."""
    node, server = (ADDRESS, 2000), (BOOT_SERVER, 69 if isinstance(packet, tftp.ReadRequest) else 3000)
    if answer:
        octets = udp_frame(BOOT_MAC, NODE.mac, server, node, packet.encode())
    else:
        octets = udp_frame(NODE.mac, BOOT_MAC, node, server, packet.encode())
    return Frame(octets, BEGAN + at)


DISCOVER: Final = from_node(NODE.discover(XID), 0.0)
OFFER: Final = from_server(promised(CONTRACT), 3.01)
BOOT: Final = [
    DISCOVER,
    *(who_has(second) for second in (0.01, 1.01, 2.01)),
    OFFER,
    transfer(3.5, tftp.ReadRequest("signed_ipxe.efi"), answer=False),
    *(
        frame
        for block in range(1, 101)
        for frame in (
            transfer(3.5 + block / 1000, tftp.Data(block, b"x" * 512), answer=True),
            transfer(3.5005 + block / 1000, tftp.Acknowledgement(block), answer=False),
        )
    ),
    from_server(NAK, 4.0),
]
LOG: Final = [
    LogLine(number, text, BEGAN + at)
    for number, (at, text) in enumerate(
        [
            (-9.0, f"dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) {NODE.mac}"),
            (0.1, f"dnsmasq-dhcp: {XID} vendor class: PXEClient"),
            (0.2, f"dnsmasq-dhcp: {XID} DHCPDISCOVER(ens3) {NODE.mac} "),
            (3.0, f"dnsmasq-dhcp: {XID} tags: ens3"),
            (3.0, f"dnsmasq-dhcp: {XID} DHCPOFFER(ens3) {ADDRESS} {NODE.mac} "),
            (3.0, f"dnsmasq-dhcp: {XID} next server: {BOOT_SERVER}"),
            (3.0, f"dnsmasq-dhcp: {XID} sent size:  4 option: 54 server-identifier  {SERVER}"),
            (3.0, "dnsmasq-dhcp: 77 DHCPOFFER(ens3) 192.168.99.7 02:eb:00:00:00:77"),
        ]
    )
]
