"""The verdict on a run: each cause once, the worst first, and whether edge nodes would boot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.not_run import NotRunTests
from edgeboot.report.outcomes import Counts
from edgeboot.report.premises import Premise
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.report.triage import Triage
from edgeboot.report.verdict.suffering import Severity, kin
from edgeboot.report.verdict.verdict import SHOW_A_BOOT, verdict
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import (
    BOOTS,
    LEASE_TIME,
    NEXT_SERVER,
    PORTS,
    SILENCE,
    STARTED,
    T1,
    failed,
    failure,
    renamed,
)

OTHER_SERVER: Final = Sender(IPv4Address("192.168.99.66"), MacAddress.parse("52:54:00:00:00:66"))


def test_findings_with_one_line_as_their_cause_are_one_headline() -> None:
    """One wrong dhcp-range changes lease time, T1 and T2: that is one thing to mend."""
    [cause] = verdict(failed(failure("a.py::test_a", LEASE_TIME), failure("a.py::test_b", T1))).causes
    assert (cause.cause, len(cause.tests), cause.severity) == (LEASE_TIME.cause, 2, Severity.LEASE)


def test_two_faults_are_two_headlines_the_worst_first() -> None:
    """No node boots by the wrong next-server; what the lease lasts is known to fewer people's surprise."""
    found = verdict(
        failed(
            *(failure(f"a.py::test_{n}", LEASE_TIME) for n in range(9)), failure("b.py::test_n", NEXT_SERVER)
        )
    )
    assert [each.cause for each in found.causes] == [NEXT_SERVER.cause, LEASE_TIME.cause]


def test_same_field_from_another_sender_is_another_cause() -> None:
    """A rogue server's lease time is not mended in our file."""
    foreign = replace(LEASE_TIME, sender=OTHER_SERVER, causes=())
    found = verdict(failed(failure("a.py::test_a", LEASE_TIME), failure("a.py::test_b", foreign)))
    assert len(found.causes) == 2


def test_second_server_is_one_cause_whatever_its_replies_say() -> None:
    """Its lease time, its file, and that there are two replies: somebody has to switch it off."""
    stranger = (Cause(None, None, f"{OTHER_SERVER} answers, too: a virtual machine"),)
    servers = Finding("servers", 1, (str(OTHER_SERVER),), OTHER_SERVER, stranger)
    two = Finding("answer", "one DHCPOFFER", ("DHCPOFFER", "DHCPOFFER"), LEASE_TIME.sender)
    file = replace(NEXT_SERVER, sender=OTHER_SERVER, causes=stranger)
    found = verdict(
        failed(
            failure("a.py::test_a", two, servers),
            failure("b.py::test_b", file),
            failure("c.py::test_c", servers),
        )
    )
    [cause] = found.causes
    assert (len(cause.tests), cause.severity) == (3, Severity.SOME)
    assert found.sentence == "Not every edge node would boot."


@pytest.mark.parametrize("field,causes", [("log", 1), ("lease_database", 1), ("flags", 1), ("manifest", 2)])
def test_what_a_node_sees_while_a_stranger_answers_is_booked_on_it(field: str, causes: int) -> None:
    """A node that was led elsewhere leaves no trace at our server; our Pod is what it is."""
    stranger = (Cause(None, None, f"{OTHER_SERVER} answers, too: a virtual machine"),)
    servers = Finding("servers", 1, (str(OTHER_SERVER),), OTHER_SERVER, stranger)
    beside = Finding(field, "one", "another", LEASE_TIME.sender)
    found = verdict(failed(failure("a.py::test_a", servers), failure("b.py::test_b", beside, servers)))
    assert len(found.causes) == causes


