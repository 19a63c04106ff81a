"""Why the host of a boot URL has no address: its name server is silent, or does not know the name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis, Evidence
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.reach import why_unreached
from edgeboot.report.machine_boot.name_lookups import NameLookup

_PORT: Final = 53


def about_names(attempt: Attempt) -> Iterator[Diagnosis]:
    """What became of its questions, but those for a name that another server or a later answer gave."""
    lookups = attempt.traffic.name_lookups
    known = {each.name.lower() for each in lookups if each.is_known}
    for each in lookups:
        if each.name.lower() in known or each.asked[-1].at < attempt.fetched_until:
            continue
        if each.failed:
            yield _unknown(each)
        elif each.answer is None and (len(each.asked) > 1 or attempt.is_over(each.asked[0].at)):
            yield _unanswered(attempt, each)


def _unknown(each: NameLookup) -> Diagnosis:
    return Diagnosis(
        Kind.NAME_UNKNOWN,
        f"the name server {each.server} answers {each.failed} for {each.name}",
        f"an address (A) of {each.name} on {each.server}, or an address in the URL",
        Certainty.CERTAIN,
        _shown(each),
        "domain_name_servers",
        each.server,
    )


def _unanswered(attempt: Attempt, each: NameLookup) -> Diagnosis:
    why = why_unreached(attempt.traffic, each.server, _PORT)
    return Diagnosis(
        Kind.NAME_UNANSWERED,
        f"the name server {each.server} was asked {len(each.asked)} times for {each.name}, "
        f"and did not answer{why}",
        f"a name server at {each.server} that answers, or another in option 6",
        Certainty.CERTAIN,
        _shown(each),
        "domain_name_servers",
        each.server,
    )


def _shown(each: NameLookup) -> tuple[Evidence, ...]:
    asked = tuple(Evidence(one.number, one.at, f"question for {each.name}") for one in each.asked)
    if each.answer is None:
        return asked
    return (*asked, Evidence(each.answer.number, each.answer.at, f"answer: {each.failed}"))
