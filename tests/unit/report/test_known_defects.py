"""Which failures of a test its known defects explain."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.report.failure import explain
from edgeboot.report.findings import Finding
from edgeboot.report.known_defects import explaining, explains, named
from edgeboot.report.silence import ANSWER
from edgeboot.spec.contract.known_defects import KnownDefect

OPTIONS: Final = Finding("options", frozenset({1}), frozenset({66}), statement="66 is sent twice")
LEASE_TIME: Final = Finding("lease_time", 1, 2)
SILENCE: Final = Finding(ANSWER, "a reply", None, statement="the server said nothing")


def defect(field: str | None = None, words: str | None = None) -> KnownDefect:
    """An entry that names these."""
    return KnownDefect(test="test_x", reason="a reason of length", field=field, words=words)


def failed(*arguments: object) -> AssertionError:
    """A failed check with these arguments."""
    return AssertionError(*arguments)


@pytest.mark.parametrize(
    "entry,error,explained",
    [
        (defect(), failed(LEASE_TIME), True),
        (defect(field="options"), failed(OPTIONS), True),
        (defect(field="options"), failed(LEASE_TIME), False),
        (defect(field="options"), failed(OPTIONS, LEASE_TIME), False),
        (defect(field="options"), failed("options"), False),
        (defect(words="sent twice"), failed(OPTIONS), True),
        (defect(words="sent\n  twice"), failed("66 is sent", "twice"), False),
        (defect(words="sent twice"), failed("66 is\nsent\n   twice"), True),
        (defect(words="sent twice"), failed("66 is sent once"), False),
        (defect("options", "twice"), failed(OPTIONS), True),
        (defect("options", "thrice"), failed(OPTIONS), False),
        (defect("lease_time", "twice"), failed(OPTIONS), False),
    ],
)
def test_entry_explains_a_failure_of_its_field_and_words(
    entry: KnownDefect, error: AssertionError, explained: bool
) -> None:
    """Everything that it names must be there; an entry that names nothing explains all."""
    assert explains(entry, error, str(error)) is explained


def test_message_that_was_not_answered_is_of_the_field_answer() -> None:
    """Unless a field was compared: that is why the test failed."""
    unanswered, compared = failed("expected one DHCPOFFER, received nothing"), failed(LEASE_TIME)
    for error in (unanswered, compared):
        explain(error, (SILENCE,))
    assert explains(defect(field=ANSWER), unanswered, str(unanswered))
    assert not explains(defect(field=ANSWER), compared, str(compared))


def test_first_entry_that_names_the_failure_is_its_reason() -> None:
    """A test may have several, each for another failure."""
    entries = [defect(words="thrice"), defect(field="options"), defect()]
    assert explaining(entries, failed(OPTIONS), "66 is sent twice") is entries[1]
    assert explaining(entries[:1], failed(OPTIONS), "66 is sent twice") is None


@pytest.mark.parametrize(
    "entry,text",
    [
        (defect("options", "twice"), "field options and words 'twice' (a reason of length)"),
        (defect(field="options"), "field options (a reason of length)"),
        (defect(), "any failure (a reason of length)"),
    ],
)
def test_report_of_another_failure_says_what_the_entry_names(entry: KnownDefect, text: str) -> None:
    """The reader corrects the server, or the entry."""
    assert named(entry) == text
