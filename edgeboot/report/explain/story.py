"""What a capture tells of one client: who it is, its stages, where it ended, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from edgeboot.base.mac import MacAddress
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.rounds import Round


class Outcome(Enum):
    """How a client's boot ended, as far as the capture goes."""

    BOOTED = "booted"
    """It has what it asked for: a program its whole boot file, a system its address."""
    STOPPED = "did not boot"
    UNKNOWN = "not known"
    """The capture begins too late, ends too early, or does not hold what would show it."""


class Software(Enum):
    """Programs that ask by DHCP and can be told apart by what they send."""

    EDK2_PXE = "EDK2 (PXE)"
    EDK2_HTTP = "EDK2 (HTTP Boot)"
    IPXE = "iPXE"
    SYSTEM = "an operating system"
    UNKNOWN = "a client that is not known"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, by options 60, 77, 93, 97, 175, 55's order, and the times of its retransmissions."""

    software: Software
    client: str = ""
    """The name in the table of clients whose rules are read; empty where none fits."""
    architecture: int | None = None
    """Option 93."""
    by: tuple[str, ...] = ()
    """What shows it, such as ``option 175``."""


@dataclass(frozen=True)
class ClientStory:
    """One client of a capture."""

    mac: MacAddress
    identities: tuple[Identity, ...]
    """Of its rounds, in their order."""
    rounds: Sequence[Round]
    stages: tuple[StageSeen, ...]
    outcome: Outcome
    diagnoses: tuple[Diagnosis, ...] = ()
    """The likeliest first; none for a boot that went well."""
    blind: tuple[str, ...] = ()
    """What this capture cannot show, each as a sentence."""

    @property
    def reached(self) -> BootStage | None:
        """The furthest stage that was seen."""
        return max((each.stage for each in self.stages), default=None)
