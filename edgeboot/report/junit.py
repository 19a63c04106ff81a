"""How the tests of a run ended, from pytest's JUnit file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree as ET


class Ending(Enum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    """Or had an error before or after."""
    DEFECT = "known defect"
    """Failed, as its contract says that it does."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """A test with its case; one that failed and had an error afterwards is told of twice."""

    file: str
    """Without its directory: ``test_offer.py``."""
    name: str
    """With the case in brackets."""
    ending: Ending
    reports: tuple[tuple[str, str], ...] = ()
    """Of one that failed: headline and text of each failure or error."""


def cases(path: Path) -> Iterator[Case]:
    """The tests of a run in their order; none where it ended before it wrote the file."""
    for case in ET.parse(path).iter("testcase") if path.exists() else ():  # noqa: S314 - our own
        failures = [each for each in case if each.tag in {"failure", "error"}]
        reports = tuple((each.attrib.get("message", ""), each.text or "") for each in failures)
        file = f"{case.attrib['classname'].rpartition('.')[2]}.py"
        yield Case(file, case.attrib["name"], _ending(case, failed=bool(failures)), reports)


def _ending(case: ET.Element, *, failed: bool) -> Ending:
    skipped = case.find("skipped")
    if failed:
        return Ending.FAILED
    if skipped is None:
        return Ending.PASSED
    return Ending.DEFECT if skipped.get("type") == "pytest.xfail" else Ending.SKIPPED
