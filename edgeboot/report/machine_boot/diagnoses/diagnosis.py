"""A diagnosis as data: what kept a client from booting, by which packets, and how certain that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from edgeboot.report.findings import Sender
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
