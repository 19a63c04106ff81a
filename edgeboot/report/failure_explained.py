"""What ``edgeboot explain`` says of the frames of a failed test, where the failure is of that kind.

A node of a test may do what no client does: ask for a file that is not there, lose a race. A diagnosis is
told only of the clients whose exchange has failed, and only about what its finding is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.node.exchange import Exchange
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import ClientDiagnosis
from edgeboot.report.silence import ANSWER
from edgeboot.report.story_told.text import diagnosis_lines
from edgeboot.report.verdict.suffering import kin

_TITLE: Final = "what edgeboot explain says of these frames"
_KEPT_ELSEWHERE: Final = frozenset({"log", "lease_database"})
"""Fields of which no packet tells: what passed may be as it should."""


def explain_failure(
    findings: Sequence[Finding], exchanges: Sequence[Exchange], frames: Sequence[Frame], until: float
) -> tuple[ClientDiagnosis, ...]:
    """The diagnoses of the clients that a failed test's findings are about; none where none is of their kind.

    Args:
        findings: of the failed check, and of messages without an answer.
        exchanges: of the test, in their order.
        frames: its evidence; packets are numbered by their times, as the capture file has them.
        until: when the capture ended, in seconds since the epoch.
    """
    on_the_wire = (each for each in findings if each.field not in _KEPT_ELSEWHERE)
    about = [(mac, each.field) for each in on_the_wire for mac in _clients_of(each, exchanges)]
    if not about:
        return ()
    clients = Clients()
    for frame in sorted(frames, key=lambda each: each.at):
        clients.take_frame(frame)
    clients.until = max(clients.until, until)
    found = (
        ClientDiagnosis(story.mac, each)
        for story in explained(clients)
        for each in story.diagnoses
        if any(story.mac == mac and kin(field, each.field) for mac, field in about)
    )
    return tuple(found)


def explained_section(found: Sequence[ClientDiagnosis], frames: Sequence[Frame]) -> list[tuple[str, str]]:
    """The same as a section of a report, its title and text; none without a diagnosis."""
    began = min((each.at for each in frames), default=0.0)
    lines = (line for each in found for line in diagnosis_lines(each.diagnosis, began, str(each.client)))
    text = "\n".join(line.removeprefix("  ") for line in lines)
    return [(_TITLE, text)] if text else []


def _clients_of(finding: Finding, exchanges: Sequence[Exchange]) -> frozenset[MacAddress]:
    """Whose exchanges it is about: those without an answer, or the last one with a reply of its sender."""
    silent = [each for each in exchanges if each.awaited and not each.replies]
    if finding.field == ANSWER and finding.received is None and silent:
        return frozenset(each.request.chaddr for each in silent)
    if finding.sender is not None:
        answered = [each for each in exchanges if _has_reply_of(each, finding.sender)]
        return frozenset(each.request.chaddr for each in answered[-1:] or exchanges)
    return frozenset(each.request.chaddr for each in exchanges)


def _has_reply_of(exchange: Exchange, sender: Sender) -> bool:
    return any(Sender.of(each) == sender for each in exchange.replies)
