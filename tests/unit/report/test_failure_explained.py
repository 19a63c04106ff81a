"""A failed test's frames are explained where the failure is of that kind, and only of its own clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.node.exchange import Exchange
from edgeboot.report.failure_explained import explain_failure, explained_section
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import ClientDiagnosis
from tests.unit.report.captured import ADDRESS, BEGAN, NAK, from_node, from_server
from tests.unit.report.failed_runs import failure
from tests.unit.report.machine_boot.frames import FILE as FILE_NAME
from tests.unit.report.machine_boot.frames import FROM, asked, given, offered
from tests.unit.report.test_page import page_of
from tests.unit.samples import NODE, OFFER, SERVER, SERVER_MAC, XID, exchange, message, reply

SILENCE: Final = Finding("answer", "a reply to DHCPDISCOVER", None)
REFUSED: Final = Finding("answer", "one DHCPACK", ("DHCPNAK",), Sender(SERVER, SERVER_MAC))
LEASE: Final = Finding("lease_time", 43200.0, 3600.0, Sender(SERVER, SERVER_MAC))
FILE: Final = Finding("bootfile", "signed_ipxe.efi", None, Sender(SERVER, SERVER_MAC))
LOG: Final = Finding("log", "DHCPNAK", None)
ASKED: Final = asked(MessageType.DHCPDISCOVER, 0.0)


def told(finding: Finding, exchanges: Sequence[Exchange], frames: Sequence[Frame]) -> list[str]:
    """The names of what is told where a test has failed by this finding, a minute after its last frame."""
    found = explain_failure((finding,), exchanges, frames, BEGAN + 60)
    return [each.diagnosis.kind.value for each in found]


def refused() -> tuple[list[Exchange], list[Frame]]:
    """A node's DHCPREQUEST, refused by DHCPNAK."""
    frames = [ASKED, offered(0.1, FROM, FILE_NAME), asked(MessageType.DHCPREQUEST, 0.2, FROM)]
    return [exchange(), exchange(reply(NAK))], [*frames, from_server(NAK, 0.3)]


def test_message_without_an_answer_is_explained() -> None:
    """By the packet that asked, as the capture of the evidence numbers it."""
    [found] = explain_failure((SILENCE,), [exchange()], [ASKED], BEGAN + 60)
    assert (found.client, found.diagnosis.kind.value) == (NODE.mac, "no-answer")
    assert [each.number for each in found.diagnosis.evidence] == [1]


def test_refusal_is_explained_where_an_answer_has_failed() -> None:
    """The server's own words are in it."""
    assert told(REFUSED, *refused()) == ["nak"]


@pytest.mark.parametrize(
    "finding", [LEASE, FILE, Finding("log", "DHCPNAK", None)], ids=lambda each: each.field
)
def test_failure_of_another_kind_is_not_explained_by_a_refusal(finding: Finding) -> None:
    """A test that has a node refused on purpose may fail by its lease time."""
    assert told(finding, *refused()) == []


def test_other_clients_of_the_test_are_not_told_of() -> None:
    """One that lost a race is as it should be, whatever became of the one that should have won."""
    other = MacAddress.parse("02:eb:00:00:00:77")
    exchanges, frames = refused()
    winner = replace(NODE.discover(XID), chaddr=other)
    assert told(SILENCE, [*exchanges[1:], exchange(request=winner)], frames) == []


def test_failure_without_a_finding_is_not_explained() -> None:
    """What it is about is not known."""
    exchanges, frames = refused()
    assert explain_failure((), exchanges, frames, BEGAN + 60) == ()


def test_lease_without_a_file_is_explained_where_the_file_is_not_as_stated() -> None:
    """The finding is about a field that goes wrong together with the diagnosis'."""
    offer = message(OFFER, FROM)
    asking = [from_node(NODE.discover(XID), 0.0), from_node(NODE.select(XID, ADDRESS, SERVER), 0.2)]
    assert told(FILE, [exchange(reply(offer))], [*asking, offered(0.1, FROM), given(0.3)]) == ["no-boot-file"]


def test_report_and_page_have_the_diagnosis_with_its_packets(tmp_path: Path) -> None:
    """With the client, and what it would have needed."""
    found = explain_failure((SILENCE,), [exchange()], [ASKED], BEGAN + 60)
    [(_, text)] = explained_section(found, [ASKED])
    assert text.startswith(f"{NODE.mac}: no DHCPOFFER came")
    assert "packet 1, 0.000 s: DHCPDISCOVER" in text
    page = page_of(tmp_path, failure("a.py::test_a", SILENCE, explained=found))
    assert f"<h3>{NODE.mac}: no DHCPOFFER came" in page
    assert "<li>packet 1, 0.000 s: DHCPDISCOVER" in page


def test_diagnosis_of_a_client_comes_back_from_json_as_it_was() -> None:
    """From a worker, and from the result of a run whose page is made later."""
    [found] = explain_failure((SILENCE,), [exchange()], [ASKED], BEGAN + 60)
    assert ClientDiagnosis.from_json(found.to_json()) == found
