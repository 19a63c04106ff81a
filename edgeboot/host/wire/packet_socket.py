"""Packet sockets (packet(7)): opened in a namespace, with a filter, for frames to every address."""

from __future__ import annotations

import fcntl
import socket
import struct
from typing import Final

from scapy.arch.common import compile_filter, free_filter
from scapy.libs.structures import sock_fprog

from edgeboot.host.namespace import in_namespace

SOL_PACKET: Final = 263
_SIOCGIFINDEX: Final = 0x8933
_PACKET_ADD_MEMBERSHIP: Final = 1
_PACKET_STATISTICS: Final = 6
_PACKET_MR_PROMISC: Final = 1
_SO_ATTACH_FILTER: Final = 26


def packet_socket(namespace: str | None) -> socket.socket:
    """A packet socket of a named network namespace, or of the caller's; it receives nothing until bound.

    Raises:
        OSError: the process lacks CAP_NET_RAW.
    """
    return in_namespace(namespace, _packet_socket) if namespace else _packet_socket()


def attach_filter(sock: socket.socket, bpf: str) -> None:
    """Let it receive only what the expression of pcap-filter(7) accepts."""
    program = compile_filter(bpf, linktype=1)
    filter_ = sock_fprog(program.bf_len, program.bf_insns)
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, bytes(filter_))
    free_filter(program)


def make_promiscuous(sock: socket.socket, interface: str) -> None:
    """Let it receive frames to other Ethernet addresses, too, as long as it is open."""
    request = struct.pack("iHH8s", _interface_index(sock, interface), _PACKET_MR_PROMISC, 0, b"")
    sock.setsockopt(SOL_PACKET, _PACKET_ADD_MEMBERSHIP, request)


def dropped_frames(sock: socket.socket) -> int:
    """How many frames found its ring full since this was asked last: the kernel counts anew."""
    _, dropped = struct.unpack("II", sock.getsockopt(SOL_PACKET, _PACKET_STATISTICS, 8))
    return int(dropped)


def _packet_socket() -> socket.socket:
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)


def _interface_index(sock: socket.socket, interface: str) -> int:
    """The interface's index in the namespace of ``sock``, which need not be the caller's."""
    request = struct.pack("16si12x", interface.encode(), 0)
    reply = fcntl.ioctl(sock.fileno(), _SIOCGIFINDEX, request)
    index: int = struct.unpack("16si12x", reply)[1]
    return index
