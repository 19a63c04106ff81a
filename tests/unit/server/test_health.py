"""The problems that a check of the server's health reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from edgeboot.server.health import GROWTH, Health
from edgeboot.server.log import ServerLog
from edgeboot.server.memory import resident_memory
from edgeboot.server.protocol import DhcpServer


@dataclass
class ServerStandIn:
    """The parts of a server that the health check reads."""

    instance: str = "7"
    running: bool = True
    resident_memory: int = 3 << 20
    log: ServerLog = field(default_factory=ServerLog)


@pytest.fixture
def patient() -> ServerStandIn:
    """A server that has logged a line."""
    patient = ServerStandIn()
    patient.log.add("dnsmasq: started, version 2.90")
    return patient


@pytest.fixture
def health(patient: ServerStandIn) -> Health:
    """Its health, with the healthy state as the reference."""
    return Health.of(cast(DhcpServer, patient))


def test_well_server_has_no_ailments(patient: ServerStandIn, health: Health) -> None:
    """Earlier lines, lines about messages and small growth are no problems."""
    patient.log.add("dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) 02:eb:00:00:00:01")
    patient.resident_memory += GROWTH
    assert health.problems == ()


def test_end_and_another_start_are_told(patient: ServerStandIn, health: Health) -> None:
    """An ended server, and a restarted one."""
    patient.running = False
    assert health.problems == ("the server has ended",)
    patient.running, patient.instance = True, "8"
    assert health.problems == ("the server was restarted: was 7, is 8",)


@pytest.mark.parametrize(
    "cry",
    [
        "dnsmasq: started, version 2.90 cachesize 150",
        "*** buffer overflow detected ***: terminated",
        "dnsmasq: rfc2131.c:1: dhcp_reply: Assertion `len > 0' failed.",
        "traps: dnsmasq[1] general protection, Segmentation fault",
        "free(): invalid pointer",
        "==1==ERROR: AddressSanitizer: heap-buffer-overflow",
        "panic: runtime error: index out of range",
    ],
)
def test_cry_in_the_log_is_told_once(cry: str, patient: ServerStandIn, health: Health) -> None:
    """By the next check only, so that the message before it is blamed, and no later one."""
    patient.log.add(cry)
    assert [health.liveness_problems, health.liveness_problems] == [(f"the server logged {cry!r}",), ()]


def test_growth_is_told_once_and_counted_from_there(patient: ServerStandIn, health: Health) -> None:
    """Only the message that exceeds the limit is blamed, not every later one."""
    patient.resident_memory += GROWTH + 1024
    assert health.problems == (f"the server holds {GROWTH // 1024 + 1} kB more than before",)
    patient.resident_memory += GROWTH
    assert not health.problems


def test_last_words_are_the_end_of_the_log(patient: ServerStandIn, health: Health) -> None:
    """The last five lines, or that there are none."""
    for number in range(6):
        patient.log.add(f"line {number}")
    assert health.last_lines.split() == ["line", "1", "line", "2", "line", "3", "line", "4", "line", "5"]
    patient.log = ServerLog()
    assert health.last_lines == "  (nothing at all)"


def test_resident_memory_is_read_from_proc() -> None:
    """VmRSS in bytes; 0 for a zombie."""
    assert resident_memory("Name:\tdnsmasq\nVmHWM:\t    4000 kB\nVmRSS:\t    3520 kB\n") == 3520 * 1024
    assert resident_memory("Name:\tdnsmasq\nState:\tZ (zombie)\n") == 0
