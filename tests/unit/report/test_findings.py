"""A finding as data, as text, and as JSON from a worker to the process that prints."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.errors import LabError
from edgeboot.report.advisories import Advice
from edgeboot.report.annotations import PROPERTY, Annotations, LabBroken, LabFacts
from edgeboot.report.failure import explain, findings_of
from edgeboot.report.findings import Finding, Sender
from edgeboot.spec.manifests.cause import Cause
from tests.unit.samples import CONTRACT, SERVER, SERVER_MAC

SENDER: Final = Sender(SERVER, SERVER_MAC)
CAUSE: Final = Cause("my.conf", 4, "dhcp-range=x")
LEASE: Final = Finding("lease_time", timedelta(hours=12), timedelta(hours=1), SENDER, (CAUSE,))
SILENCE: Final = Finding("answer", "a reply", None, None, (CAUSE,), "the server never saw it")


def test_finding_is_one_line() -> None:
    """Field, both values, the sender and the line to look at."""
    assert str(LEASE) == (
        "lease_time: expected 12:00:00, received 1:00:00 from 192.168.99.10 (52:54:00:12:34:56); "
        "likely cause: my.conf:4 dhcp-range=x"
    )


def test_finding_is_an_object_for_programs() -> None:
    """Durations in seconds, sender and cause as objects of their own."""
    data = LEASE.to_json()
    assert (data["field"], data["expected"], data["received"]) == ("lease_time", 43200.0, 3600.0)
    assert data["sender"] == {"address": "192.168.99.10", "mac": "52:54:00:12:34:56"}
    assert data["cause"] == {"file": "my.conf", "line": 4, "text": "dhcp-range=x", "reason": ""}
    assert (data["other_causes"], data["text"]) == ([], str(LEASE))


@pytest.mark.parametrize(
    "finding",
    [
        LEASE,
        SILENCE,
        Finding("routers", "routers in 10.0.0.0/8", (IPv4Address("192.168.99.1"),), SENDER),
        Finding("address", "10.0.0.0/8", IPv4Address("192.168.99.1"), SENDER),
        Finding("address", CONTRACT.pool, IPv4Address("10.0.0.1"), SENDER, (CAUSE, CAUSE)),
        Finding("routers", (SERVER,), (), SENDER),
        Finding("options", frozenset({1, 3}), frozenset({43}), SENDER, (), "43 is sent"),
        Finding("netmask", IPv4Address("255.0.0.0"), None, SENDER),
        Finding("flags", 32768, 0, SENDER),
    ],
    ids=lambda finding: finding.field,
)
def test_finding_comes_back_from_json_as_it_was(finding: Finding) -> None:
    """A report made later has the same values, and the same sentence."""
    back = Finding.from_json(finding.to_json())
    assert back == finding
    assert str(back) == str(finding)


@pytest.mark.parametrize(
    "finding",
    [
        Finding("destination", (SERVER, SERVER_MAC), (SERVER, None), SENDER),
        Finding("lease_database", {SERVER}, {SERVER, IPv4Address("192.168.99.9")}),
        Finding("address", {SERVER}, [SERVER], SENDER, (), "two addresses"),
        Finding("bootfile", ["a.efi"], [], SENDER, (), "is sent nothing"),
    ],
    ids=lambda finding: finding.field,
)
def test_finding_of_several_values_comes_back_with_its_sentence(finding: Finding) -> None:
    """Values that the table of fields has no kind for are plain ones then."""
    assert str(Finding.from_json(finding.to_json())) == str(finding)


def test_cause_without_a_file_is_a_part_of_the_segment() -> None:
    """Its text stands alone."""
    assert str(Cause(None, None, "a firewall")) == "a firewall"
    assert str(Cause("my.conf", None, "has no dhcp-range line")) == "my.conf has no dhcp-range line"
    assert str(Cause("my.conf", None, "")) == "my.conf"


def test_annotations_travel_as_one_property() -> None:
    """From a worker's report to the process that prints."""
    sent = Annotations(
        LabFacts("dnsmasq 2.90", "up in 1 s", None),
        LabBroken("the bridge is gone", 3),
        (LEASE,),
        (SILENCE,),
        "/evidence/a",
        (Advice("no_domain_name_server", "domain_name_servers", "no option 6", "add it"),),
    )
    assert Annotations.of([("other", 1), (PROPERTY, sent.encode())]) == sent
    assert Annotations.of([("other", 1)]) == Annotations()


def test_exception_of_a_check_carries_its_finding() -> None:
    """As its argument; of others there is none."""
    assert findings_of(AssertionError(LEASE)) == (LEASE,)
    assert findings_of(AssertionError("1 == 2")) == findings_of(None) == ()


def test_silence_ends_the_first_line_of_the_exception_once() -> None:
    """The same exception of a session fixture is raised for many tests."""
    error = AssertionError("0 replies\nassert 0 == 1")
    for _ in range(2):
        explain(error, [SILENCE])
    assert str(error) == f"0 replies; {SILENCE}\nassert 0 == 1"
    assert findings_of(error) == (SILENCE,)


def test_silence_beside_a_finding_is_a_note() -> None:
    """The finding keeps its own sentence."""
    error = AssertionError(LEASE)
    explain(error, [SILENCE])
    assert findings_of(error) == (LEASE, SILENCE)
    assert error.__notes__ == [str(SILENCE)]


def test_value_of_any_class_reaches_the_process_that_prints() -> None:
    """An error has no JSON and cannot be copied: its text is what counts."""
    finding = Finding("capabilities", "no failure", LabError("pod", "does not start", "see its log"))
    [received] = Annotations.decode(Annotations(findings=(finding,)).encode()).findings
    assert received.received == "pod: does not start; see its log"
