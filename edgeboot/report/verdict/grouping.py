"""Failures grouped by their findings: one group for each cause, whatever the messages say.

Two failures belong together if their findings name the same line of a file, or the same machine as the
cause; a machine that answers where it should not may have caused whatever a node has seen then. Where
neither is known they do if field and sender are the same. Such a failure goes to the group of something
else that its replies are known to be wrong by, if that is of its family of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from edgeboot.report.findings import Finding
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.report.verdict.suffering import kin, may_follow_from_a_stranger
from edgeboot.spec.manifests.cause import Cause

Key = tuple[str, ...]


@dataclass(slots=True)
class Group:
    """The failures of one cause."""

    failures: list[Failure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """Those of the failures that belong to it; empty where the failures have none."""

    def add(self, failure: Failure, finding: Finding | None) -> None:
        """One more failure, and the finding by which it belongs here."""
        self.failures.append(failure)
        if finding is not None:
            self.findings.append(finding)

    def has(self, finding: Finding) -> bool:
        """Whether it has a finding about the same field from the same sender."""
        return any((each.field, each.sender) == (finding.field, finding.sender) for each in self.findings)


def grouped(failures: Sequence[Failure]) -> list[Group]:
    """A group for each cause, in the order in which they came up."""
    groups: dict[Key, Group] = {}
    rest: list[Failure] = []
    for failure in failures:
        line = _place_of(_first(failure))
        if line is None:
            rest.append(failure)
        else:
            groups.setdefault(line, Group()).add(failure, _first(failure))
    _name_the_others(failures, groups)
    rest.sort(key=_uncertainty)
    for failure in rest:
        first = _first(failure)
        group = _explained(failure, first, groups) or groups.setdefault(_key(failure, first), Group())
        group.add(failure, first)
    return list(groups.values())


def _first(failure: Failure) -> Finding | None:
    """The finding by which a failure is grouped: its first, unless a later one says where that comes from.

    Such as who else answers, beside an exchange that had two replies.
    """
    first = next(iter(failure.findings), None)
    if first is None or _place_of(first) is not None:
        return first
    later = (each for each in failure.findings[1:] if _place_of(each) and _explains(each, first))
    return next(later, first)


def _explains(finding: Finding, first: Finding) -> bool:
    """Whether the one may be where the other comes from."""
    if finding.field == SERVERS and may_follow_from_a_stranger(first.field):
        return True
    return kin(first.field, finding.field)


def _uncertainty(failure: Failure) -> int:
    """Failures that say by themselves what is wrong come before those that their replies explain."""
    first = _first(failure)
    return (
        2
        if first is None
        else int(any((each.field, each.sender) != (first.field, first.sender) for each in failure.observed))
    )


def _name_the_others(failures: Iterable[Failure], groups: dict[Key, Group]) -> None:
    """A line that only stands second in its failures is a cause of its own, too."""
    for failure in failures:
        for finding in failure.findings[1:]:
            line = _place_of(finding)
            if line is not None and line not in groups:
                groups[line] = Group()
                groups[line].add(failure, finding)


def _explained(failure: Failure, first: Finding | None, groups: dict[Key, Group]) -> Group | None:
    """The group to which a failure belongs that names no line itself."""
    if first is not None:
        machine = groups.get(("machine", str(first.sender))) if kin(first.field, SERVERS) else None
        same = machine or next((group for group in groups.values() if group.has(first)), None)
        if same is not None:
            return same
    for observed in failure.observed:
        group = groups.get(_place_of(observed) or ()) or next(
            (each for each in groups.values() if each.has(observed)), None
        )
        if group is not None and (first is None or kin(first.field, observed.field)):
            return group
    return None


def _key(failure: Failure, first: Finding | None) -> Key:
    if first is not None:
        return ("field", first.field, str(first.sender))
    if failure.phase == "setup":
        return ("error", failure.error)  # One fixture's, raised again for each test that needs it.
    return ("test", failure.test.partition("[")[0], failure.phase)


def _place_of(finding: Finding | None) -> Key | None:
    """The likeliest cause, where it is a line or a file of what is deployed, or a machine that answers."""
    cause: Cause | None = None if finding is None else finding.cause
    if finding is None or cause is None:
        return None
    if cause.file is not None:
        return ("line", cause.file, str(cause.line) if cause.line is not None else cause.text)
    return None if finding.sender is None else ("machine", str(finding.sender))
