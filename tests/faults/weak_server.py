"""A DHCP server with a weakness, for --dhcp-command: what the catalogue's parsers are.

usage: python weak_server.py INTERFACE [WEAKNESS]

It knows no ping check and no lease file, and is sound but for the named weakness.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import (
    BOOTREPLY,
    BOOTREQUEST,
    BROADCAST_FLAG,
    DhcpMessage,
    MalformedMessage,
    option,
)
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code

OWN: Final = IPv4Address("192.168.99.10")
FIRST: Final = IPv4Address("192.168.99.100")
ANSWERS: Final = {
    MessageType.DHCPDISCOVER: MessageType.DHCPOFFER,
    MessageType.DHCPREQUEST: MessageType.DHCPACK,
}


def main(interface: str, weakness: str = "") -> None:
    """Serve until it is killed."""
    leased: dict[bytes, IPv4Address] = {}
    hoard: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        server.bind(("", SERVER_PORT))
        say("serving")
        while True:
            payload = server.recv(65535)
            if weakness == "dies of an unknown option" and b"\xe0\xff" + b"\xaa" * 255 in payload:
                say("*** buffer overflow detected ***: terminated")
                os.kill(os.getpid(), signal.SIGKILL)
            if weakness == "dies of an odd hlen" and payload[2:3] in {b"\5", b"\7"}:
                say("*** buffer overflow detected ***: terminated")
                os.kill(os.getpid(), signal.SIGKILL)
            if weakness == "hoards":
                hoard.append(bytes(bytearray(4096)))
            answer = answered(payload, leased, weakness)
            if answer is not None:
                server.sendto(answer.encode(), ("255.255.255.255", CLIENT_PORT))


def answered(payload: bytes, leased: dict[bytes, IPv4Address], weakness: str) -> DhcpMessage | None:
    """The answer to a message, by message type alone; None where it is to be ignored."""
    try:
        asked = DhcpMessage.decode(payload)
    except MalformedMessage:
        return None
    client = asked.options.get(Code.CLIENT_IDENTIFIER) or asked.chaddr.packed[: payload[2]]
    request = asked.op == BOOTREQUEST or weakness == "answers every op"
    known = request and payload[1] > 0 and payload[2] <= 16
    foreign = asked.giaddr not in {IPv4Address(0), OWN}
    kind = None if asked.message_type is None else ANSWERS.get(asked.message_type)
    if not known or not client or foreign or kind is None:
        return None
    address = leased.setdefault(client, FIRST + len(leased))
    options = (
        option(Code.DHCP_MESSAGE_TYPE, kind),
        option(Code.SERVER_IDENTIFIER, OWN),
        option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4),
    )
    return DhcpMessage(
        BOOTREPLY, asked.xid, asked.chaddr, Options(options), flags=BROADCAST_FLAG, yiaddr=address
    )


def say(text: str) -> None:
    """A line of its log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
