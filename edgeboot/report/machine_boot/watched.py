"""What was seen of a machine since its power-on: frames, lines of logs, lines of its console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.rounds import Round, rounds
from edgeboot.report.machine_boot.traffic import OWN_PORT, MachineTraffic
from edgeboot.server.log import LogLine


@dataclass(frozen=True)
class Watched:
    """Everything that was seen of a machine since its power-on."""

    mac: MacAddress
    frames: Sequence[Frame] = ()
    """At the machine's own port of the bridge."""
    server_log: Sequence[LogLine] = ()
    boot_server_log: Sequence[LogLine] = ()
    """Of the boot server, where that is another machine than the server under test."""
    console: Sequence[ConsoleLine] = ()
    powered_on: float | None = None
    """When it was switched on, in seconds since the epoch."""
    place: str = OWN_PORT
    """Where the frames were seen, as a sentence says it."""
    says: str = ""
    """What the machine says of itself; empty where it was not asked."""

    @cached_property
    def traffic(self) -> MachineTraffic:
        """Its frames, read."""
        return MachineTraffic(self.mac, self.frames, self.place)

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """Of its firmware, and of what that has started."""
        return rounds(self.traffic)
