"""Comparing what no field of the contract's table is: each difference is one finding with its sender."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.boot.fetched import Refused
from edgeboot.report.check import Check
from edgeboot.report.failure import Different, findings_of
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.pod_check import PodCheck
from edgeboot.report.value_check import sender_of
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import load_deployment
from tests.unit.samples import CONTRACT, SERVER, SERVER_MAC, exchange, promised, reply

DEPLOYMENT: Final = load_deployment("poc-fixed")
CHECK: Final = Check(CONTRACT, DEPLOYMENT.config)
SENDER: Final = Sender(SERVER, SERVER_MAC)
OFFER: Final = reply(promised(CONTRACT))
ANSWERED: Final = exchange(OFFER)


def finding(raised: pytest.ExceptionInfo[AssertionError]) -> Finding:
    """The one that the exception carries."""
    [found] = findings_of(raised.value)
    return found


def test_another_value_is_a_finding_with_its_sender() -> None:
    """Field, both values and who sent it, without a word of the caller's."""
    with pytest.raises(AssertionError) as raised:
        CHECK.value(OFFER, "hops", 1, 0)
    assert finding(raised) == Finding("hops", 0, 1, SENDER)
    assert str(raised.value) == f"hops: expected 0, received 1 from {SENDER}"


def test_equal_value_is_none() -> None:
    """Nothing is raised, whatever the words for a difference would be."""
    CHECK.value(OFFER, "hops", 0, 0, "another")
    CHECK.another(OFFER, "hops", 1, 0)


def test_caller_may_describe_the_difference() -> None:
    """Its words are the text, and the values stay data."""
    with pytest.raises(AssertionError, match=r"^it was declined$") as raised:
        CHECK.another(None, "address", SERVER, SERVER, "it was declined")
    assert finding(raised).expected == f"another than {SERVER}"
    assert finding(raised).sender is None


def test_cause_that_is_quoted_is_not_said_twice() -> None:
    """It is data all the same."""
    cause = Cause("pod.yaml", 3, "activeDeadlineSeconds: 5")
    with pytest.raises(
        AssertionError, match=r"^ends after 5 s: pod\.yaml:3 activeDeadlineSeconds: 5$"
    ) as raised:
        CHECK.that(False, None, "deadline", 5, None, f"ends after 5 s: {cause}", (cause,))
    assert finding(raised).causes == (cause,)


def test_replies_are_compared_by_their_types() -> None:
    """Silence, too; who answered is named."""
    CHECK.replies(ANSWERED, [MessageType.DHCPOFFER])
    with pytest.raises(AssertionError, match="expected no answer, answered by") as raised:
        CHECK.replies(ANSWERED)
    assert finding(raised) == replace(
        Finding("answer", (), ("DHCPOFFER",), SENDER), statement=finding(raised).statement
    )
    with pytest.raises(AssertionError, match=r"expected \['DHCPNAK'\], answered by \[\]$"):
        CHECK.replies(replace(ANSWERED, replies=()), [MessageType.DHCPNAK])


def test_option_that_must_be_absent_is_named() -> None:
    """With its number; options that are absent are not."""
    CHECK.lacks(OFFER, {Code.OPTION_OVERLOAD})
    with pytest.raises(AssertionError, match=r"a DHCPOFFER with subnet-mask \(1\) from"):
        CHECK.lacks(OFFER, {Code.SUBNET_MASK, Code.OPTION_OVERLOAD})


def test_late_answer_is_a_finding() -> None:
    """Of the time, with the contract's."""
    CHECK.answered_within(timedelta(days=9), ANSWERED)
    with pytest.raises(AssertionError, match="the contract allows -1 s") as raised:
        CHECK.answered_within(timedelta(seconds=-1), ANSWERED)
    assert finding(raised).field == "answer_time"


def test_refusal_names_who_refused() -> None:
    """As data, which a group of failures is made by."""
    refused = Refused("tftp://a/b", SERVER, SERVER_MAC, 2, "error 2")
    CHECK.refused_with(refused, {1, 2})
    with pytest.raises(AssertionError, match="says error 2; expected 1") as raised:
        CHECK.refused_with(refused, {1})
    assert finding(raised).sender == SENDER == sender_of(refused)


def test_several_findings_have_one_text() -> None:
    """A person reads each; the arguments are the data."""
    both = (Finding("hops", 0, 1), Finding("op", 2, 1))
    CHECK.nothing_differs([])
    with pytest.raises(
        Different, match=r"^hops: expected 0, received 1; op: expected 2, received 1$"
    ) as raised:
        CHECK.nothing_differs(both)
    assert findings_of(raised.value) == both


def test_field_of_the_pod_has_its_line_as_cause() -> None:
    """The last manifest that sets it."""
    check_pod = PodCheck(DEPLOYMENT)
    check_pod("hostNetwork", True, True)
    with pytest.raises(
        AssertionError, match="hostNetwork: expected False, received True; likely cause"
    ) as raised:
        check_pod("hostNetwork", False, True)
    assert finding(raised).cause is not None
