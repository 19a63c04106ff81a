"""The serial console of a virtual machine: what its firmware writes, and what is typed."""

from __future__ import annotations

import socket
from threading import Thread
from typing import Final

from edgeboot.machines.console import Console

_CHUNK: Final = 1 << 16


class SerialLine:
    """Passes what arrives at our end of a socket to a console, until the other end is closed."""

    def __init__(self, end: socket.socket, console: Console) -> None:
        self._end = end
        self._console = console
        self._reader = Thread(target=self._read, name="serial console", daemon=True)
        self._reader.start()

    def type(self, text: str) -> None:
        """Send keys; a no-op where nobody reads them any more."""
        try:
            self._end.sendall(text.encode())
        except (BrokenPipeError, ConnectionResetError):
            return

    def close(self) -> None:
        """Take the rest of what the ended machine wrote."""
        self._reader.join()
        self._end.close()

    def _read(self) -> None:
        while octets := self._received():
            self._console.feed(octets)

    def _received(self) -> bytes:
        try:
            return self._end.recv(_CHUNK)
        except ConnectionResetError:
            return b""
