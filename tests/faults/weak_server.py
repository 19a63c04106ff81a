"""A DHCP server with a weak parser, for --dhcp-command.

usage: python weak_server.py INTERFACE [WEAKNESS]

It has neither ping check nor lease file, and no other defect than the named weakness.
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
    leaked: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        server.bind(("", SERVER_PORT))
        log("serving")
        while True:
            payload = server.recv(65535)
            if weakness == "crashes on an unknown option" and b"\xe0\xff" + b"\xaa" * 255 in payload:
                log("*** buffer overflow detected ***: terminated")
                os.kill(os.getpid(), signal.SIGKILL)
            if weakness == "crashes on an odd hlen" and payload[2:3] in {b"\5", b"\7"}:
                log("*** buffer overflow detected ***: terminated")
                os.kill(os.getpid(), signal.SIGKILL)
            if weakness == "leaks memory":
                leaked.append(bytes(bytearray(4096)))
            answer = reply_to(payload, leased, weakness)
            if answer is not None:
                server.sendto(answer.encode(), ("255.255.255.255", CLIENT_PORT))


def reply_to(payload: bytes, leased: dict[bytes, IPv4Address], weakness: str) -> DhcpMessage | None:
    """The reply to a message, by its message type alone; None if it is to be ignored."""
    try:
        message = DhcpMessage.decode(payload)
    except MalformedMessage:
        return None
    client = message.options.get(Code.CLIENT_IDENTIFIER) or message.chaddr.packed[: payload[2]]
    request = message.op == BOOTREQUEST or weakness == "answers any op"
    valid = request and payload[1] > 0 and payload[2] <= 16
    foreign = message.giaddr not in {IPv4Address(0), OWN}
    kind = None if message.message_type is None else ANSWERS.get(message.message_type)
    if not valid or not client or foreign or kind is None:
        return None
    address = leased.setdefault(client, FIRST + len(leased))
    options = (
        option(Code.DHCP_MESSAGE_TYPE, kind),
        option(Code.SERVER_IDENTIFIER, OWN),
        option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4),
    )
    return DhcpMessage(
        BOOTREPLY, message.xid, message.chaddr, Options(options), flags=BROADCAST_FLAG, yiaddr=address
    )


def log(text: str) -> None:
    """Write a line of the server's log."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
