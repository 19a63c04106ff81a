"""What a run has seen beside its failures: replies, clients, machines, times; the report's raw material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from edgeboot.report.client_boot import ClientBoot
from edgeboot.report.ladder.machines import Machines
from edgeboot.report.received import Received

_LATENCIES: Final = 5000
"""Kept of a run."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one phase of a test, or of a whole run."""

    machines: Machines | None = None
    received: tuple[Received, ...] = ()
    """Of the first boot."""
    clients: tuple[ClientBoot, ...] = ()
    latencies: tuple[float, ...] = ()
    """Seconds from each DHCPDISCOVER to its DHCPOFFER."""
    stages: str = ""
    """How long each stage of the first lab took."""

    def plus(self, other: Seen) -> Seen:
        """With what was seen later: of each client the last boot, of the rest the first."""
        clients = {each.client: each for each in (*self.clients, *other.clients)}
        return Seen(
            self.machines or other.machines,
            self.received or other.received,
            tuple(clients.values()),
            (*self.latencies, *other.latencies)[:_LATENCIES],
            self.stages or other.stages,
        )

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {
            "machines": self.machines and self.machines.to_json(),
            "received": [each.to_json() for each in self.received],
            "clients": [each.to_json() for each in self.clients],
            "latencies": list(self.latencies),
            "stages": self.stages,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(
            data["machines"] and Machines.from_json(data["machines"]),
            tuple(map(Received.from_json, data["received"])),
            tuple(map(ClientBoot.from_json, data["clients"])),
            tuple(data["latencies"]),
            data["stages"],
        )
