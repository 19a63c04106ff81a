"""The ports a lab has opened, and how each is removed."""

from __future__ import annotations

from collections.abc import Callable

from edgeboot.host.wire.port import Port


class PluggedPorts:
    """Open ports, each with the function that removes its interface."""

    def __init__(self) -> None:
        self._ports: list[tuple[Port, Callable[[], None]]] = []

    def add(self, port: Port, unplug: Callable[[], None] = lambda: None) -> Port:
        """Remember an open port; returns it."""
        self._ports.append((port, unplug))
        return port

    def unplug(self, port: Port) -> None:
        """Close one port and remove its interface."""
        for entry in [each for each in self._ports if each[0] is port]:
            self._ports.remove(entry)
            port.close()
            entry[1]()

    def close(self) -> None:
        """Close all sockets; the interfaces are removed with their namespaces."""
        for port, _ in self._ports:
            port.close()
        self._ports.clear()
