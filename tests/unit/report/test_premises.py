"""Which tests need which premises, and which failures show that one does not hold."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.errors import NotAnswered
from edgeboot.node.boot.fetched import NotFetched, NotServed, Refused
from edgeboot.node.exchange import NotTheReply
from edgeboot.report.findings import Finding
from edgeboot.report.premises import Failed, Premise, breaks, needs
from tests.unit.samples import CONTRACT, SERVER_MAC, promised, reply

SILENCE: Final = Finding("answer", "a reply to DHCPDISCOVER", None)
TWICE: Final = Finding("answer", "one DHCPOFFER", ("DHCPOFFER", "DHCPOFFER"))
OFFERED: Final = reply(promised(CONTRACT))
NAK: Final = Finding("answer", "one DHCPACK", ("DHCPNAK",))


def late(seconds: float, field: str = "first_answer_time") -> Finding:
    """An answer after this time, where the contract allows 4 s."""
    return Finding(field, timedelta(seconds=4), timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "premise,error,finding,is_broken",
    [
        (Premise.ANSWER, NotAnswered("nothing"), SILENCE, True),
        (Premise.ANSWER, NotTheReply("two", "one", ()), NAK, False),
        (Premise.ANSWER, AssertionError("late"), late(9), False),
        (Premise.IN_TIME, AssertionError("late"), late(9), True),
        (Premise.IN_TIME, AssertionError("late"), late(4.9), False),
        (Premise.IN_TIME, NotAnswered("nothing"), SILENCE, False),
        (Premise.KNOWN_IN_TIME, AssertionError("late"), late(6, "answer_time"), True),
        (Premise.LEASE, NotTheReply("refused", "one", ()), NAK, True),
        (Premise.LEASE, NotTheReply("two", "one", (OFFERED, OFFERED)), TWICE, False),
        (Premise.ROOM, NotTheReply("two", "one", (OFFERED, OFFERED)), TWICE, False),
        (Premise.LEASE, AssertionError("address"), Finding("address", "a", "b"), False),
        (Premise.ROOM, NotAnswered("nothing"), SILENCE, True),
        (Premise.BOOT_FILE, NotServed("no answer"), Finding("boot_file", "the file", None), True),
        (Premise.BOOT_FILE, NotFetched("stalled"), Finding("boot_file", "the file", None), False),
        (Premise.BOOT_FILE, AssertionError("tsize"), Finding("tsize", 1, 2), False),
        (
            Premise.BOOT_FILE,
            Refused("tftp://x/y", IPv4Address("192.0.2.1"), SERVER_MAC, 1, "no file"),
            Finding("boot_file", "the file", "error 1"),
            False,
        ),
    ],
)
def test_failure_breaks_a_premise_only_by_what_it_is_about(
    premise: Premise, error: BaseException, finding: Finding, is_broken: bool
) -> None:
    """A test may fail for another reason: it is red then, and the others are run."""
    assert breaks(premise, Failed(error, (finding,))) is is_broken


@pytest.mark.parametrize(
    "fixtures,needed",
    [
        (("lab", "dhcp_server"), set()),
        (("edge_nodes",), {Premise.ANSWER, Premise.IN_TIME, Premise.ROOM}),
        (("edge_nodes", "first_node"), {Premise.ANSWER, Premise.IN_TIME}),
        (("offer", "first_boot", "edge_nodes"), {Premise.ANSWER, Premise.IN_TIME, Premise.LEASE}),
        (("edge_node", "new_edge_node"), {Premise.ANSWER, Premise.IN_TIME, Premise.ROOM}),
        (("boot_server", "known_node"), set(Premise)),
    ],
)
def test_premises_of_a_test_follow_from_its_fixtures(fixtures: tuple[str, ...], needed: set[Premise]) -> None:
    """No test names them."""
    assert needs(fixtures) == needed


def test_test_of_a_premise_needs_only_those_before_it() -> None:
    """Otherwise it could not be run before it has been run."""
    fixtures = ("boot_server", "known_node")
    assert needs(fixtures, (Premise.ANSWER, Premise.IN_TIME)) == set()
    assert needs(fixtures, (Premise.ROOM,)) == {Premise.ANSWER, Premise.IN_TIME, Premise.LEASE}


@pytest.mark.parametrize("premise", Premise)
def test_each_premise_has_words(premise: Premise) -> None:
    """For "not run: …"."""
    assert premise.broken
