"""A container's last words."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.report.result import Result
from edgeboot.report.termination_message import LARGEST, TerminationMessage, ToldCause
from edgeboot.report.verdict.verdict import verdict
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import LEASE_TIME, NEXT_SERVER, STARTED, failed, failure, renamed


def told(result: Result) -> TerminationMessage:
    """The message of a run, as a reader of the Pod's status has it."""
    message = TerminationMessage.decode(TerminationMessage.of(result, verdict(result)).encode())
    assert message is not None
    return message


def test_message_has_the_verdict_and_its_causes() -> None:
    """The worst cause first, as on the page."""
    message = told(failed(failure("a.py::test_a", LEASE_TIME), failure("b.py::test_b", NEXT_SERVER)))
    assert (message.meaning, message.would_boot) == ("failed tests", False)
    assert message.sentence == "Edge nodes would not boot."
    assert [each.title.split()[1] for each in message.causes] == [
        "dhcp-boot=signed_ipxe.efi,,192.168.99.41",
        "dhcp-range=192.168.99.100,192.168.99.200,11h",
    ]


@pytest.mark.parametrize("letter", ["x", "ä", '"', "\x01"])
def test_longest_verdict_fits_and_says_what_had_no_room(letter: str) -> None:
    """The kubelet would cut the JSON where it is too long, and nobody could read it."""
    lines = (Cause("dnsmasq.conf", number, letter * 3000) for number in range(30))
    red = (
        failure(f"a.py::test_{cause.line}", renamed(LEASE_TIME, causes=(cause,), expected=letter * 999))
        for cause in lines
    )
    result = failed(*red)
    assert len(TerminationMessage.of(result, verdict(result)).encode().encode()) <= LARGEST
    message = told(result)
    assert len(message.causes) + message.more_causes == 30
    assert message.causes


def test_thousands_of_causes_are_cut_off_and_counted() -> None:
    """As many as there is room for, the worst first."""
    causes = tuple(ToldCause(f"cause {each}", "", 1) for each in range(3000))
    message = TerminationMessage("failed tests", "Not booted.", would_boot=False, causes=causes)
    found = TerminationMessage.decode(message.encode())
    assert found is not None
    assert found.causes == causes[: len(found.causes)]
    assert (len(found.causes) > 50, len(found.causes) + found.more_causes) == (True, 3000)


def test_message_of_a_run_that_has_not_ended_says_so() -> None:
    """It is there from the beginning: a Pod that is killed for its memory writes no more."""
    assert told(Result(STARTED)).sentence == ("Nothing is verified: the run has not ended, or was killed.")


def test_message_of_a_usage_error_has_its_words() -> None:
    """Status 4 is not tried again: the words are all that an operator gets."""
    message = TerminationMessage.of_error(
        UsageError("--profile x", "no such profile", "take poc"), "berlin-1"
    )
    assert message.error == "--profile x: no such profile; take poc"


@pytest.mark.parametrize("text", ["", "Traceback", "{}", "[1]", '{"v": 2, "causes": []}', "null"])
def test_other_last_words_are_no_message(text: str) -> None:
    """Such as the end of a log, which the kubelet takes where a container has written none."""
    assert TerminationMessage.decode(text) is None


def test_message_is_written_into_the_file_that_is_there(tmp_path: Path) -> None:
    """It is mounted into the container: another file in its place would not reach the kubelet."""
    file = tmp_path / "termination-log"
    file.touch()
    inode = file.stat().st_ino
    TerminationMessage("passed", "Edge nodes would boot.", would_boot=True).write(file)
    assert file.stat().st_ino == inode
    assert TerminationMessage.decode(file.read_text()) is not None
