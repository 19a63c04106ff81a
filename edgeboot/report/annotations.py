"""Annotations of a test's report, sent from a worker to the process that prints: one JSON property."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Final, Self

from edgeboot.report.advisories import Advice
from edgeboot.report.findings import Finding
from edgeboot.report.latencies import Nodes, Offers
from edgeboot.report.machine_boot.diagnoses.diagnosis import ClientDiagnosis
from edgeboot.report.not_run import NotRun
from edgeboot.report.premises import Premise
from edgeboot.report.seen import Seen
from edgeboot.report.storm.record import StormRecord
from edgeboot.report.triage import Plan
from edgeboot.report.unstated import NotStated

PROPERTY: Final = "edgeboot"
"""The name of that property in pytest's ``user_properties``."""


@dataclass(frozen=True, slots=True)
class LabFacts:
    """A lab that has come up."""

    server: str
    """The version that the server under test states."""
    stages: str
    """How long each stage took."""
    changed: str | None
    """Changes to the machine or site for the duration of the run."""
    up_at: float | None = None
    """When it was up, in seconds on the monotonic clock."""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.server, self.stages, self.changed)))


@dataclass(frozen=True, slots=True)
class LabBroken:
    """Why later tests are not valid, and the exit status for it."""

    error: str
    status: int


@dataclass(frozen=True, slots=True)
class Annotations:
    """The suite's data about one phase of a test, in addition to pytest's report."""

    lab: LabFacts | None = None
    """On the first report of a worker whose lab is up."""
    broken: LabBroken | None = None
    findings: tuple[Finding, ...] = ()
    """What the failed check compared, and why a message was not answered."""
    observed: tuple[Finding, ...] = ()
    """Further differences between the test's replies and the contract."""
    evidence: str | None = None
    """The directory with capture.pcap, server.log and report.txt."""
    advisories: tuple[Advice, ...] = ()
    not_stated: tuple[NotStated, ...] = ()
    """Clients that the contract does not name, and what they would boot."""
    purpose: str = ""
    """Of a failed test: why an edge node cares, by its own sentence."""
    seen: Seen = field(default_factory=Seen)
    plan: Plan | None = None
    """On the first report of a worker: the triage's tests, and what each test needs."""
    breaks: tuple[Premise, ...] = ()
    """The premises that the failure of this test of the triage has shown not to hold."""
    not_run: NotRun | None = None
    offers: Offers = field(default_factory=dict)
    """The latencies of the offers that came during this phase."""
    storms: tuple[StormRecord, ...] = ()
    """Storms that were made during this phase."""
    explained: tuple[ClientDiagnosis, ...] = ()
    """What the frames of a failed test tell of the clients whose exchange has failed."""

    def encode(self) -> str:
        """As JSON, for ``user_properties``."""
        data: dict[str, object] = {
            "lab": self.lab and asdict(self.lab),
            "broken": self.broken and asdict(self.broken),
            "findings": [finding.to_json() for finding in self.findings],
            "observed": [finding.to_json() for finding in self.observed],
            "evidence": self.evidence,
            "purpose": self.purpose,
            "seen": self.seen.to_json(),
            "advisories": [asdict(advice) for advice in self.advisories],
            "not_stated": [asdict(each) for each in self.not_stated],
            "plan": self.plan and self.plan.to_json(),
            "breaks": [premise.value for premise in self.breaks],
            "not_run": self.not_run and asdict(self.not_run),
            "offers": {nodes.value: list(seconds) for nodes, seconds in self.offers.items()},
            "storms": [storm.to_json() for storm in self.storms],
            "explained": [each.to_json() for each in self.explained],
        }
        return json.dumps(data)

    @classmethod
    def decode(cls, text: str) -> Self:
        """What ``encode`` wrote."""
        data = json.loads(text)
        return cls(
            lab=data["lab"] and LabFacts(**data["lab"]),
            broken=data["broken"] and LabBroken(**data["broken"]),
            findings=tuple(map(Finding.from_json, data["findings"])),
            observed=tuple(map(Finding.from_json, data["observed"])),
            evidence=data["evidence"],
            purpose=data["purpose"],
            seen=Seen.from_json(data["seen"]),
            advisories=tuple(Advice(**advice) for advice in data["advisories"]),
            not_stated=tuple(NotStated(**each) for each in data["not_stated"]),
            plan=data["plan"] and Plan.from_json(data["plan"]),
            breaks=tuple(map(Premise, data["breaks"])),
            not_run=data["not_run"] and NotRun(**data["not_run"]),
            offers={Nodes(nodes): tuple(seconds) for nodes, seconds in data["offers"].items()},
            storms=tuple(map(StormRecord.from_json, data["storms"])),
            explained=tuple(map(ClientDiagnosis.from_json, data["explained"])),
        )

    @classmethod
    def of(cls, properties: Iterable[tuple[str, object]]) -> Self:
        """Those in a report's ``user_properties``; empty where there are none."""
        for name, value in properties:
            if name == PROPERTY:
                return cls.decode(str(value))
        return cls()
