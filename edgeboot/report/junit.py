"""A run's JUnit report: causes as messages, properties for the rest, and a suite of its own for the lab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final
from xml.etree import ElementTree as ET

from edgeboot.report.meaning import Meaning
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.report.secrets import without_secrets
from edgeboot.report.values import visible
from edgeboot.report.verdict.headline import Verdict

LAB: Final = "lab"
"""The name of its suite."""
NOT_RUN: Final = "not run"
"""The name of the suite of reasons that no test tells."""
_CAUSE: Final = "; likely cause: "
"""As a finding's text has it; the message begins with it."""
_PHASES: Final = {"failure": ("call",), "error": ("setup", "teardown")}
"""Of a test, by the element that tells of its failure."""


def complete(
    report: ET.Element, result: Result, verdict: Verdict, broke_in: str | None, prefix: str = ""
) -> None:
    """Add to pytest's report, whose suite of tests keeps its shape, what a run has found.

    Args:
        report: ``testsuites``; changed in place.
        result: of the whole run.
        verdict: on it.
        broke_in: the test, by its node id, that met the broken lab first; it says nothing about the server.
        prefix: what the names of all classes begin with (``--junit-prefix``).
    """
    suite = report.find("testsuite")
    if suite is None:
        return
    own = suite.find("properties")
    if own is not None:
        suite.remove(own)
    suite.insert(0, _properties(properties(result, verdict)))
    if broke_in is not None:
        _remove(suite, _place(broke_in, prefix))
    failures = {(*_place(each.test, prefix), each.phase): each for each in result.failures}
    for case in suite.iter("testcase"):
        _tell(case, failures, verdict)
    report.append(_lab(result))
    report.extend(_out_of_time(result))
    for element in report.iter():
        element.text = element.text and _told(element.text)
        element.attrib.update({name: _told(value) for name, value in element.attrib.items()})


def _told(text: str) -> str:
    """Without secrets, and without characters that XML does not have."""
    return visible(without_secrets(text))


def properties(result: Result, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Names and values: the verdict, each cause, what was verified, and from what it was made."""
    yield "verdict", verdict.sentence
    for number, cause in enumerate(verdict.causes, start=1):
        yield f"cause.{number}", cause.title
    subject = result.subject
    if result.segment is not None:
        yield "segment", result.segment
    if subject is not None:
        yield from (
            ("run", subject.run),
            ("lab", subject.lab),
            ("profile", subject.profile),
            ("contract", subject.contract),
            ("options", " ".join(subject.options)),
        )
    if result.server is not None:
        yield "server", result.server
    if result.provenance is not None:
        yield from ((f"provenance.{name}", str(value)) for name, value in asdict(result.provenance).items())
    for latency in result.latencies:
        yield f"offer_seconds.{latency.nodes.value}.p90", f"{latency.p90:g}"


def _properties(each: Iterator[tuple[str, str]]) -> ET.Element:
    element = ET.Element("properties")
    element.extend(ET.Element("property", {"name": name, "value": value}) for name, value in each)
    return element


def _place(test: str, prefix: str) -> tuple[str, str]:
    """How pytest names a test in the report: by its file with dots, and its function."""
    file, _, name = test.partition("::")
    return ".".join(filter(None, (prefix, file.removesuffix(".py").replace("/", ".")))), name


def _remove(suite: ET.Element, place: tuple[str, str]) -> None:
    """Without the cases of a test, whose outcomes are no longer counted."""
    for case in suite.findall("testcase"):
        if (case.get("classname"), case.get("name")) != place:
            continue
        suite.remove(case)
        counters = {"error": "errors", "failure": "failures", "skipped": "skipped"}
        for counter in ("tests", *(counters[each.tag] for each in case if each.tag in counters)):
            suite.set(counter, str(int(suite.get(counter, "1")) - 1))


def _tell(case: ET.Element, failures: dict[tuple[str, str, str], Failure], verdict: Verdict) -> None:
    """The cause of a failure, and what was found, in place of the exception's type and words."""
    place = (case.get("classname", ""), case.get("name", ""))
    for tag, phases in _PHASES.items():
        for element in case.findall(tag):
            failure = next((failures[*place, each] for each in phases if (*place, each) in failures), None)
            cause = None if failure is None else verdict.of_test(failure.test)
            if failure is not None and cause is not None:
                found = failure.headline.partition(_CAUSE)[0]
                known = cause.cause is not None and cause.title not in found
                element.set("message", f"{cause.title}: {found}" if known else failure.headline)


def _out_of_time(result: Result) -> Iterator[ET.Element]:
    """A suite with an error where tests were left out and no test is red for it, as for want of time.

    A test that was not run is a skipped one, as a test is whose premise has failed in other reports of
    this kind: they have no other word for it. CI would show a run of them alone as a green one.
    """
    left_out = [each for each in result.not_run if each.because is None]
    if not left_out:
        return
    suite = ET.Element(
        "testsuite", {"name": NOT_RUN, "tests": str(len(left_out)), "errors": str(len(left_out))}
    )
    suite.attrib.update({"failures": "0", "skipped": "0"})
    for each in left_out:
        case = ET.SubElement(suite, "testcase", {"classname": NOT_RUN, "name": each.reason})
        message = f"{len(each.tests)} not run: {each.reason}"
        ET.SubElement(case, "error", {"message": message}).text = "\n".join((message, *each.tests))
    yield suite


def _lab(result: Result) -> ET.Element:
    """One case: the lab came up, and was there to the end; none where no test needed a lab."""
    subject = result.subject
    name = subject.lab if subject is not None else LAB
    broken = result.error if result.meaning is Meaning.LAB else None
    counts = {"tests": broken is not None or result.server is not None, "errors": broken is not None}
    shown = {counter: str(int(count)) for counter, count in counts.items()}
    suite = ET.Element("testsuite", {"name": LAB, **shown, "failures": "0", "skipped": "0"})
    if not counts["tests"]:
        return suite
    told = (("server", result.server), ("stages", result.seen.stages), ("changed", result.changed))
    if any(text for _, text in told):
        suite.append(_properties((title, text) for title, text in told if text))
    case = ET.SubElement(suite, "testcase", {"classname": LAB, "name": name})
    if broken is not None:
        ET.SubElement(case, "error", {"message": broken}).text = broken
    return suite
