"""A failure of a run as its result keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Self

from edgeboot.report.findings import Finding
from edgeboot.report.machine_boot.diagnoses.diagnosis import ClientDiagnosis

_OWN_TYPE: Final = re.compile(r"^(?:(?:AssertionError|(?:edgeboot|fixtures)(?:\.\w+)+): )?(?:assert )?")


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed, or what could not be brought up or taken down for it."""

    test: str
    """pytest's node id."""
    phase: str
    """``call``; ``setup`` and ``teardown`` for an error, ``collect`` for a file that cannot be read."""
    message: str
    """The exception as pytest prints it, whole."""
    evidence: str | None = None
    """The directory with capture.pcap, server.log and report.txt."""
    findings: tuple[Finding, ...] = ()
    """What the check compared, and why a message was not answered; empty for a check of another kind."""
    observed: tuple[Finding, ...] = ()
    """In what else the replies of the test differ from the contract."""
    purpose: str = ""
    """Why an edge node cares: the test's own sentence."""
    explained: tuple[ClientDiagnosis, ...] = ()
    """What its frames tell of the clients whose exchange has failed; packets are those of capture.pcap."""

    @property
    def headline(self) -> str:
        """The message's first line, without the type of an exception of the suite's own."""
        first = next(iter(self.message.strip().splitlines()), "no message")
        return _OWN_TYPE.sub("", first, count=1)

    @property
    def error(self) -> str:
        """The class of the exception; of a failed assertion, which may be about anything, its message."""
        name, colon, _ = self.message.partition(":")
        is_class = colon and name != "AssertionError" and all(map(str.isidentifier, name.split(".")))
        return name if is_class else self.message

    def to_json(self) -> dict[str, Any]:
        """An object; the headline is in it for readers that show one line."""
        return {
            "test": self.test,
            "phase": self.phase,
            "headline": self.headline,
            "message": self.message,
            "purpose": self.purpose,
            "evidence": self.evidence,
            "findings": [finding.to_json() for finding in self.findings],
            "observed": [finding.to_json() for finding in self.observed],
            "explained": [each.to_json() for each in self.explained],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        findings, observed = (tuple(map(Finding.from_json, data[name])) for name in ("findings", "observed"))
        message, evidence, purpose = data["message"], data["evidence"], data["purpose"]
        # Older results have none.
        explained = tuple(map(ClientDiagnosis.from_json, data.get("explained", ())))
        return cls(data["test"], data["phase"], message, evidence, findings, observed, purpose, explained)
