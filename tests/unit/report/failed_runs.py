"""Results of runs against broken servers, made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from edgeboot.report.findings import Finding, Sender
from edgeboot.report.outcomes import Counts, Outcome, TestResult
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result, Subject
from edgeboot.spec.manifests.cause import Cause
from tests.unit.samples import SERVER, SERVER_MAC

STARTED: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SUBJECT: Final = Subject("ab12cd", "netns", "asked for", "poc", "contracts/poc.toml")
SENDER: Final = Sender(SERVER, SERVER_MAC)
RANGE: Final = Cause("dnsmasq.conf", 4, "dhcp-range=192.168.99.100,192.168.99.200,11h")
BOOT: Final = Cause("dnsmasq.conf", 7, "dhcp-boot=signed_ipxe.efi,,192.168.99.41")
IGNORE: Final = Cause("dnsmasq.conf", 9, "dhcp-ignore=tag:!known")
LEASE_TIME: Final = Finding("lease_time", timedelta(hours=12), timedelta(hours=11), SENDER, (RANGE,))
T1: Final = Finding("renewal_time", timedelta(hours=6), timedelta(hours=5.5), SENDER, (RANGE,))
NEXT_SERVER: Final = Finding("next_server", "192.168.99.40", "192.168.99.41", SENDER, (BOOT,))
SILENCE: Final = Finding(
    "answer",
    "a reply to DHCPDISCOVER",
    None,
    causes=(IGNORE,),
    statement="the server saw DHCPDISCOVER xid 0x00000001 (1) of 02:eb:00:00:00:01 and said 'ignored'",
)
PORTS: Final = Finding("closed_ports", (), (53,), SENDER)
BOOTS: Final = "tests/e2e/test_firmware.py::test_client_boots_what_the_contract_says[edk2-pxe-x86-64]"


def failure(name: str, *findings: Finding, **fields: Any) -> Failure:
    """A test of that name that failed by these findings, or by an error without any."""
    message = f"AssertionError: {findings[0] if findings else 'boom'}"
    return Failure(
        f"tests/e2e/{name}", **{"phase": "call", "message": message, "findings": findings} | fields
    )


def failed(*failures: Failure, passed: Iterable[str] = (BOOTS,), status: int = 1) -> Result:
    """A run with these failures, and tests that passed."""
    tests = [
        *(TestResult(each.test, Outcome.FAILED, each.phase, 0.5) for each in failures),
        *(TestResult(each, Outcome.PASSED, "call", 0.5) for each in passed),
    ]
    counts = Counts(passed=len(tests) - len(failures), failed=len(failures))
    result = Result(STARTED, subject=SUBJECT, counts=counts, failures=tuple(failures), tests=tuple(tests))
    return result.at_its_end(status, STARTED + timedelta(minutes=1))


def renamed(finding: Finding, **fields: Any) -> Finding:
    """The finding with other fields."""
    return replace(finding, **fields)
