"""What a capture tells of one client: who it is, its stages, where it ended, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from edgeboot.base.mac import MacAddress
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import MachineTraffic


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
    UEFI = "UEFI firmware whose network boot is not EDK2's"
    PXE_ROM = "a PXE ROM for BIOS"
    RASPBERRY_PI = "a Raspberry Pi's boot ROM"
    IPXE = "iPXE"
    U_BOOT = "U-Boot"
    GRUB = "GRUB"
    WINDOWS = "Windows"
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

    @property
    def is_system(self) -> bool:
        """Whether it is an operating system, as far as is known."""
        return self.software in {Software.WINDOWS, Software.SYSTEM}

    @property
    def asks_for_a_file(self) -> bool:
        """Whether it has booted only with a boot file; others, with an address."""
        systems = {Software.WINDOWS, Software.SYSTEM, Software.UNKNOWN}
        return self.software not in systems or self.architecture is not None


@dataclass(frozen=True)
class ClientStory:
    """One client of a capture."""

    mac: MacAddress
    traffic: MachineTraffic
    """Everything of it that was kept, what came before its first round included."""
    identities: tuple[Identity, ...]
    """Of its rounds, in their order."""
    rounds: Sequence[Round]
    stages: tuple[StageSeen, ...]
    outcome: Outcome
    diagnoses: tuple[Diagnosis, ...] = ()
    """The likeliest first; none for a boot that went well."""
    blind: tuple[str, ...] = ()
    """What this capture cannot show, each as a sentence."""
    waits: bool = False
    """Whether the capture ends while it may still ask, or wait for an answer."""
    is_deaf: bool = False
    """Whether it was answered where the capture does not see it: that an answer lacks shows nothing then."""
    is_cut: bool = False
    """Whether the end of a DHCP message of it was not captured: that an option lacks shows nothing then."""

    @property
    def identified_rounds(self) -> tuple[tuple[Round, Identity], ...]:
        """Each round, with who asks in it; none of a client that had its address before the capture."""
        return tuple(zip(self.rounds, self.identities, strict=False))

    @property
    def reached(self) -> BootStage | None:
        """The furthest stage that was seen."""
        return max((each.stage for each in self.stages), default=None)
