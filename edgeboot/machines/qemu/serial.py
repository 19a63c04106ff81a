"""The serial console of a virtual machine: what its firmware writes, and what is typed."""

from __future__ import annotations

from threading import Thread
from typing import IO, Final

from edgeboot.machines.console import Console

_CHUNK: Final = 1 << 16


class SerialLine:
    """Passes what a machine writes to a console, until the machine ends.

    QEMU writes each octet by itself, and gives one up that is not taken at once. A pipe holds 65,536 of
    them; a socket would hold some hundreds, since each is a message there.

    Args:
        written: the end of a pipe at which the machine's octets arrive.
        typed: the end of a pipe that the machine reads.
        console: takes what is written.
    """

    def __init__(self, written: IO[bytes], typed: IO[bytes], console: Console) -> None:
        self._written = written
        self._typed = typed
        self._console = console
        self._reader = Thread(target=self._read, name="serial console", daemon=True)
        self._reader.start()

    def type(self, text: str) -> None:
        """Send keys; a no-op where nobody reads them any more."""
        try:
            self._typed.write(text.encode())
        except BrokenPipeError:
            return

    def close(self) -> None:
        """Take the rest of what the ended machine wrote."""
        self._reader.join()
        self._written.close()
        self._typed.close()

    def _read(self) -> None:
        while octets := self._written.read(_CHUNK):
            self._console.feed(octets)
