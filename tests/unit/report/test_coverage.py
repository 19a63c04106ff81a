"""The page of what is covered: from cases and statements, and the one in docs is up to date."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import PROJECT
from edgeboot.report.coverage import UNIT, Coverage, ProofStatus, ProvingCase
from edgeboot.report.coverage_page import page
from edgeboot.spec.statements import Catalogue, Document, Statement, load_statements

OPEN_ALLOWED: Final = 0
"""How many statements may still wait for their test; this number only goes down."""
LABS: Final = ("netns", "kind")
PORTS: Final = Statement(id="RFC2131-4.1-ports", source="RFC 2131 section 4.1", says="From 67 to 68.")
XID: Final = Statement(id="RFC2131-table3-xid", source="RFC 2131 table 3", says="xid is the client's.")


def case(
    function: str, *statements: str, labs: tuple[str, ...] = LABS, **more: tuple[str, ...]
) -> ProvingCase:
    """A case of a test of tests/e2e/test_boot.py."""
    return ProvingCase("tests/e2e/test_boot.py", function, frozenset(statements), labs, **more)


def coverage(*cases: ProvingCase, statements: tuple[Statement, ...] = (PORTS, XID)) -> Coverage:
    """What these cases prove of two statements of RFC 2131."""
    documents = (Document(name="RFC 2131", title="DHCP"),)
    return Coverage(Catalogue({each.id: each for each in statements}, documents), cases, LABS)


def row(text: str, identifier: str) -> list[str]:
    """The cells of a statement's row."""
    [line] = [line for line in text.splitlines() if f"<sub>{identifier}</sub>" in line]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def generated(path: Path) -> str:
    """The page as ``make coverage`` makes it, in a process of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "EDGEBOOT_"))
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-qq",
        "--lab=netns",
        "tests/e2e",
        "tests/unit",
    ]
    finished = subprocess.run(
        [*command, f"--coverage-table={path}", f"--evidence={path.parent / 'evidence'}"],
        cwd=PROJECT,
        env=kept | {"XDG_STATE_HOME": str(path.parent / "state")},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return path.read_text(encoding="utf-8")


def test_page_of_the_project_is_up_to_date(tmp_path: Path) -> None:
    """The page matches tests and statements; few statements are open."""
    text = generated(tmp_path / "coverage.md")
    kept = (PROJECT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert kept == text, "docs/coverage.md is not what the tests say: make coverage"
    waiting = [id_ for id_ in load_statements().statements if row(text, id_)[2] == "**open**"]
    assert len(waiting) <= OPEN_ALLOWED, f"{len(waiting)} statements are open: {', '.join(waiting)}"


def test_row_links_the_place_and_the_tests() -> None:
    """Source, text, proving tests and labs of a statement."""
    text = page(coverage(case("test_ports", PORTS.id)))
    assert row(text, PORTS.id) == [
        "[4.1](https://www.rfc-editor.org/rfc/rfc2131#section-4.1)",
        "From 67 to 68.<br><sub>RFC2131-4.1-ports</sub>",
        "[test_ports](../tests/e2e/test_boot.py)",
        "all",
    ]


def test_long_name_may_go_on_in_a_second_line() -> None:
    """A column as wide as the longest name would leave none for the statement."""
    text = page(coverage(case("test_server_name_does_not_depend_on_the_list", PORTS.id)))
    assert "[test_server_name_does_not_<wbr>depend_on_the_list](" in row(text, PORTS.id)[2]


def test_cases_are_counted() -> None:
    """Of a test whose cases prove different things only those that prove this one."""
    some = (case("test_a", PORTS.id, XID.id), case("test_a", XID.id), case("test_a", XID.id))
    text = page(coverage(*some))
    assert row(text, PORTS.id)[2].endswith(" (1 of 3 cases)")
    assert row(text, XID.id)[2].endswith(" (3 cases)")


def test_known_defects_are_told() -> None:
    """A statement known to fail in a profile is marked."""
    text = page(coverage(case("test_a", XID.id), case("test_a", XID.id, defect_of=("poc",))))
    assert row(text, XID.id)[2].endswith(" (2 cases, *1 a known defect of poc*)")


def test_labs_are_told_for_each_test_where_they_differ() -> None:
    """One line a test, in both columns."""
    text = page(coverage(case("test_a", XID.id), case("test_b", XID.id, labs=("kind",))))
    assert row(text, XID.id)[2:] == [
        "[test_a](../tests/e2e/test_boot.py)<br>[test_b](../tests/e2e/test_boot.py)",
        "all<br>kind",
    ]


def test_unit_tests_are_told_as_such() -> None:
    """A rule proven by unit tests only is not shown as proven on the wire."""
    text = page(coverage(case("test_a", XID.id, labs=(UNIT,)), case("test_b", PORTS.id)))
    assert row(text, XID.id)[3] == "unit"
    assert "| **all** | 2 | 1 | 1 |  |  |" in text


def test_statement_without_test_tells_why_or_is_open() -> None:
    """The page shows the reason why no test proves it."""
    reason = XID.model_copy(update={"not_covered": "nobody | reads <it>, `a<b`"})
    text = page(coverage(statements=(PORTS, reason)))
    assert row(text, XID.id)[2] == r"**not covered**: nobody \| reads &lt;it&gt;, `a<b`"
    assert row(text, PORTS.id)[2] == "**open**"


def test_summary_counts_each_standing() -> None:
    """Statements, on the wire, by unit tests only, not covered, open; zero is left blank."""
    reason = XID.model_copy(update={"not_covered": "nobody reads it"})
    other = PORTS.model_copy(update={"id": "RFC2131-4.1-b"})
    text = page(coverage(case("test_a", PORTS.id), statements=(PORTS, reason, other)))
    assert "| [RFC 2131, DHCP](#rfc-2131-dhcp) | 3 | 1 |  | 1 | 1 |" in text
    assert "| **all** | 3 | 1 |  | 1 | 1 |" in text


def test_reason_beside_a_test_is_refused() -> None:
    """Either the reason or the test's marker is out of date."""
    reason = XID.model_copy(update={"not_covered": "nobody reads it"})
    contradictory = coverage(case("test_a", XID.id), statements=(reason,))
    with pytest.raises(
        UsageError, match=rf"{XID.id}: field not_covered: tests/e2e/test_boot.py::test_a covers"
    ):
        contradictory.status(reason)


def test_test_that_proves_nothing_is_listed() -> None:
    """Such a test is allowed, but it has no row in the tables."""
    collected = coverage(case("test_a", XID.id), case("test_b"), case("test_b"))
    assert collected.tests_without_statement() == [("tests/e2e/test_boot.py", "test_b")]
    assert "## Tests that prove none of these\n\n- [test_b](../tests/e2e/test_boot.py)\n" in page(collected)
    assert "prove none" not in page(coverage(case("test_a", XID.id)))


def test_standing_follows_from_tests_and_reason() -> None:
    """The four that there are; one test on the wire is enough."""
    assert coverage(case("test_a", XID.id)).status(XID) is ProofStatus.COVERED
    assert coverage(case("test_a", XID.id, labs=(UNIT,))).status(XID) is ProofStatus.BY_UNIT_TESTS
    both = coverage(case("test_a", XID.id, labs=(UNIT,)), case("test_b", XID.id, labs=("kind",)))
    assert both.status(XID) is ProofStatus.COVERED
    assert coverage().status(XID) is ProofStatus.OPEN
    assert coverage().status(XID.model_copy(update={"not_covered": "nobody"})) is ProofStatus.NOT_COVERED
