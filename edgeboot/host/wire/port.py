"""A port on the segment: a packet socket that sends and receives Ethernet frames."""

from __future__ import annotations

import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.packet_socket import SOL_PACKET, attach_filter, make_promiscuous, packet_socket

EVERYTHING: Final = ""
EDGE_NODE_TRAFFIC: Final = "arp or icmp or udp"
"""BPF filter of the protocols firmware uses; other frames are not received."""

_ETH_P_ALL: Final = 0x0003
_PACKET_AUXDATA: Final = 8
_SO_TIMESTAMPNS: Final = 35
_TP_STATUS_CSUMNOTREADY: Final = 1 << 3
_TP_STATUS_VLAN_VALID: Final = 1 << 4
_MAC_ADDRESSES: Final = 12
_BUFFER: Final = 4 << 20
_LONGEST_FRAME: Final = 65_600
FRAMES_KEPT: Final = 20_000
"""Number of frames evidence keeps; a boot file of 2 MB in blocks of 512 octets needs 8,000."""
_ANCILLARY: Final = socket.CMSG_SPACE(20) + socket.CMSG_SPACE(16)


class Port:
    """Sends and receives whole Ethernet frames on one interface.

    The socket is bound only after its filter is attached, so it never holds a frame that the
    filter rejects; it is open from construction on, so no reply can arrive too early.
    ``frames`` keeps the last ``frames_kept`` frames sent or received, in order; ``dropped``
    counts the older ones.

    Args:
        interface: the interface's name in ``namespace``.
        mac: source address of frames sent; if the interface has another one, the port
            becomes promiscuous to receive the replies.
        namespace: a named network namespace; None for the caller's.
        bpf: filter of the frames received (pcap-filter(7)).
        promiscuous: also receive frames to other addresses; implied without a filter.
        frames_kept: maximum length of ``frames``.

    Raises:
        OSError: the interface does not exist, or the process lacks CAP_NET_RAW.
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
        self._socket = packet_socket(namespace)
        try:
            self._configure(bpf, promiscuous=promiscuous or not bpf)
        except BaseException:
            self._socket.close()
            raise

    def _configure(self, bpf: str, *, promiscuous: bool) -> None:
        if bpf:
            attach_filter(self._socket, bpf)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(SOL_PACKET, _PACKET_AUXDATA, 1)
        self._socket.bind((self.interface, _ETH_P_ALL))
        interface_mac = self._socket.getsockname()[4]
        if interface_mac != self.mac.packed or promiscuous:
            make_promiscuous(self._socket, self.interface)

    def send(self, octets: bytes) -> Frame:
        """Send a frame unchanged; returns it with the time of sending."""
        frame = Frame(octets, time.time(), sent=True)
        self._socket.send(octets)
        self._keep(frame)
        return frame

    def receive(self, deadline: Deadline) -> Frame | None:
        """The next frame; None if the deadline passes first."""
        # A timeout of zero makes the socket non-blocking, which still reads waiting frames.
        self._socket.settimeout(deadline.remaining)
        try:
            octets, ancillary, _, _ = self._socket.recvmsg(_LONGEST_FRAME, _ANCILLARY)
        except (TimeoutError, BlockingIOError):
            return None
        frame = _frame(octets, ancillary)
        self._keep(frame)
        return frame

    def collect(self, deadline: Deadline, until: Callable[[Frame], bool] = lambda _: False) -> list[Frame]:
        """All frames up to and including the first that ``until`` accepts, or up to the deadline."""
        collected: list[Frame] = []
        while (frame := self.receive(deadline)) is not None:
            collected.append(frame)
            if until(frame):
                break
        return collected

    def pending(self) -> list[Frame]:
        """The frames that have arrived already, without waiting."""
        return self.collect(Deadline(0.0))

    def _keep(self, frame: Frame) -> None:
        self.dropped += len(self.frames) == self.frames.maxlen
        self.frames.append(frame)

    def fileno(self) -> int:
        """The socket's file descriptor, for waiting on several ports at once."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket; the interface stays."""
        self._socket.close()


def _frame(octets: bytes, ancillary: list[tuple[int, int, bytes]]) -> Frame:
    at, pending = time.time(), False
    for level, control_type, data in ancillary:
        if (level, control_type) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack_from("qq", data)
            at = seconds + nanoseconds / 1e9
        elif (level, control_type) == (SOL_PACKET, _PACKET_AUXDATA):
            status, _, _, _, _, tag, protocol = struct.unpack_from("IIIHHHH", data)
            pending = bool(status & _TP_STATUS_CSUMNOTREADY)
            if status & _TP_STATUS_VLAN_VALID:
                # The kernel removed the tag; on the network, and for firmware, it is there.
                octets = octets[:_MAC_ADDRESSES] + struct.pack("!HH", protocol, tag) + octets[_MAC_ADDRESSES:]
    return Frame(octets, at, checksum_pending=pending)