def test_two_replies_of_one_machine_are_booked_on_it() -> None:
    """A fixture's error does not say whose second process answers; another test does."""
    loop = (Cause(None, None, "the same reply twice: a loop"),)
    servers = Finding("servers", 1, ("192.168.99.10",), LEASE_TIME.sender, loop)
    twice = Finding("answer", "one DHCPOFFER", ("DHCPOFFER", "DHCPOFFER"), LEASE_TIME.sender)
    [cause] = verdict(failed(failure("a.py::test_a", servers), failure("b.py::test_b", twice))).causes
    assert len(cause.tests) == 2


def test_reason_for_which_tests_were_not_run_is_told_once() -> None:
    """Two workers have met it, each by a test of its own."""
    left = tuple(NotRunTests("no lease", f"a.py::test_{n}", (f"b.py::test_{n}",)) for n in range(2))
    assert verdict(replace(failed(), not_run=left)).not_run == ("2 tests: no lease",)


def test_silence_that_leaves_tests_out_is_not_for_everybody_where_new_nodes_are_served() -> None:
    """A packet was lost as a fixture was brought up; the triage has seen others answered."""
    left = (NotRunTests("no fixture", "tests/e2e/a.py::test_a", ("b.py::test_b",) * 9),)
    result = replace(failed(failure("a.py::test_a", SILENCE)), not_run=left, counts=Counts(1, 1, not_run=9))
    assert verdict(result).causes[0].severity is Severity.NOBODY
    lost = verdict(replace(result, triage=Triage(True, ("tests/e2e/t.py::test_t",))))
    assert lost.causes[0].severity is Severity.SOME


def test_servers_without_a_stranger_are_told_in_the_words_of_the_test() -> None:
    """The suite's own second machine was not seen: nobody else answers."""
    own = Finding("servers", 1, 0, LEASE_TIME.sender)
    [cause] = verdict(failed(failure("a.py::test_a", own, purpose="A rogue is named."))).causes
    assert cause.suffers == "A rogue is named."


def test_errors_of_one_class_are_one_headline() -> None:
    """Each worker's lab has another name, and the same thing is wrong."""
    errors = (failure(f"a.py::test_{n}", phase="setup", message=f"FileExistsError: /gw{n}") for n in range(3))
    [cause] = verdict(failed(*errors)).causes
    assert len(cause.tests) == 3


@pytest.mark.parametrize(
    "received,sentence",
    [
        (None, "A node that is new to the segment gets no address."),
        ("no leases left", "A node that is new to the segment gets no address."),
        (("DHCPNAK",), "A node that is new to the segment gets no address."),
        (("DHCPOFFER", "DHCPOFFER"), "Edge nodes get another answer than they need."),
    ],
)
def test_refusal_that_ends_most_tests_is_that_nobody_gets_an_address(received: object, sentence: str) -> None:
    """A DHCPNAK in the server's own words is as good as silence; two answers are not."""
    [cause] = verdict(failed(failure("a.py::test_a", replace(SILENCE, received=received)))).causes
    assert cause.suffers == sentence


@pytest.mark.parametrize("broken,severity", [((), Severity.SOME), ((Premise.LEASE,), Severity.NOBODY)])
def test_lost_messages_are_not_nobody_where_new_nodes_got_leases(
    broken: tuple[Premise, ...], severity: Severity
) -> None:
    """Where one message of three is lost, a fixture that fails leaves out hundreds of tests."""
    triage = Triage(not broken, ("a.py::test_b",), broken=broken)
    [cause] = verdict(replace(failed(failure("a.py::test_a", SILENCE)), triage=triage)).causes
    assert cause.severity is severity


def test_failures_are_grouped_by_findings_and_never_by_their_words() -> None:
    """An xid in the statement makes no cause of its own."""
    other = replace(SILENCE, statement="the server saw DHCPDISCOVER xid 0x00000002 (2) of another node")
    [cause] = verdict(failed(failure("a.py::test_a", SILENCE), failure("a.py::test_b", other))).causes
    assert len(cause.tests) == 2


