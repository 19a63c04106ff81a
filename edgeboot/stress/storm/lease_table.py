"""The leases of a storm in a file, written before they are asked for: another process can release them.

The file is memory that the kernel keeps: what a killed process has written is in it. Each
round of each node has sixteen octets: address, server identifier, the server's Ethernet address, whether
the lease was acknowledged, and a spare one. Its row is the node's number, times the number of rounds, and the
round's index. An address of zero is no lease, or one that was released.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final, Self

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.stress.storm.numbering import CONSECUTIVE, Numbering

_RECORD: Final = struct.Struct("!II6s?x")
_ACKNOWLEDGED: Final = 14
"""Where in a record it says so."""
_ADDRESS: Final = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease of one node of a storm."""

    row: int
    number: int
    """The one in the node's frames."""
    round: int
    """The index of the round in which it was asked for."""
    address: IPv4Address
    server: IPv4Address
    server_mac: MacAddress
    acknowledged: bool
    """Whether its DHCPACK came; without it the server may have granted the lease or not."""


class LeaseTable:
    """The file, open for the leases of a storm with so many rounds."""

    def __init__(self, memory: mmap.mmap, rounds: int, macs: Numbering) -> None:
        self._map = memory
        self._own = macs.own
        self._rounds = rounds

    @classmethod
    def made(cls, path: Path, nodes: int, rounds: int = 1, macs: Numbering = CONSECUTIVE) -> Self:
        """A new file with room for so many nodes.

        Raises:
            LabError: it cannot be made, or there is no room for all of them.
        """
        size = nodes * rounds * _RECORD.size
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x+b") as file:
                # Room for all: a write to memory with no room behind it would end the process.
                os.posix_fallocate(file.fileno(), 0, size)
                return cls(mmap.mmap(file.fileno(), size), rounds, macs)
        except OSError as error:
            problem = f"cannot be written ({error.strerror})"
            hint = "make room, or name another place by XDG_STATE_HOME"
            raise LabError(f"leases {path}", problem, hint) from error

    @classmethod
    def opened(cls, path: Path, rounds: int = 1, macs: Numbering = CONSECUTIVE) -> Self:
        """The file of an earlier storm.

        Raises:
            OSError: it cannot be read and written.
            ValueError: it is empty: its storm was killed before there was room for a lease.
        """
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), 0), rounds, macs)

    def hold(self, row: int, address: int, server: int, server_mac: bytes) -> None:
        """A node is going to ask for this lease."""
        _RECORD.pack_into(self._map, row * _RECORD.size, address, server, server_mac, False)

    def acknowledged(self, row: int) -> None:
        """The server has granted the lease."""
        self._map[row * _RECORD.size + _ACKNOWLEDGED] = True

    def released(self, row: int) -> None:
        """The server has read the DHCPRELEASE."""
        _ADDRESS.pack_into(self._map, row * _RECORD.size, 0)

    def held(self) -> Iterator[HeldLease]:
        """The leases that are not released, by the nodes' numbers."""
        for row in range(len(self._map) // _RECORD.size):
            address, server, mac, acknowledged = _RECORD.unpack_from(self._map, row * _RECORD.size)
            if address:
                number, round_ = divmod(row, self._rounds)
                place = row, self._own(number), round_
                yield HeldLease(
                    *place, IPv4Address(address), IPv4Address(server), MacAddress(mac), acknowledged
                )

    def forget(self) -> None:
        """No lease is held any more, whatever became of it."""
        self._map[:] = bytes(len(self._map))

    def close(self) -> None:
        """What was written stays in the file."""
        self._map.close()
