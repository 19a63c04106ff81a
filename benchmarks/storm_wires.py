"""Other ways to send and receive a storm's frames, to be compared with the ring that it uses."""

from __future__ import annotations

import ctypes
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Final

from edgeboot.host.wire.packet_ring import FrameHandler, PacketRing
from edgeboot.host.wire.packet_socket import attach_filter, make_promiscuous, packet_socket
from edgeboot.stress.storm.wire import REPLIES, Wire

_ETH_P_IP: Final = 0x0800
_SO_TIMESTAMPNS: Final = 35
_BUFFER: Final = 8 << 20
_SLOT: Final = 2048
_BATCH: Final = 64
_ANCILLARY: Final = 64
_TIME: Final = struct.Struct("qq")
_libc: Final = ctypes.CDLL(None, use_errno=True)


def _receiving(interface: str) -> socket.socket:
    sock = packet_socket(None)
    attach_filter(sock, REPLIES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    sock.bind((interface, _ETH_P_IP))
    make_promiscuous(sock, interface)
    sock.setblocking(False)
    return sock


class Plain:
    """``recv_into``: a system call for each frame, and the time at which it was read."""

    def __init__(self, interface: str) -> None:
        self._socket = _receiving(interface)
        self._buffer = bytearray(_SLOT)
        self._memory = memoryview(self._buffer)
        self.send: Callable[[bytes | bytearray], int] = self._socket.send
        self.fileno = self._socket.fileno

    def drain(self, handle: FrameHandler, /) -> int:
        """Until the socket has no more."""
        count = 0
        while True:
            try:
                size = self._socket.recv_into(self._buffer)
            except BlockingIOError:
                return count
            handle(self._memory, 0, size, time.time())
            count += 1


class Stamped(Plain):
    """``recvmsg_into``: the same with the kernel's time stamp."""

    def __init__(self, interface: str) -> None:
        super().__init__(interface)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)

    def drain(self, handle: FrameHandler, /) -> int:
        """Until the socket has no more."""
        count = 0
        buffers = [self._buffer]
        while True:
            try:
                size, ancillary, _, _ = self._socket.recvmsg_into(buffers, _ANCILLARY)
            except BlockingIOError:
                return count
            seconds, nanoseconds = _TIME.unpack_from(ancillary[0][2])
            handle(self._memory, 0, size, seconds + nanoseconds / 1e9)
            count += 1


class _IoVector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _MessageHeader(ctypes.Structure):
    """struct mmsghdr of recvmmsg(2)."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("size", ctypes.c_uint),
    )


class _Batch:
    """Memory for so many frames, and the headers that name it to the kernel."""

    def __init__(self) -> None:
        self.octets = bytearray(_BATCH * _SLOT)
        self.memory = memoryview(self.octets)
        self.control = bytearray(_BATCH * _ANCILLARY)
        self.vectors = (_IoVector * _BATCH)()
        self.headers = (_MessageHeader * _BATCH)()
        self._kept: list[Any] = [
            (ctypes.c_char * len(each)).from_buffer(each) for each in (self.octets, self.control)
        ]
        base, control = (ctypes.addressof(each) for each in self._kept)
        for number in range(_BATCH):
            self.vectors[number] = _IoVector(base + number * _SLOT, _SLOT)
            vector = ctypes.addressof(self.vectors) + number * ctypes.sizeof(_IoVector)
            place = control + number * _ANCILLARY
            self.headers[number] = _MessageHeader(None, 0, vector, 1, place, _ANCILLARY)


class SendBatches(PacketRing):
    """The ring, and ``sendmmsg`` for what was to be sent between two readings."""

    def __init__(self, interface: str) -> None:
        super().__init__(interface, namespace=None, bpf=REPLIES)
        self._batch = _Batch()
        for header in self._batch.headers:
            header.control, header.control_length = None, 0
        self._filled = 0
        self.send = self._put

    def _put(self, frame: bytes | bytearray) -> int:
        number, size = self._filled, len(frame)
        self._batch.octets[number * _SLOT : number * _SLOT + size] = frame
        self._batch.vectors[number].length = size
        self._filled = number + 1
        if self._filled == _BATCH:
            self._flush()
        return size

    def drain(self, handle: FrameHandler) -> int:
        """Send what is there, and read; what the replies have sent goes out at once, too."""
        self._flush()
        count = super().drain(handle)
        self._flush()
        return count

    def _flush(self) -> None:
        if self._filled:
            _libc.sendmmsg(self.fileno(), self._batch.headers, self._filled, 0)
            self._filled = 0


class ReceiveBatches(Plain):
    """``recvmmsg`` with the kernel's time stamps; frames are sent one by one."""

    def __init__(self, interface: str) -> None:
        super().__init__(interface)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._batch = _Batch()

    def drain(self, handle: FrameHandler, /) -> int:
        """Until a batch is not full."""
        batch, total = self._batch, 0
        while True:
            count: int = _libc.recvmmsg(self.fileno(), batch.headers, _BATCH, 0, None)
            for number in range(max(0, count)):
                header = batch.headers[number]
                header.control_length = _ANCILLARY
                # Behind the 16 octets of struct cmsghdr.
                seconds, nanoseconds = _TIME.unpack_from(batch.control, number * _ANCILLARY + 16)
                start = number * _SLOT
                handle(batch.memory, start, start + header.size, seconds + nanoseconds / 1e9)
            total += max(0, count)
            if count < _BATCH:
                return total


def ring(interface: str) -> PacketRing:
    """What a storm uses."""
    return PacketRing(interface, namespace=None, bpf=REPLIES)


WIRES: Final[dict[str, Callable[[str], Wire]]] = {
    "ring": ring,
    "recv_into": Plain,
    "recvmsg_into": Stamped,
    "ring and sendmmsg": SendBatches,
    "recvmmsg": ReceiveBatches,
}
"""By what they do."""
