"""A JUnit report, as CI systems read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from edgeboot.report.junit import complete, properties
from edgeboot.report.not_run import NotRunTests
from edgeboot.report.result import Result
from edgeboot.report.verdict.verdict import verdict
from tests.unit.report.failed_runs import LEASE_TIME, NEXT_SERVER, STARTED, SUBJECT, failed, failure, renamed

WRITTEN: Final = """<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="0" tests="3">
<testcase classname="tests.e2e.a" name="test_a[x]"><failure message="boom">where</failure></testcase>
<testcase classname="tests.e2e.a" name="test_b" />
<testcase classname="tests.e2e.a" name="test_c"><error message="boom">token: abcdef0123</error></testcase>
</testsuite></testsuites>"""
"""By pytest."""


def completed(result: Result, broke_in: str | None = None) -> list[ET.Element]:
    """The suites."""
    report = ET.fromstring(WRITTEN)
    complete(report, result, verdict(result), broke_in)
    return list(report)


def test_verdict_and_what_was_verified_are_properties() -> None:
    """Of the suite."""
    result = failed(failure("a.py::test_a", LEASE_TIME))
    found = dict(properties(result, verdict(result)))
    assert found["verdict"].startswith("Edge nodes would boot, but")
    assert found["cause.1"].startswith("dnsmasq.conf:4 dhcp-range")
    assert (found["lab"], found["profile"], found["run"]) == ("netns", "poc", "ab12cd")


def test_cause_is_the_message_of_a_failure() -> None:
    """The words of pytest stay below it; what has passed stays as it is."""
    tests, _ = completed(
        failed(failure("a.py::test_a[x]", LEASE_TIME, message="no lease; likely cause: a line"))
    )
    [failed_one] = tests.iter("failure")
    assert failed_one.get("message") == (
        "dnsmasq.conf:4 dhcp-range=192.168.99.100,192.168.99.200,11h: no lease"
    )
    assert failed_one.text == "where"
    assert (tests.get("tests"), tests.get("errors"), len(tests.findall("testcase"))) == ("3", "1", 3)


def test_lab_that_came_up_is_a_case_of_its_own_suite() -> None:
    """CI shows that there was one."""
    _, lab = completed(replace(failed(status=0), server="dnsmasq 2.90"))
    assert (lab.get("name"), lab.get("tests"), lab.get("errors")) == ("lab", "1", "0")
    assert [(each.get("classname"), each.get("name")) for each in lab.iter("testcase")] == [("lab", "netns")]


def test_lab_that_no_test_needed_is_no_case() -> None:
    """It has not come up."""
    _, lab = completed(failed(status=0))
    assert (lab.get("name"), lab.get("tests"), list(lab)) == ("lab", "0", [])


def test_lab_that_broke_is_its_own_failure_and_no_tests() -> None:
    """The test that met it first is gone, and no longer counted."""
    result = replace(failed(), error="the bridge is gone").at_its_end(3, STARTED)
    tests, lab = completed(replace(result, subject=SUBJECT), broke_in="tests/e2e/a.py::test_c")
    assert (tests.get("tests"), tests.get("errors"), len(tests.findall("testcase"))) == ("2", "0", 2)
    assert lab.get("errors") == "1"
    assert [each.get("message") for each in lab.iter("error")] == ["the bridge is gone"]


def test_tests_left_out_for_want_of_time_are_an_error() -> None:
    """None of them is red: CI would show them as skipped, and the run as green."""
    late = NotRunTests("out of time", None, ("a.py::test_d", "a.py::test_e"))
    told = NotRunTests("no new node is answered", "a.py::test_a", ("a.py::test_f",))
    *_, suite = completed(replace(failed(status=1), not_run=(late, told)))
    assert (suite.get("name"), suite.get("tests"), suite.get("errors")) == ("not run", "1", "1")
    assert [each.get("message") for each in suite.iter("error")] == ["2 not run: out of time"]


def test_secret_is_in_no_part_of_it() -> None:
    """An exception may quote what it could not use."""
    tests, _ = completed(failed())
    assert b"abcdef0123" not in ET.tostring(tests)


def test_report_stays_xml_whatever_a_server_has_said() -> None:
    """XML has no way to write most control characters."""
    hostile = renamed(NEXT_SERVER, received="\x1b[2J\x00\udcff", causes=())
    report = ET.fromstring(WRITTEN)
    result = failed(failure("a.py::test_a[x]", hostile))
    complete(report, result, verdict(result), None)
    again = ET.fromstring(ET.tostring(report, encoding="utf-8"))
    assert any(r"\u001b[2J" in each.get("value", "") for each in again.iter("property"))
