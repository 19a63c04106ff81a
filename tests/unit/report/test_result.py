"""The result file: every field is present, however the run ended."""

from __future__ import annotations

import functools
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.machines.console import ConsoleLine
from edgeboot.report.advisories import Advice
from edgeboot.report.client_boot import ClientBoot
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.ladder.machines import Machines
from edgeboot.report.latencies import Latency, Nodes
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, ClientDiagnosis, Diagnosis, Evidence
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind
from edgeboot.report.machine_boot.firmware_words import Explained
from edgeboot.report.machine_boot.loop import Loop
from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.meaning import Meaning
from edgeboot.report.not_run import NotRunTests
from edgeboot.report.outcomes import Counts, Outcome, SeenDefect, TestResult
from edgeboot.report.premises import Premise
from edgeboot.report.provenance import Provenance
from edgeboot.report.received import Received
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result, Subject, read_result
from edgeboot.report.seen import Seen
from edgeboot.report.strangers.stranger import Stranger
from edgeboot.report.triage import Triage
from edgeboot.report.unstated import NotStated
from tests.unit.report.storms import SLOW
from tests.unit.samples import SERVER, SERVER_MAC

STARTED: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SUBJECT: Final = Subject(
    "ab12cd", "orchestrator", "asked for", "poc", "/etc/edgeboot/site.toml", ("--interface=virbr1",)
)
SOME: Final = Counts(passed=3, skipped=2)
TEST: Final = "tests/e2e/test_boot.py::test_a"
FINDING: Final = Finding("lease_time", timedelta(hours=12), timedelta(hours=1), Sender(SERVER, SERVER_MAC))
TOLD: Final = ClientDiagnosis(
    MacAddress.parse("02:eb:00:00:00:01"),
    Diagnosis(
        DiagnosisKind.NAK,
        "refused",
        "an address",
        Certainty.CERTAIN,
        (Evidence(4, 1000.5, "DHCPNAK"),),
        "answer",
        None,
        Sender(SERVER, SERVER_MAC),
    ),
)
GRUB: Final = "tftp://192.168.99.40/grub.cfg"
TRIAGE: Final = Triage(
    would_boot=False, tests=(TEST,), failed=(TEST,), text="silent", broken=(Premise.ANSWER,), seconds=12.5
)
ROW: Final = Received("netmask", "subnet-mask (1)", "a", "b", "c", differs=True)
CLIENT: Final = ClientBoot("grub", "GRUB", None, None, "no boot file is named", ("it asks",))
MACHINE: Final = MachineBoot(
    "node-1",
    "52:54:00:eb:00:01",
    "OVMF 2022.11",
    (BootStage.POWER, BootStage.FILE),
    (StageSeen(BootStage.POWER, 5.0, Witness.MACHINE, "switched on"),),
    (Explained(9.0, "PXE-E18", "no usable offer", "no DHCPOFFER"),),
    ("no DHCPOFFER",),
    (ConsoleLine(9.0, "PXE-E18"),),
    Loop("tftp://192.168.99.40/ipxe.efi", "d" * 64, 2),
    "dnsmasq.conf:3",
    "screen-node-1.png",
)
RESULT: Final = Result(
    STARTED,
    subject=SUBJECT,
    segment="rack-7",
    server="dnsmasq 2.90",
    changed="DHCP off",
    failures=(
        Failure(
            TEST, "call", "AssertionError: expected a\nmore", "/evidence/a", (FINDING,), explained=(TOLD,)
        ),
    ),
    not_stated=(
        NotStated("grub", GRUB, GRUB),
        NotStated("windows", "nothing: no boot file is named"),
    ),
    tests=(TestResult(TEST, Outcome.FAILED, "call", 0.25),),
    not_run=(NotRunTests("no new node is answered", TEST, ("a", "b")),),
    triage=TRIAGE,
    advisories=(Advice("a", "routers", "o", "h"),),
    known_defects=(SeenDefect(TEST, "of old"),),
    latencies=(Latency.of(Nodes.NEW, [3.1, 3.0]),),
    storms=(SLOW,),
    provenance=Provenance(
        "0.1.0", "a" * 64, "b" * 64, "c" * 64, "dnsmasq:1", "dnsmasq 2.90 of this machine", "6.1.0"
    ),
    seen=Seen(
        Machines(str(SERVER_MAC), {"192.168.99.40": "boot server"}),
        (ROW,),
        (CLIENT,),
        (3.1, 3.0),
        "segment 0.2 s",
        (MACHINE,),
        (Stranger(1, "52:54:00:…:01", False, "did not boot"),),
    ),
)


