"""The leases of a storm in a file, written before they are asked for: another process can release them.

The file is memory that the kernel keeps: what a killed process has written is in it. A node has
sixteen octets, by its number: address, server identifier, the server's Ethernet address, two spare ones.
"""

from __future__ import annotations

import mmap
import os
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event
from typing import Any, ClassVar, Final, Self

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.identity import dhcp_release
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.wire.frame import udp_frame
from edgeboot.host.wire.packet_socket import packet_socket
from edgeboot.stress.storm.numbering import identity_of

_RECORD: Final = struct.Struct("!II6s2x")
_RELEASES_IN_A_SECOND: Final = 200
"""A server that writes its lease file anew for each of them manages so many."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease of one node of a storm."""

    number: int
    address: IPv4Address
    server: IPv4Address
    server_mac: MacAddress

    def release(self, client: ClientProfile) -> bytes:
        """The frame with its DHCPRELEASE."""
        node = identity_of(self.number, client)
        message = dhcp_release(random.getrandbits(32), node.mac, node.client_id, self.address, self.server)
        ends = (self.address, CLIENT_PORT), (self.server, SERVER_PORT)
        return udp_frame(node.mac, self.server_mac, *ends, message.encode())


class LeaseTable:
    """The file, open for a storm of so many nodes; it is made empty.

    Raises:
        LabError: it cannot be made, or there is no room for all of them.
    """

    def __init__(self, path: Path, nodes: int) -> None:
        size = nodes * _RECORD.size
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x+b") as file:
                # Room for all: a write to memory with no room behind it would end the process.
                os.posix_fallocate(file.fileno(), 0, size)
                self._map = mmap.mmap(file.fileno(), size)
        except OSError as error:
            problem = f"cannot be written ({error.strerror})"
            hint = "make room, or name another place by XDG_STATE_HOME"
            raise LabError(f"leases {path}", problem, hint) from error

    def hold(self, number: int, address: int, server: int, server_mac: bytes) -> None:
        """A node is going to ask for this lease."""
        _RECORD.pack_into(self._map, number * _RECORD.size, address, server, server_mac)

    def close(self) -> None:
        """What was written stays in the file."""
        self._map.close()


def held_leases(path: Path) -> Iterator[HeldLease]:
    """The leases in such a file, by the nodes' numbers.

    Raises:
        OSError: it cannot be read.
    """
    octets = path.read_bytes()
    for number, (address, server, mac) in enumerate(_RECORD.iter_unpack(octets)):
        if address:
            yield HeldLease(number, IPv4Address(address), IPv4Address(server), MacAddress(mac))


@dataclass(frozen=True, slots=True)
class StormLeases:
    """All leases of a storm as one leftover; undoing releases them, and removes the file."""

    kind: ClassVar[str] = "leases of a storm"
    path: Path
    client: str
    """The client that the nodes ran, by its name."""
    interface: str
    namespace: str | None
    """That of the interface; None for the network of the machine."""

    def __str__(self) -> str:
        return f"{self.kind} in {self.path}, through {self.interface}"

    def to_json(self) -> dict[str, Any]:
        """The file, the client, and where the server is reached."""
        return {
            "path": str(self.path),
            "client": self.client,
            "interface": self.interface,
            "namespace": self.namespace,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        namespace = fields["namespace"]
        return cls(
            Path(fields["path"]),
            str(fields["client"]),
            str(fields["interface"]),
            None if namespace is None else str(namespace),
        )

    def undo(self) -> bool:
        """Send the DHCPRELEASEs, which are not answered; False where the file or the interface is gone.

        Raises:
            OSError: the file cannot be read or removed, or the process may open no packet socket.
        """
        if not self.path.exists():
            return False
        released = self._release()
        self.path.unlink()
        return released

    def _release(self) -> bool:
        leases = list(held_leases(self.path))
        try:
            sock = packet_socket(self.namespace)
        except PermissionError:
            raise
        except OSError:  # The network went with its namespace, and the server with it.
            return False
        pause = Event()  # Never set: a server takes no more than so many a second.
        with sock:
            try:
                sock.bind((self.interface, 0))
            except OSError:
                return False
            for lease in leases:
                sock.send(lease.release(CLIENTS[self.client]))
                pause.wait(1 / _RELEASES_IN_A_SECOND)
        return True