def test_finding_without_a_line_joins_the_line_that_is_known_for_its_field() -> None:
    """A test that cannot name the line has failed by it all the same."""
    bare = replace(LEASE_TIME, causes=(), received=timedelta(hours=10))
    [cause] = verdict(failed(failure("a.py::test_a", LEASE_TIME), failure("a.py::test_b", bare))).causes
    assert cause.tests == ("tests/e2e/a.py::test_a", "tests/e2e/a.py::test_b")


def test_failure_without_a_finding_joins_what_its_replies_show() -> None:
    """Its replies had the wrong lease time; nothing else is known of it."""
    silent = failure("b.py::test_b", observed=(LEASE_TIME,))
    [cause] = verdict(failed(failure("a.py::test_a", LEASE_TIME), silent)).causes
    assert len(cause.tests) == 2


def test_fault_of_another_kind_is_not_hidden_by_what_its_replies_show() -> None:
    """DNS is on, and every lease is short: both are named."""
    ports = failure("b.py::test_ports", PORTS, observed=(LEASE_TIME,))
    found = verdict(failed(failure("a.py::test_a", LEASE_TIME), ports))
    assert [each.finding for each in found.causes] == [LEASE_TIME, PORTS]


def test_line_that_stands_second_in_its_only_failure_is_named() -> None:
    """Two options are wrong by two lines, and one test compares both."""
    found = verdict(failed(failure("a.py::test_a", LEASE_TIME, NEXT_SERVER)))
    assert {each.cause for each in found.causes} == {LEASE_TIME.cause, NEXT_SERVER.cause}


def test_errors_without_any_finding_are_grouped_by_their_test() -> None:
    """An error of the suite's own has no field: its cases are one headline."""
    found = verdict(failed(failure("a.py::test_a[x]"), failure("a.py::test_a[y]"), failure("a.py::test_b")))
    assert [len(each.tests) for each in found.causes] == [2, 1]
    assert {each.title for each in found.causes} == {"boom"}


@pytest.mark.parametrize(
    "silent,of,severity", [(5, 8, Severity.NOBODY), (1, 8, Severity.SOME)], ids=["most", "one"]
)
def test_silence_that_fails_most_tests_is_that_nobody_is_answered(
    silent: int, of: int, severity: Severity
) -> None:
    """A single message without an answer is not yet a segment on which no node boots."""
    failures = [failure(f"a.py::test_{n}", SILENCE) for n in range(silent)]
    result = replace(failed(*failures), counts=Counts(passed=of - silent, failed=silent))
    assert verdict(result).causes[0].severity is severity


@pytest.mark.parametrize(
    "failures,would_boot,sentence",
    [
        ((), True, "Edge nodes would boot."),
        ((failure("a.py::test_a", NEXT_SERVER),), False, "Edge nodes would not boot."),
        ((failure("a.py::test_a", LEASE_TIME),), True, "Edge nodes would boot, but their lease or network"),
        ((failure("a.py::test_a", PORTS),), True, "Edge nodes would boot, but the server's deployment"),
    ],
    ids=["green", "next server", "lease time", "ports"],
)
def test_first_sentence_says_whether_nodes_would_boot(
    failures: tuple[Failure, ...], would_boot: bool, sentence: str
) -> None:
    """It is the question that the run was made for."""
    found = verdict(failed(*failures, status=1 if failures else 0))
    assert found.would_boot is would_boot
    assert found.sentence.startswith(sentence)


@pytest.mark.parametrize(
    "boots,failed_tests,would_boot,sentence",
    [
        (True, (), True, "Edge nodes would boot."),
        (False, ("a",), False, "Edge nodes would not boot."),
        (None, ("a",), False, "Not every edge node would boot."),
        (None, (), True, "Edge nodes would boot."),
    ],
    ids=["all", "none", "some", "unfinished"],
)
def test_triage_decides_whether_nodes_boot(
    boots: bool | None, failed_tests: tuple[str, ...], would_boot: bool, sentence: str
) -> None:
    """One that did not come to its end says nothing: the tests after it do."""
    result = replace(failed(status=0), triage=Triage(boots, ("a",), failed_tests))
    found = verdict(result)
    assert (found.would_boot, found.sentence) == (would_boot, sentence)


