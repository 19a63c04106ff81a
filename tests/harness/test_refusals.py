"""What cannot be run is refused once, in one line with a hint, before any test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

USAGE, LAB_BROKEN = 4, 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """Unusable arguments, the exit status and a text of the message."""

    arguments: tuple[str, ...]
    status: int
    message: str


REFUSALS = [
    Refusal(("--lab=moon",), USAGE, "--lab moon: no such lab in this version; choose from auto, netns"),
    Refusal(
        ("--profile=prod",), USAGE, "--profile prod: no such profile; choose from http-boot, poc, poc-fixed"
    ),
    Refusal(
        ("--profile=poc-literal",), USAGE, "--profile poc-literal: has no contract contracts/poc-literal.toml"
    ),
    Refusal(
        ("--profile=poc-literal", "--contract=contracts/poc.toml"),
        USAGE,
        "--profile poc-literal: installs dnsmasq by apk when it starts",
    ),
    Refusal(("--contract=absent.toml",), USAGE, "--contract absent.toml: no such file"),
    Refusal(("--contract=pyproject.toml",), USAGE, "pyproject.toml: field lease_time: is missing"),
    Refusal(("--dhcp-config=/absent.conf",), USAGE, "--dhcp-config: cannot read /absent.conf (No such file"),
    Refusal(("--fuzz-seed=mine",), USAGE, "--fuzz-seed mine: is no number"),
    Refusal(("--boot-file=absent.efi",), USAGE, "--boot-file absent.efi: no such file; name an EFI"),
    Refusal(("--interface=virbr1",), USAGE, "--interface: is for lab orchestrator, not netns; leave it out"),
    Refusal(("--lab=orchestrator",), USAGE, "--lab orchestrator: does not know the segment; name the bridge"),
    Refusal(("--lab=auto", "--interface=absent"), USAGE, "--interface absent: no such interface; choose"),
    Refusal(("--evidence=/proc/no/evidence",), USAGE, "--evidence /proc/no/evidence: cannot be written"),
    Refusal(("--report=/proc/no/page.html",), USAGE, "--report /proc/no/page.html: cannot be written"),
    Refusal(
        ("--metrics=/proc/no/edgeboot.prom",), USAGE, "--metrics /proc/no/edgeboot.prom: cannot be written"
    ),
    Refusal(
        ("--push=gateway:9091",), USAGE, "--push gateway:9091: is no http or https URL with a host; name"
    ),
    Refusal(("--junit-xml=/proc/no/j.xml",), USAGE, "--junit-xml /proc/no/j.xml: cannot be written"),
    Refusal(("--result=/proc/no/r.json",), USAGE, "--result /proc/no/r.json: cannot be written"),
    Refusal(
        ("--machines=tests/harness/machines.toml", "-m", "machine"),
        USAGE,
        "--machines: machine node-3: cannot boot in lab netns: no cable leads out of its segment",
    ),
    Refusal(("--dhcp-command=absentd -f",), USAGE, "the server's program absentd is not installed"),
    Refusal(("--dhcp-command=dnsmasq {nonsense}",), USAGE, "use {interface} and {config}"),
    Refusal(("--dhcp-command=dnsmasq -d --port=0 -C /absent",), LAB_BROKEN, "cannot read /absent"),
    Refusal(("--dhcp-command=sleep 100",), LAB_BROKEN, "runs but serves no DHCP"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: " ".join(refusal.arguments))
def test_unusable_input_is_refused_in_one_line(refusal: Refusal, run_suite: RunSuite) -> None:
    """The exit status distinguishes usage errors from lab errors, and no test runs."""
    run = run_suite(*refusal.arguments, "tests/e2e/test_boot.py")
    assert run.status == refusal.status, run.output
    assert refusal.message in run.output
    assert "Traceback" not in run.output
    assert " passed" not in run.output


@pytest.mark.parametrize("workers", [0, 2])
def test_server_that_cannot_start_is_reported_once(
    workers: int, changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """The message has dnsmasq's own error and the line it concerns; with xdist, too."""
    run = run_suite("--dhcp-config", str(changed_config("interface=ens3", "interface=ens9")), workers=workers)
    assert run.status == LAB_BROKEN, run.output
    [line] = [line for line in run.output.splitlines() if "the lab cannot be used" in line]
    assert "unknown interface ens9" in line
    assert "candidate.conf:5 interface=ens9" in line