@pytest.mark.parametrize(
    "status,result,meaning",
    [
        (0, Result(STARTED, counts=SOME), Meaning.PASSED),
        (0, Result(STARTED, counts=Counts(known_defects=1)), Meaning.PASSED),
        (0, Result(STARTED, counts=Counts(skipped=9)), Meaning.NOTHING),
        (1, Result(STARTED, counts=SOME), Meaning.FAILED),
        (2, Result(STARTED, counts=SOME), Meaning.INTERRUPTED),
        (3, Result(STARTED, error="the bridge is gone"), Meaning.LAB),
        (3, Result(STARTED), Meaning.INTERNAL),
        (4, Result(STARTED, error="--lab moon: no such lab"), Meaning.USAGE),
        (5, Result(STARTED), Meaning.NOTHING),
        (99, Result(STARTED), Meaning.INTERNAL),
    ],
)
def test_exit_status_has_a_meaning(status: int, result: Result, meaning: Meaning) -> None:
    """A run without results has not passed; status 3 without a lab error is pytest's own."""
    ended = result.at_its_end(status, STARTED)
    assert (ended.status, ended.meaning) == (status, meaning)


def test_result_of_a_run_is_told_whole() -> None:
    """Deployment, lab, times, outcome, and each failure with its cause."""
    fields = json.loads(RESULT.at_its_end(1, STARTED + timedelta(minutes=4)).encode())
    assert fields == {
        "schema": 3,
        "run": "ab12cd",
        "lab": "orchestrator",
        "lab_reason": "asked for",
        "profile": "poc",
        "contract": "/etc/edgeboot/site.toml",
        "options": ["--interface=virbr1"],
        "server": "dnsmasq 2.90",
        "segment": "rack-7",
        "started": "2026-03-01T02:00:00+00:00",
        "ended": "2026-03-01T02:04:00+00:00",
        "status": 1,
        "meaning": "failed tests",
        "changed": "DHCP off",
        "error": None,
        "counts": {"passed": 0, "failed": 0, "errors": 0, "skipped": 0, "known_defects": 0, "not_run": 0},
        "failures": [
            {
                "test": TEST,
                "phase": "call",
                "headline": "expected a",
                "message": "AssertionError: expected a\nmore",
                "purpose": "",
                "evidence": "/evidence/a",
                "findings": [FINDING.to_json()],
                "observed": [],
                "explained": [TOLD.to_json()],
            }
        ],
        "not_stated": [
            {"client": "grub", "boots": GRUB, "url": GRUB},
            {"client": "windows", "boots": "nothing: no boot file is named", "url": None},
        ],
        "tests": [{"test": TEST, "outcome": "failed", "phase": "call", "seconds": 0.25}],
        "not_run": [{"reason": "no new node is answered", "because": TEST, "tests": ["a", "b"]}],
        "triage": TRIAGE.to_json(),
        "advisories": [{"advisory": "a", "field": "routers", "observation": "o", "hint": "h"}],
        "known_defects": [{"test": TEST, "reason": "of old"}],
        "latencies": [
            {"nodes": "new", "count": 2, "p50": 3.0, "p90": 3.1, "p99": 3.1, "longest": 3.1},
        ],
        "storms": [json.loads(json.dumps(SLOW.to_json()))],
        "provenance": {
            "suite": "0.1.0",
            "contract": "a" * 64,
            "manifests": "b" * 64,
            "configuration": "c" * 64,
            "image": "dnsmasq:1",
            "server": "dnsmasq 2.90 of this machine",
            "kernel": "6.1.0",
        },
        "seen": {
            "machines": {"server_mac": "52:54:00:12:34:56", "roles": {"192.168.99.40": "boot server"}},
            "received": [asdict(ROW)],
            "clients": [asdict(CLIENT) | {"steps": ["it asks"]}],
            "latencies": [3.1, 3.0],
            "stages": "segment 0.2 s",
            "boots": [MACHINE.to_json()],
            "strangers": [{"number": 1, "mac": "52:54:00:…:01", "booted": False, "told": "did not boot"}],
        },
    }