def test_run_without_a_boot_says_nothing_of_one() -> None:
    """``-k log`` has not seen what a node would boot."""
    found = verdict(failed(passed=["tests/e2e/test_logs.py::test_log"], status=0))
    assert (found.would_boot, found.sentence) == (None, "What was tested is as stated; no boot was among it.")


@pytest.mark.parametrize(
    "status,error,sentence",
    [
        (
            3,
            "the bridge is gone",
            "Nothing is verified: the lab could not come up, or broke: the bridge is gone",
        ),
        (4, "--lab moon: no such lab", "Nothing is verified: the command line cannot be used: --lab moon"),
        (5, None, "Nothing is verified: no test was run."),
        (2, None, "Nothing is verified: the run was interrupted."),
    ],
)
def test_run_that_verified_nothing_says_why(status: int, error: str | None, sentence: str) -> None:
    """It is neither good nor bad news about the server."""
    found = verdict(Result(STARTED, error=error).at_its_end(status, STARTED))
    assert found.would_boot is None
    assert found.sentence.startswith(sentence)


def test_run_that_was_interrupted_has_its_causes_all_the_same() -> None:
    """What was found until then is true."""
    found = verdict(failed(failure("a.py::test_a", NEXT_SERVER), status=2))
    assert found.sentence == "Edge nodes would not boot. The run was interrupted."


def test_clearest_failure_is_the_test_that_compares_the_field() -> None:
    """Not a fixture's error that ends with the same finding."""
    setup = failure("a.py::test_a", LEASE_TIME, phase="setup")
    [cause] = verdict(failed(setup, failure("z.py::test_z", LEASE_TIME, evidence="/evidence/z"))).causes
    assert (cause.clearest, cause.evidence) == ("tests/e2e/z.py::test_z", "/evidence/z")


def test_clearest_failure_is_a_telling_test() -> None:
    """One of the triage, where it has failed, too; whatever is said in fewer words."""
    renewed = failure("a.py::test_a", renamed(T1, statement="early"))
    told = failure("b.py::test_told", LEASE_TIME)
    result = replace(failed(renewed, told), triage=Triage(True, (told.test,), (told.test,)))
    assert verdict(result).causes[0].clearest == told.test


def test_field_that_is_unknown_here_suffers_what_its_test_says() -> None:
    """A test's own sentence says why an edge node cares."""
    odd = Finding("colour", 32768, 0, causes=(Cause("dnsmasq.conf", 3, "dhcp-broadcast"),))
    [cause] = verdict(failed(failure("a.py::test_a", odd, purpose="Old firmware hears no unicast."))).causes
    assert (cause.severity, cause.suffers) == (Severity.OTHER, "Old firmware hears no unicast.")


def test_tests_that_show_a_boot_exist() -> None:
    """A renamed one would leave every verdict silent about boots."""
    sources = "".join(path.read_text() for path in (PROJECT / "tests" / "e2e").glob("test_*.py"))
    assert {name for name in SHOW_A_BOOT if f"def {name}(" not in sources} == set()
    assert BOOTS.rpartition("::")[2].partition("[")[0] in SHOW_A_BOOT


@pytest.mark.parametrize(
    "field,other,together",
    [
        ("lease_time", "renewal_time", True),
        ("lease_database", "lease_time", True),
        ("lease_database", "address", True),
        ("lease_time", "address", False),
        ("boots", "next_server", True),
        ("colour", "colour", False),
    ],
)
def test_fields_that_go_wrong_together_are_known(field: str, other: str, together: bool) -> None:
    """A lease of eleven hours is recorded for eleven hours; a field that nobody knows stands alone."""
    assert kin(field, other) is together
    assert kin(other, field) is together
