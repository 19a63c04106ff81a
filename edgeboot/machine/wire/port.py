"""A port on the segment: one packet socket, opened before anything is sent."""

from __future__ import annotations

import fcntl
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from scapy.arch.common import compile_filter, free_filter
from scapy.libs.structures import sock_fprog

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import MacAddress
from edgeboot.machine.namespace import in_namespace
from edgeboot.machine.wire.frame import Frame

EVERYTHING: Final = ""
EDGE_NODE_TRAFFIC: Final = "arp or icmp or udp"
"""What an edge node's firmware speaks; a port hears no other frames."""

_SIOCGIFINDEX: Final = 0x8933
_ETH_P_ALL: Final = 0x0003
_SOL_PACKET: Final = 263
_PACKET_ADD_MEMBERSHIP: Final = 1
_PACKET_AUXDATA: Final = 8
_PACKET_MR_PROMISC: Final = 1
_SO_ATTACH_FILTER: Final = 26
_SO_TIMESTAMPNS: Final = 35
_TP_STATUS_CSUMNOTREADY: Final = 1 << 3
_TP_STATUS_VLAN_VALID: Final = 1 << 4
_MAC_ADDRESSES: Final = 12
_BUFFER: Final = 4 << 20
_LONGEST_FRAME: Final = 65_600
FRAMES_KEPT: Final = 20_000
"""As many as evidence keeps of a capture; a boot file of 2 MB in blocks of 512 octets is 8,000."""
_ANCILLARY: Final = socket.CMSG_SPACE(20) + socket.CMSG_SPACE(16)


class Port:
    """Sends and receives whole Ethernet frames on one interface.

    The socket is bound only after its filter is attached, so it never holds a frame
    the filter refuses; and it is open from construction on, so a reply cannot be too
    early. ``frames`` keeps the last ``FRAMES_KEPT`` frames that were sent or read, in order;
    ``dropped`` counts the older ones.

    Args:
        interface: the interface's name in ``namespace``.
        mac: the address frames are sent from; when the interface's own is another, the
            port becomes promiscuous to hear the replies.
        namespace: a named network namespace; None for the caller's.
        bpf: what is heard, in libpcap's filter language (pcap-filter(7)).
        promiscuous: frames to others, too; without a filter that is so anyway.
        frames_kept: how many frames ``frames`` holds at most.

    Raises:
        OSError: no such interface, or no CAP_NET_RAW.
    """

    def __init__(
        self,
        interface: str,
        mac: MacAddress,
        *,
        namespace: str | None = None,
        bpf: str = EDGE_NODE_TRAFFIC,
        promiscuous: bool = False,
        frames_kept: int = FRAMES_KEPT,
    ) -> None:
        self.interface = interface
        self.mac = mac
        self.frames: deque[Frame] = deque(maxlen=frames_kept)
        self.dropped = 0
        self._socket = in_namespace(namespace, _packet_socket) if namespace else _packet_socket()
        try:
            self._configure(bpf, promiscuous=promiscuous or not bpf)
        except BaseException:
            self._socket.close()
            raise

    def _configure(self, bpf: str, *, promiscuous: bool) -> None:
        if bpf:
            program = compile_filter(bpf, linktype=1)
            filter_ = sock_fprog(program.bf_len, program.bf_insns)
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, bytes(filter_))
            free_filter(program)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(_SOL_PACKET, _PACKET_AUXDATA, 1)
        self._socket.bind((self.interface, _ETH_P_ALL))
        own = self._socket.getsockname()[4]
        if own != self.mac.packed or promiscuous:
            index = _interface_index(self._socket, self.interface)
            request = struct.pack("iHH8s", index, _PACKET_MR_PROMISC, 0, b"")
            self._socket.setsockopt(_SOL_PACKET, _PACKET_ADD_MEMBERSHIP, request)

    def send(self, octets: bytes) -> Frame:
        """Put a frame on the wire as it is; returns it with the time of sending."""
        frame = Frame(octets, time.time(), sent=True)
        self._socket.send(octets)
        self._keep(frame)
        return frame

    def receive(self, deadline: Deadline) -> Frame | None:
        """The next frame, or None when the deadline passes first."""
        # A zero timeout would mean non-blocking, which also reads what is already there.
        self._socket.settimeout(deadline.remaining)
        try:
            octets, ancillary, _, _ = self._socket.recvmsg(_LONGEST_FRAME, _ANCILLARY)
        except (TimeoutError, BlockingIOError):
            return None
        frame = _frame(octets, ancillary)
        self._keep(frame)
        return frame

    def collect(self, deadline: Deadline, until: Callable[[Frame], bool] = lambda _: False) -> list[Frame]:
        """All frames up to the one ``until`` accepts, or up to the deadline."""
        collected: list[Frame] = []
        while (frame := self.receive(deadline)) is not None:
            collected.append(frame)
            if until(frame):
                break
        return collected

    def pending(self) -> list[Frame]:
        """The frames that have arrived already; does not wait."""
        return self.collect(Deadline(0.0))

    def _keep(self, frame: Frame) -> None:
        self.dropped += len(self.frames) == self.frames.maxlen
        self.frames.append(frame)

    def fileno(self) -> int:
        """The socket's, for who waits for several ports at once."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket; the interface is its maker's to remove."""
        self._socket.close()


def _packet_socket() -> socket.socket:
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)


def _interface_index(sock: socket.socket, interface: str) -> int:
    """The interface's index in the namespace of ``sock``, which need not be the caller's."""
    request = struct.pack("16si12x", interface.encode(), 0)
    reply = fcntl.ioctl(sock.fileno(), _SIOCGIFINDEX, request)
    index: int = struct.unpack("16si12x", reply)[1]
    return index


def _frame(octets: bytes, ancillary: list[tuple[int, int, bytes]]) -> Frame:
    at, pending = time.time(), False
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack_from("qq", data)
            at = seconds + nanoseconds / 1e9
        elif (level, kind) == (_SOL_PACKET, _PACKET_AUXDATA):
            status, _, _, _, _, tag, protocol = struct.unpack_from("IIIHHHH", data)
            pending = bool(status & _TP_STATUS_CSUMNOTREADY)
            if status & _TP_STATUS_VLAN_VALID:
                # The kernel has taken the tag off; on the wire, and to firmware, it is there.
                octets = octets[:_MAC_ADDRESSES] + struct.pack("!HH", protocol, tag) + octets[_MAC_ADDRESSES:]
    return Frame(octets, at, checksum_pending=pending)
