"""The serial console of a running virtual machine of libvirt's, by a stream."""

from __future__ import annotations

from threading import Thread
from typing import Any, Final

from edgeboot.base.deadline import Wait
from edgeboot.machines.console import Console

_CHUNK: Final = 1 << 12


class DomainConsole:
    """Passes what a virtual machine writes to a console, until it ends.

    Args:
        connection: to its libvirt; kept open until ``close``.
        domain: the virtual machine, which is running, or paused.
        console: takes what it writes.
    """

    def __init__(self, connection: Any, domain: Any, console: Console) -> None:
        import libvirt  # noqa: PLC0415 - of the kind extras

        self._connection = connection
        self._console = console
        self._stream = connection.newStream()
        domain.openConsole(None, self._stream, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
        self._reader = Thread(target=self._read, name="console of a domain", daemon=True)
        self._reader.start()

    def close(self) -> None:
        """Take the rest of what the ended machine wrote, unless libvirt does not end its stream."""
        self._reader.join(Wait.LIBVIRT.total_seconds())
        self._connection.close()

    def _read(self) -> None:
        import libvirt  # noqa: PLC0415 - of the kind extras

        try:
            while octets := self._stream.recv(_CHUNK):
                self._console.feed(octets)
        except libvirt.libvirtError:
            return  # It has ended.
