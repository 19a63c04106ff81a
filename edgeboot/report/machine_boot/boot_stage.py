"""The stages of a machine's boot, and the witnesses that show them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Final, Self


class BootStage(IntEnum):
    """From power-on to the system, in their order."""

    POWER = 1
    LINK = 2
    """Its network interface has sent a frame."""
    DISCOVER = 3
    OFFER = 4
    """It has taken an offer: its DHCPREQUEST says which."""
    ACK = 5
    PROBED = 6
    """It has asked by ARP whether somebody has its address already (RFC 5227)."""
    BOOT_SERVER_4011 = 7
    """A boot server has answered it from port 4011 (PXE 2.1)."""
    NAME = 8
    """A name server has told it an address."""
    TLS = 9
    """It and a server have begun TLS."""
    FILE = 10
    """A boot file was fetched whole."""
    STARTED = 11
    """Its firmware has started that file."""
    SECOND_ROUND = 12
    """The started file, iPXE, asks for an address itself."""
    SCRIPT = 13
    """iPXE has fetched a script whole."""
    KERNEL = 14
    SYSTEM = 15
    """A system asks for an address, behind the boot file."""

    @property
    def is_of_some(self) -> bool:
        """Whether only some boots have it: nobody waits for it."""
        return self in _OF_SOME

    @property
    def title(self) -> str:
        """As reports name it."""
        return _TITLES[self]


_OF_SOME: Final = frozenset({BootStage.PROBED, BootStage.NAME, BootStage.TLS, BootStage.SYSTEM})
_TITLES: Final = {
    BootStage.POWER: "power on",
    BootStage.LINK: "link",
    BootStage.DISCOVER: "DHCPDISCOVER",
    BootStage.OFFER: "offer taken",
    BootStage.ACK: "DHCPACK",
    BootStage.PROBED: "address probed",
    BootStage.BOOT_SERVER_4011: "answer from port 4011",
    BootStage.NAME: "name resolved",
    BootStage.TLS: "TLS begun",
    BootStage.FILE: "boot file fetched",
    BootStage.STARTED: "boot file started",
    BootStage.SECOND_ROUND: "second round of iPXE",
    BootStage.SCRIPT: "script fetched",
    BootStage.KERNEL: "kernel started",
    BootStage.SYSTEM: "system asks",
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
