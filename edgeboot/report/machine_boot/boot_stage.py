"""The stages of a machine's boot, and the witnesses that show them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Final, Self


class BootStage(IntEnum):
    """From power-on to the system's kernel, in their order."""

    POWER = 1
    LINK = 2
    """Its network interface has sent a frame."""
    DISCOVER = 3
    OFFER = 4
    """It has taken an offer: its DHCPREQUEST says which."""
    ACK = 5
    BOOT_SERVER_4011 = 6
    """A boot server has answered it from port 4011 (PXE 2.1)."""
    FILE = 7
    """A boot file was fetched whole."""
    STARTED = 8
    """Its firmware has started that file."""
    SECOND_ROUND = 9
    """The started file, iPXE, asks for an address itself."""
    SCRIPT = 10
    """iPXE has fetched a script whole."""
    KERNEL = 11

    @property
    def title(self) -> str:
        """As reports name it."""
        return _TITLES[self]


_TITLES: Final = {
    BootStage.POWER: "power on",
    BootStage.LINK: "link",
    BootStage.DISCOVER: "DHCPDISCOVER",
    BootStage.OFFER: "offer taken",
    BootStage.ACK: "DHCPACK",
    BootStage.BOOT_SERVER_4011: "answer from port 4011",
    BootStage.FILE: "boot file fetched",
    BootStage.STARTED: "boot file started",
    BootStage.SECOND_ROUND: "second round of iPXE",
    BootStage.SCRIPT: "script fetched",
    BootStage.KERNEL: "kernel started",
}


class Witness(Enum):
    """What shows a stage."""

    MACHINE = "the machine"
    """It says that its power is on."""
    CAPTURE = "capture"
    SERVER_LOG = "server's log"
    BOOT_SERVER_LOG = "boot server's log"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class StageSeen:
    """One stage, seen by one witness for the first time."""

    stage: BootStage
    at: float
    """In seconds since the epoch."""
    witness: Witness
    what: str
    """What was seen, such as a console's line."""

    def to_json(self) -> dict[str, Any]:
        """An object of these fields, stage and witness by name."""
        return {
            "stage": self.stage.name,
            "at": self.at,
            "witness": self.witness.value,
            "what": self.what,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(BootStage[data["stage"]], data["at"], Witness(data["witness"]), data["what"])
