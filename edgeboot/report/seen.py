"""What a run has seen beside its failures: replies, clients, machines, times; the report's raw material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from edgeboot.report.client_boot import ClientBoot
from edgeboot.report.ladder.machines import Machines
from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.received import Received
from edgeboot.report.strangers.stranger import Stranger

_LATENCIES: Final = 5000
"""Kept of a run."""
_BOOTS: Final = 200
"""Kept of a run: each is some kilobytes."""
_STRANGERS: Final = 1000
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
    boots: tuple[MachineBoot, ...] = ()
    """Of machines with real firmware, each as far as a check has followed it."""
    strangers: tuple[Stranger, ...] = ()
    """A site's own machines that asked for an address meanwhile."""

    def plus(self, other: Seen) -> Seen:
        """With what was seen later: of each client and stranger the last boot, of the rest the first."""
        clients = {each.client: each for each in (*self.clients, *other.clients)}
        strangers = {each.number: each for each in (*self.strangers, *other.strangers)}
        return Seen(
            self.machines or other.machines,
            self.received or other.received,
            tuple(clients.values()),
            (*self.latencies, *other.latencies)[:_LATENCIES],
            self.stages or other.stages,
            (*self.boots, *other.boots)[:_BOOTS],
            tuple(strangers.values())[:_STRANGERS],
        )

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {
            "machines": self.machines and self.machines.to_json(),
            "received": [each.to_json() for each in self.received],
            "clients": [each.to_json() for each in self.clients],
            "latencies": list(self.latencies),
            "stages": self.stages,
            "boots": [each.to_json() for each in self.boots],
            "strangers": [each.to_json() for each in self.strangers],
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
            tuple(map(MachineBoot.from_json, data.get("boots", ()))),  # Older results have none.
            tuple(map(Stranger.from_json, data.get("strangers", ()))),
        )