def test_typo_in_the_config_is_reported_with_its_line(
    changed_config: ConfigChanger, run_suite: RunSuite
) -> None:
    """The operator's file, its line and dnsmasq's words, before anything is collected or made."""
    config = changed_config("bind-interfaces", "bind-interfacez")
    run = run_suite("--dhcp-config", str(config))
    assert run.status == USAGE, run.output
    assert f"ERROR: {config}:6 bind-interfacez: dnsmasq says 'bad option'; correct that line" in run.output
    assert "collected" not in run.output


@pytest.mark.parametrize(
    "variable,value,message",
    [
        ("EDGEBOOT_LAB", "moon", "EDGEBOOT_LAB=moon: no such lab in this version"),
        ("EDGEBOOT_PROFILE", "prod", "EDGEBOOT_PROFILE=prod: no such profile"),
        ("EDGEBOOT_DHCP_CONFIG", "/absent", "EDGEBOOT_DHCP_CONFIG: cannot read /absent (No such file"),
        ("EDGEBOOT_RESULT", "/proc/no/r.json", "EDGEBOOT_RESULT=/proc/no/r.json: cannot be written"),
        ("EDGEBOOT_INTERFASE", "virbr1", "EDGEBOOT_INTERFASE: no such variable; did you mean EDGEBOOT_INT"),
        ("EDGEBOOT_EVIDENCE_ALL", "ja", "EDGEBOOT_EVIDENCE_ALL=ja: is neither yes nor no; say yes or no"),
        ("EDGEBOOT_SHOW_PACKETS", "ja", "EDGEBOOT_SHOW_PACKETS=ja: is neither yes nor no; say yes or no"),
        ("EDGEBOOT_DRY_RUN", "yes", "--lab orchestrator: does not know the segment"),
    ],
)
def test_unusable_variable_is_refused_by_its_name(
    variable: str, value: str, message: str, environment: dict[str, str], run_suite: RunSuite
) -> None:
    """Nobody gave that option on the command line."""
    environment[variable] = value
    run = run_suite("tests/e2e/test_boot.py", lab=None)
    assert run.status == USAGE, run.output
    assert f"ERROR: {message}" in run.output


def test_variable_of_another_lab_is_said_not_to_be_used(
    environment: dict[str, str], run_suite: RunSuite
) -> None:
    """It is exported for the nightly run on the site."""
    environment["EDGEBOOT_INTERFACE"] = "virbr1"
    run = run_suite("--collect-only", "tests/e2e/test_boot.py")
    assert run.status == 0, run.output
    assert "edgeboot: not used by lab netns: EDGEBOOT_INTERFACE (lab orchestrator)" in run.output


def test_wrong_contract_field_is_reported(tmp_path: Path, run_suite: RunSuite) -> None:
    """The message has file, field, problem and the right form."""
    text = Path("contracts/poc.toml").read_text().replace('lease_time = "12h"', "lease_time = 43200", 1)
    (tmp_path / "mine.toml").write_text(text)
    run = run_suite("--contract", str(tmp_path / "mine.toml"), "tests/e2e/test_boot.py")
    assert run.status == USAGE, run.output
    assert "mine.toml: field lease_time: a bare number has no unit, found 43200; write 43200s" in run.output


def test_known_defect_that_was_fixed_is_an_error(run_suite: RunSuite) -> None:
    """Known defects are strict xfails: the entry must leave the contract when the defect is fixed."""
    run = run_suite("--profile=poc-fixed", "--contract=contracts/poc.toml", "tests/e2e/test_boot.py")
    assert run.status == 1, run.output
    assert "[XPASS(strict)] known defect: dhcp-option-force=66/67 beside dhcp-boot" in run.output


@pytest.mark.parametrize("workers", [0, 2])
def test_unknown_statement_is_reported_with_its_test(
    workers: int, tmp_path: Path, run_suite: RunSuite
) -> None:
    """The message has test, statement id and the directory of statements; with xdist, too."""
    stray = tmp_path / "test_stray.py"
    stray.write_text(
        "import pytest\n\n"
        "@pytest.mark.covers('RFC2131-4.1-ports', 'RFC9999-1-none')\n"
        "def test_stray():\n    pass\n"
    )
    run = run_suite("-c", "pyproject.toml", "tests/e2e/test_boot.py", str(stray), workers=workers)
    assert run.status == USAGE, run.output
    [line] = [line for line in run.output.splitlines() if "test_stray: marker covers names" in line]
    assert "names RFC9999-1-none, which no file of docs/statements states" in line
