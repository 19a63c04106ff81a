"""docs/diagnoses.md has every diagnosis, and no other."""

from __future__ import annotations

import re

from edgeboot.base.paths import PROJECT
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind


def test_page_has_a_line_for_each_diagnosis() -> None:
    """Who reads a name in a report finds it there."""
    page = (PROJECT / "docs" / "diagnoses.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == sorted(
        each.value for each in DiagnosisKind
    )
