"""The serial console of a virtual machine: what its firmware writes, and what is typed."""

from __future__ import annotations

from subprocess import Popen
from threading import Thread
from typing import Final

from edgeboot.machines.console import Console

_CHUNK: Final = 1 << 16


class SerialLine:
    """Passes what a machine writes to a console, until the machine ends.

    QEMU writes each octet by itself, and gives one up that is not taken at once. A pipe holds 65,536 of
    them; a socket would hold some hundreds, since each is a message there.

    Args:
        process: QEMU, started with unbuffered pipes for its input and output.
        console: takes what it writes.

    Raises:
        ValueError: they are no pipes.
    """

    def __init__(self, process: Popen[bytes], console: Console) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("its input and output are no pipes")
        self._written, self._typed = process.stdout, process.stdin
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
