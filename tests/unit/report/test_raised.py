"""What a failed check raises below the reports is a finding, too."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from edgeboot.base.errors import LabError, LeaseNotRecorded, NotAnswered, ServerDied
from edgeboot.machines.protocol import MachineError
from edgeboot.node.boot.fetched import NotFetched, NotRefused, Refused
from edgeboot.report.failure import carry, findings_of
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.raised import finding_from
from edgeboot.server.log import NotLogged, ServerLog
from tests.unit.samples import CONTRACT, SERVER, SERVER_MAC, exchange, promised, reply

RAISED: Final = [
    (NotAnswered("nobody has the address"), "answer"),
    (NotLogged("DHCPACK", "  (nothing at all)"), "log"),
    (NotFetched("tftp://a/b: stalled"), "boot_file"),
    (Refused("tftp://a/b", SERVER, SERVER_MAC, 1, "error 1"), "boot_file"),
    (NotRefused("expected a refusal, received b"), "error"),
    (LeaseNotRecorded("expected a lease"), "lease_database"),
    (MachineError("node-7", "was asked to power on; it says: off", "see its event log"), "machine"),
    (ServerDied("it has ended\nlast lines of its log"), "server"),
]


@pytest.mark.parametrize("error,field", RAISED, ids=lambda value: type(value).__name__)
def test_exception_is_a_finding_with_its_first_line(error: Exception, field: str) -> None:
    """Its text is not said again."""
    found = finding_from(error)
    assert found is not None
    assert (found.field, found.statement) == (field, str(error).partition("\n")[0])


def test_other_replies_have_their_sender() -> None:
    """A DHCPOFFER where a DHCPACK is expected comes from somebody."""
    with pytest.raises(NotAnswered) as raised:
        _ = exchange(reply(promised(CONTRACT))).ack
    found = finding_from(raised.value)
    assert found is not None
    assert (found.expected, found.received) == ("one DHCPACK", ("DHCPOFFER",))
    assert found.sender == Sender(SERVER, SERVER_MAC)


def test_line_that_is_not_logged_is_named() -> None:
    """By the pattern that was waited for."""
    with pytest.raises(NotLogged) as raised:
        ServerLog().wait_for("DHCPACK", within=timedelta(0))
    assert raised.value.pattern == "DHCPACK"


def test_error_of_the_lab_is_none() -> None:
    """No check has failed."""
    assert finding_from(LabError("a", "b", "c")) is None
    assert finding_from(KeyError("a")) is None


def test_exception_that_has_a_finding_keeps_it() -> None:
    """What was compared, or why a message was not answered, says more."""
    compared, other = Finding("hops", 0, 1), Finding("answer", "an answer", None)
    error, silent = AssertionError(compared), NotAnswered("nothing")
    for each in (error, silent):
        carry(each, other)
        carry(each, compared)
    assert findings_of(error) == (compared,)
    assert findings_of(silent) == (other,)
