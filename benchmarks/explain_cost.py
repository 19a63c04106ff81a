"""What explaining a capture costs: read, each packet given to its client, each client told and diagnosed.

usage: python -m benchmarks.explain_cost

Two captures are made for it: few machines that fetch a large file, of which every octet is digested, and
ten thousand at once that fetch a small one. Time is that of the processor, so that a busy machine changes
it little; the ratio is to reading the packets alone. It ends with 1 where boots with a file as large as iPXE
take more than ``LEAST`` allows; of ten thousand machines with next to no file, what each costs is the figure.
"""

from __future__ import annotations

import resource
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import zip_longest
from pathlib import Path
from typing import Final

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.capture.opening import open_capture
from edgeboot.host.wire.frame import udp_frame
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.reading import explained, left_alone

LEAST: Final = 50_000
"""Packets a second, of the whole."""
_AT_ONCE: Final = 1000
"""Machines whose packets are interleaved."""
_SERVER: Final = (IPv4Address("10.0.0.1"), MacAddress.parse("52:54:00:00:00:10"))
_NOBODY: Final = IPv4Address(0)
_EVERYBODY: Final = IPv4Address("255.255.255.255")
_FIRST: Final = int(IPv4Address("10.1.0.0"))
_BLKSIZE: Final = 1468


def boot(number: int, blocks: int) -> Iterator[bytes]:
    """The frames of one machine: a lease, and a file of so many blocks."""
    node, address, xid = EdgeNodeIdentity.numbered(number), IPv4Address(_FIRST + number + 1), number + 1
    server, mac = _SERVER
    up, down = ((_NOBODY, 68), (_EVERYBODY, 67)), ((server, 67), (_EVERYBODY, 68))
    ask, answer = ((address, 2000), (server, 3000)), ((server, 3000), (address, 2000))
    for request, kind in (
        (node.discover(xid), MessageType.DHCPOFFER),
        (node.select(xid, address, server), MessageType.DHCPACK),
    ):
        yield udp_frame(node.mac, BROADCAST, *up, request.encode())
        yield udp_frame(mac, BROADCAST, *down, reply(request, kind, address).encode())
    options = tftp.TftpOptions(blksize=_BLKSIZE)
    wanted = tftp.ReadRequest("ipxe.efi", options).encode()
    yield udp_frame(node.mac, mac, (address, 2000), (server, 69), wanted)
    yield udp_frame(mac, node.mac, *answer, tftp.OptionAcknowledgement(options).encode())
    for block in range(1, blocks + 1):
        content = bytes(_BLKSIZE if block < blocks else 3)
        yield udp_frame(mac, node.mac, *answer, tftp.Data(block, content).encode())
        yield udp_frame(node.mac, mac, *ask, tftp.Acknowledgement(block).encode())


def reply(request: DhcpMessage, kind: MessageType, address: IPv4Address) -> DhcpMessage:
    """A server's, with what a boot needs."""
    server = _SERVER[0]
    options = (
        option(Code.DHCP_MESSAGE_TYPE, kind),
        option(Code.SERVER_IDENTIFIER, server),
        option(Code.SUBNET_MASK, IPv4Address("255.0.0.0")),
        option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4),
        DhcpOption(Code.BOOTFILE_NAME, b"ipxe.efi\0"),
    )
    return DhcpMessage(
        BOOTREPLY, request.xid, request.chaddr, Options(options), yiaddr=address, siaddr=server
    )


def write(file: Path, machines: int, blocks: int) -> None:
    """A capture of so many boots, those of a group beside each other."""
    at = 1_772_330_400_000_000
    with file.open("wb") as stream:
        stream.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for group in range(0, machines, _AT_ONCE):
            together = [boot(number, blocks) for number in range(group, min(machines, group + _AT_ONCE))]
            for octets in (each for row in zip_longest(*together) for each in row if each):
                at += 20
                seconds, rest = divmod(at, 1_000_000)
                stream.write(struct.pack("<IIII", seconds, rest, len(octets), len(octets)) + octets)


def measured(title: str, file: Path, machines: int) -> float:
    """Print one line; the packets a second."""
    began = time.process_time()
    with open_capture(file) as capture:
        packets = sum(1 for _ in capture)
    alone, began = time.process_time() - began, time.process_time()
    clients = Clients()
    with open_capture(file) as capture:
        for packet in capture:
            clients.take(packet.number, packet.at, packet.octets, packet.vlans)
    with left_alone():
        told = sum(1 for _ in explained(clients))
    whole = time.process_time() - began
    assert told == machines
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = file.stat().st_size >> 20
    print(f"{title:38}{packets:10,}{size:7} MiB{packets / whole:12,.0f}{whole / alone:8.1f}{memory:8} MiB")
    return packets / whole


def main() -> int:
    """Measure both captures; 1 if the first is too slow."""
    print(f"{'capture':38}{'packets':>10}{'size':>11}{'packets/s':>12}{'ratio':>8}{'memory':>12}")
    rates = []
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "boots.pcap"
        for machines, blocks in ((200, 700), (10_000, 12)):
            write(file, machines, blocks)
            title = f"{machines:,} machines, a file of {blocks * _BLKSIZE // 1024:,} KiB"
            rates.append(measured(title, file, machines))
    return int(rates[0] < LEAST)


if __name__ == "__main__":
    sys.exit(main())