def test_result_of_a_run_that_has_not_ended_says_so() -> None:
    """A program need not check which fields are present."""
    whole, begun = Result(STARTED, subject=SUBJECT).at_its_end(0, STARTED), Result(STARTED)
    fields = json.loads(begun.encode())
    assert fields.keys() == json.loads(whole.encode()).keys()
    assert (fields["run"], fields["ended"], fields["status"]) == (None, None, None)
    assert fields["meaning"] == "running, or killed"


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_counted_by_its_name(outcome: Outcome) -> None:
    """One more of it, and of no other."""
    assert SOME.plus(outcome) == Counts(
        **{name: getattr(SOME, name) + (name == outcome.counter) for name in Counts.__annotations__}
    )


@pytest.mark.parametrize(
    "message,headline",
    [
        ("AssertionError: lease_time: expected 12:00:00", "lease_time: expected 12:00:00"),
        ("expected one\nreceived none", "expected one"),
        ("[XPASS(strict)] known defect: both", "[XPASS(strict)] known defect: both"),
        ("", "no message"),
    ],
    ids=["assertion", "several lines", "xpass", "nothing"],
)
def test_headline_is_the_first_line(message: str, headline: str) -> None:
    """Without the name of the most usual exception."""
    assert Failure("a test", "call", message).headline == headline


@pytest.mark.parametrize(
    "phases,outcome,phase",
    [
        ([("setup", "passed"), ("call", "passed"), ("teardown", "passed")], Outcome.PASSED, "call"),
        ([("setup", "passed"), ("call", "failed"), ("teardown", "error")], Outcome.FAILED, "call"),
        ([("setup", "passed"), ("call", "passed"), ("teardown", "error")], Outcome.ERROR, "teardown"),
        ([("setup", "skipped"), ("teardown", "passed")], Outcome.SKIPPED, "setup"),
        ([("setup", "passed"), ("call", "known_defect")], Outcome.KNOWN_DEFECT, "call"),
    ],
    ids=["passed", "failed", "error", "skipped", "known defect"],
)
def test_outcome_of_a_test_is_that_of_its_worst_phase(
    phases: list[tuple[str, str]], outcome: Outcome, phase: str
) -> None:
    """And its time is that of all of them."""
    parts = [TestResult(TEST, Outcome(ending), name, 0.5) for name, ending in phases]
    whole = functools.reduce(TestResult.then, parts)
    assert (whole.outcome, whole.phase, whole.seconds) == (outcome, phase, 0.5 * len(phases))


@pytest.mark.parametrize("result", [RESULT.at_its_end(1, STARTED), Result(STARTED)], ids=["whole", "begun"])
def test_result_comes_back_from_its_file_as_it_was(result: Result, tmp_path: Path) -> None:
    """Findings with their values, outcomes, times."""
    result.write(tmp_path / "result.json")
    assert read_result(tmp_path / "result.json") == result
    assert read_result(tmp_path / "absent.json") is None


def test_result_of_another_schema_is_refused(tmp_path: Path) -> None:
    """Its fields may mean something else."""
    (tmp_path / "result.json").write_text('{"schema": 1}')
    with pytest.raises(UsageError, match=r"result\.json: is of schema 1, where 3 is read"):
        read_result(tmp_path / "result.json")


def test_file_is_replaced_whole_and_its_directory_made(tmp_path: Path) -> None:
    """The file is never incomplete, and no temporary file remains."""
    file = tmp_path / "results" / "result.json"
    Result(STARTED).write(file)
    Result(STARTED, counts=SOME).at_its_end(0, STARTED).write(file)
    assert json.loads(file.read_text())["meaning"] == "passed"
    assert os.listdir(file.parent) == ["result.json"]  # noqa: PTH208 - hidden ones, too


def test_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the option, before any test."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(UsageError, match=r"--result \S+/taken: cannot be written \(.+\); name a file"):
        Result(STARTED).write(tmp_path / "taken")


def test_path_with_octets_that_are_no_text_is_written(tmp_path: Path) -> None:
    """Python reads such an octet of the command line as half a character."""
    subject = Subject("ab12cd", "netns", "asked for", "poc", "contracts/\udcff.toml")
    result = Result(STARTED, subject=subject)
    result.write(tmp_path / "result.json")
    assert read_result(tmp_path / "result.json") == result
