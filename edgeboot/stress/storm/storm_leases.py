"""The leases of a storm in the journal: one entry for all, by which another process can release them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from edgeboot.base.errors import LabError
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.host.wire.packet_ring import PacketRing
from edgeboot.spec.contract.storm_terms import MacOrder
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.numbering import STORM_PREFIX, Numbering
from edgeboot.stress.storm.release import LATER, Release, ReleaseEnd, Releasing
from edgeboot.stress.storm.wire import REPLIES


@dataclass(frozen=True, slots=True)
class StormLeases:
    """All leases of a storm as one leftover; undoing releases them, and removes the file."""

    kind: ClassVar[str] = "leases of a storm"
    path: Path
    clients: tuple[str, ...]
    """The clients that the nodes ran in each round, by their names."""
    interface: str
    namespace: str | None
    """That of the interface; None for the network of the machine."""
    macs: Numbering
    own_segment: bool = True
    """Whether the segment is the lab's own: its server and the lease database end with it."""

    def __str__(self) -> str:
        return f"{self.kind} in {self.path}, through {self.interface}"

    def to_json(self) -> dict[str, Any]:
        """The file, the clients, and where the server is reached."""
        return {
            "path": str(self.path),
            "clients": list(self.clients),
            "interface": self.interface,
            "namespace": self.namespace,
            "macs": self.macs.order.value,
            "mac_seed": self.macs.seed,
            "own_segment": self.own_segment,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        namespace = fields["namespace"]
        return cls(
            Path(fields["path"]),
            tuple(map(str, fields["clients"])),
            str(fields["interface"]),
            None if namespace is None else str(namespace),
            Numbering(MacOrder(fields.get("macs", MacOrder.CONSECUTIVE)), int(fields.get("mac_seed", 1))),
            bool(fields.get("own_segment", True)),
        )

    def undo(self) -> bool:
        """Release what is held; False where nothing was, or its server is gone with the lab or the network.

        Raises:
            OSError: the file cannot be read or removed, or the process may open no packet socket.
            LabError: a site's server does not answer, or not fast enough; the file stays.
        """
        try:
            table = LeaseTable.opened(self.path, len(self.clients), self.macs)
        except FileNotFoundError:
            return False
        except ValueError:  # Nothing was asked for yet.
            self.path.unlink()
            return False
        with closing(table):
            done = self._release(table)
        if done is not None and done.end is not ReleaseEnd.ALL and not self.own_segment:
            raise self._not_released(done)
        self.path.unlink()
        return done is not None and done.end is ReleaseEnd.ALL and done.leases > 0

    def _release(self, table: LeaseTable) -> Release | None:
        """None where the network is gone: the server went with it, or cannot be reached."""
        if next(table.held(), None) is None:
            return Release(0, 0, ReleaseEnd.ALL)
        try:
            ring = PacketRing(self.interface, namespace=self.namespace, bpf=REPLIES, slots=64)
        except PermissionError:
            raise
        except OSError:
            return None
        with closing(ring):
            return Releasing(table, [CLIENTS[name] for name in self.clients], ring, LATER).run()

    def _not_released(self, done: Release) -> LabError:
        problem = f"{done.leases - done.released} of {done.leases} are not released ({done.end})"
        prefix = STORM_PREFIX.hex(":")
        hint = f"release them at the server (MAC addresses {prefix}:…), or wait for the end of their time"
        return LabError(str(self), problem, hint)
