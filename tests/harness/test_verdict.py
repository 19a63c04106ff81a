"""The verdict is the last section of every run, pytest's failures are folded, and the page is written."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from edgeboot.report.github import SUMMARY_VARIABLE
from tests.faults.causes import PLUGIN, SEGMENT_VARIABLE
from tests.harness.monitoring import program
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

LEASE_TESTS: Final = "tests/e2e/test_lease_time.py"
VERDICT: Final = " edgeboot: verdict "


def last_section(output: str) -> str:
    """What stands below the last title."""
    return output.rpartition(VERDICT)[2].partition("\n")[2]


@pytest.mark.parametrize("workers,options", [(0, ()), (2, ()), (0, ("-q",)), (0, ("-x",))])
def test_one_wrong_line_is_one_cause(
    workers: int, options: tuple[str, ...], changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """Its line is told, what nodes suffer, and how many tests it has turned red."""
    config = changed_config(",12h", ",11h")
    run = run_suite(f"--dhcp-config={config}", LEASE_TESTS, *options, workers=workers)
    words = last_section(run.output)
    assert f"1. {config}:4" in words
    assert "Leases last another time than was planned." in words
    assert "\n2. " not in words
    assert len(run.output.splitlines()) <= 200


def test_failures_of_one_cause_are_shown_once(changed_config: ConfigChanger, run_suite: RunSuite) -> None:
    """The others are counted; the counts of pytest are those of all."""
    run = run_suite(f"--dhcp-config={changed_config(',12h', ',11h')}", LEASE_TESTS)
    assert run.output.count("\n____") == 1
    assert " of the same cause (-vv shows them)" in run.output
    assert " failed, " in run.output


@pytest.mark.parametrize("option", ["-vv", "--tb=short"])
def test_every_failure_is_shown_to_who_asks_for_it(
    option: str, changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """With a form of one's own, or all of the words."""
    run = run_suite(f"--dhcp-config={changed_config(',12h', ',11h')}", LEASE_TESTS, option)
    assert run.output.count("\n____") > 5
    assert "of the same cause" not in run.output


def test_green_run_says_so_and_has_a_page(tmp_path: Path, run_suite: RunSuite) -> None:
    """Also elsewhere, and from its directory again."""
    evidence, copy, prom = tmp_path / "kept", tmp_path / "out" / "page.html", tmp_path / "edgeboot.prom"
    run = run_suite(f"--evidence={evidence}", f"--report={copy}", f"--metrics={prom}", LEASE_TESTS)
    assert "no boot was among it." in last_section(run.output)
    assert copy.read_bytes() == (evidence / "last" / "report.html").read_bytes()
    assert "Contract beside received" in copy.read_text()
    assert "edgeboot_causes{" in prom.read_text()
    assert (evidence / "last" / "lab" / "host-after.txt").is_file()


def test_evidence_of_passed_tests_is_kept_where_it_is_asked_for(tmp_path: Path, run_suite: RunSuite) -> None:
    """With their charts on the page."""
    run_suite(f"--evidence={tmp_path}", "--evidence-all", "-k", "ack-lease_time", LEASE_TESTS)
    text = (tmp_path / "last" / "report.html").read_text()
    assert '<details class="test green"' in text
    assert "DHCPACK" in text


def test_lab_that_cannot_come_up_is_the_verdict(changed_config: ConfigChanger, run_suite: RunSuite) -> None:
    """Nothing is verified, and the reason is told."""
    run = run_suite(f"--dhcp-config={changed_config('interface=ens3', 'interface=ens9')}", LEASE_TESTS)
    assert last_section(run.output).startswith("Nothing is verified: the lab could not come up, or broke")


def test_github_gets_a_summary_and_annotations(
    tmp_path: Path, environment: dict[str, str], changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """At the line of the cause."""
    environment[SUMMARY_VARIABLE] = str(tmp_path / "summary.md")
    config = changed_config(",12h", ",11h")
    run = run_suite(f"--dhcp-config={config}", LEASE_TESTS)
    assert (tmp_path / "summary.md").read_text().startswith("## ")
    assert f"::error file={config},line=4::" in run.output


def test_annotations_are_printed_to_who_asks_for_them(
    changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """Where the job's own variable does not come through, such as in a container."""
    config = changed_config(",12h", ",11h")
    run = run_suite("--github", f"--dhcp-config={config}", LEASE_TESTS)
    assert f"::error file={config},line=4::" in run.output


@pytest.mark.parametrize("workers", [0, 2])
def test_junit_has_causes_as_messages_and_the_verdict_as_properties(
    workers: int, tmp_path: Path, changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """And the evidence of each failed test; the lab has a suite of its own."""
    file, config = tmp_path / "junit.xml", changed_config(",12h", ",11h")
    run_suite(f"--dhcp-config={config}", f"--junit-xml={file}", LEASE_TESTS, workers=workers)
    tests, lab = ET.parse(file).getroot()
    told = {each.get("name"): each.get("value") for each in tests.iter("property")}
    assert str(told["cause.1"]).startswith(f"{config}:4")
    assert Path(str(told["evidence"])).is_dir()
    messages = [each.get("message", "") for each in tests.iter("failure")]
    assert all(f"{config}:4" in each and "AssertionError" not in each for each in messages)
    assert len(messages) == int(tests.get("failures", "0")) > 0
    assert (lab.get("name"), lab.get("errors"), lab.get("tests")) == ("lab", "0", "1")


@pytest.mark.parametrize("workers", [0, 2])
def test_lab_that_breaks_is_booked_on_no_test(
    workers: int, tmp_path: Path, environment: dict[str, str], run_suite: RunSuite
) -> None:
    """The test that met it first says nothing about the server."""
    environment[SEGMENT_VARIABLE], file = "pulled cable", tmp_path / "junit.xml"
    run_suite("-p", PLUGIN, f"--junit-xml={file}", "tests/e2e/test_who_answers.py", workers=workers)
    tests, lab = ET.parse(file).getroot()
    assert (tests.get("errors"), len(tests.findall("testcase"))) == ("0", int(tests.get("tests", "-1")))
    [error] = lab.iter("error")
    assert "the server's port port0 is gone" in error.get("message", "")


def test_promtool_has_nothing_to_say_of_the_metrics(
    tmp_path: Path, changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """Names, types and labels are as Prometheus wants them."""
    file = tmp_path / "edgeboot.prom"
    run_suite(f"--dhcp-config={changed_config(',12h', ',11h')}", f"--metrics={file}", LEASE_TESTS)
    command = [program("promtool"), "check", "metrics"]
    said = subprocess.run(command, input=file.read_bytes(), capture_output=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, b"", b"")
