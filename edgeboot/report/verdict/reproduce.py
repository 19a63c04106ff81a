"""The commands that show a cause again: its clearest test, and the same question asked by hand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

from edgeboot.base.paths import INSTALLED, shown
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.findings import Finding
from edgeboot.report.result import Subject
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.report.silence import ANSWER
from edgeboot.report.verdict.headline import HeadlineCause
from edgeboot.spec.contract.fields import FIELDS

_EXPRESSION: Final = re.compile(r"[\w:+\-.\[\]\\/]+")
"""What pytest takes for one name in an expression of ``-k``."""
_PROBED: Final = frozenset({*FIELDS, SERVERS, "boots", "first_answer_time", "default_route", "static_routes"})
_ASKED: Final = (MessageType.DHCPDISCOVER, MessageType.DHCPOFFER)
_INTERFACE: Final = "--interface="
_MACHINE: Final = "/test_machine_"
"""Files of tests with machines, which are collected for their own marker only."""
SEED: Final = "--fuzz-seed="
"""An option of a run that had slow tests, which ``-m e2e`` leaves out."""


def rerun_command(subject: Subject, test: str) -> list[str]:
    """``pytest`` or, of an installed package, ``edgeboot verify``, for the test with all its cases or one.

    Each part is quoted for a shell, and an option stays with its value.
    """
    slow = any(each.startswith(SEED) for each in subject.options)
    suite = "edgeboot verify" if INSTALLED else "pytest"
    if _MACHINE in test:
        suite += " -m machine"
    elif slow:
        suite += " -m 'e2e or slow'"
    elif not INSTALLED:
        suite += " -m e2e"
    given = (f"--lab={subject.lab}", f"--profile={subject.profile}", *subject.options)
    return [suite, *map(shlex.quote, given), "-n 0", f"-k {shlex.quote(keyword(test))}"]


def keyword(test: str) -> str:
    """The argument of ``-k``: the test with its case, where pytest can read that, else without."""
    name = test.rpartition("::")[2]
    return name if _EXPRESSION.fullmatch(name) else name.partition("[")[0]


def commands(subject: Subject, cause: HeadlineCause) -> list[list[str]]:
    """What shows a cause again: its clearest test, and the probe where that would see it; of no test none."""
    if not cause.is_of_a_test:
        return []
    rerun = rerun_command(subject, cause.clearest)
    return [rerun, probe_command(subject, cause.clearest)] if is_seen_by_probe(cause.finding) else [rerun]


def is_seen_by_probe(finding: Finding | None) -> bool:
    """Whether it is about who answers a DHCPDISCOVER, how soon, or with what: all that a probe asks for."""
    if finding is None:
        return False
    if finding.field == ANSWER:
        return any(each.name in str(finding.expected) for each in _ASKED)
    return finding.field in _PROBED


def probe_command(subject: Subject, test: str) -> list[str]:
    """``edgeboot probe`` on the segment, as the client of the test; in parts as ``rerun_command``."""
    given = next((each for each in subject.options if each.startswith(_INTERFACE)), "")
    interface = given.removeprefix(_INTERFACE) or "INTERFACE"
    client = client_of(test)
    return [
        "edgeboot probe",
        f"-i {shlex.quote(interface)}",
        *([f"--client {client}"] if client is not None else []),
        f"--contract {shlex.quote(shown(Path(subject.contract)))}",
    ]


def client_of(test: str) -> str | None:
    """The client of the table that the case names."""
    case = test.rpartition("[")[2].removesuffix("]")
    return case if case in CLIENTS else None
