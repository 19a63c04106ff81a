"""A diagnosis as data: what kept a client from booting, by which packets, and how certain that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from edgeboot.base.mac import MacAddress
from edgeboot.report.findings import Sender, plain
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind


class Certainty(Enum):
    """How far the packets of a capture hold a diagnosis."""

    CERTAIN = "certain"
    """They show it; no other reading of them is known."""
    LIKELY = "likely"
    """They agree with it, and with other causes that this capture cannot tell apart."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One packet that a diagnosis rests on."""

    number: int
    """In the capture, from 1, as Wireshark counts; 0 where frames have no numbers."""
    at: float
    """In seconds since the epoch."""
    what: str

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {"packet": self.number, "at": self.at, "what": self.what}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(data["packet"], data["at"], data["what"])


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One reason why a client came no further."""

    kind: DiagnosisKind
    sentence: str
    """What happened, with the addresses and figures of this client."""
    needed: str
    """What the client would have needed."""
    certainty: Certainty
    evidence: tuple[Evidence, ...] = ()
    field: str = ""
    """A name of ``spec.contract.fields``, or as of ``Finding.field``; empty where it is about none."""
    received: object = None
    """The value of that field on the wire."""
    sender: Sender | None = None

    def __str__(self) -> str:
        return self.sentence

    def to_json(self) -> dict[str, Any]:
        """An object of these fields; a packet's number is 0 where it is not known."""
        return {
            "kind": self.kind.value,
            "sentence": self.sentence,
            "needed": self.needed,
            "certainty": self.certainty.value,
            "evidence": [each.to_json() for each in self.evidence],
            "field": self.field,
            "received": plain(self.received),
            "sender": self.sender and self.sender.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote, with the received value as JSON has it."""
        return cls(
            DiagnosisKind(data["kind"]),
            data["sentence"],
            data["needed"],
            Certainty(data["certainty"]),
            tuple(map(Evidence.from_json, data["evidence"])),
            data["field"],
            data["received"],
            data["sender"] and Sender.from_json(data["sender"]),
        )


@dataclass(frozen=True, slots=True)
class ClientDiagnosis:
    """A diagnosis, and the client that it is about."""

    client: MacAddress
    diagnosis: Diagnosis

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {"client": str(self.client), "diagnosis": self.diagnosis.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(MacAddress.parse(data["client"]), Diagnosis.from_json(data["diagnosis"]))
