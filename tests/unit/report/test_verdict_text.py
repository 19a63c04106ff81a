"""The verdict as text: at 60 columns, 60 lines at most, with commands that can be copied."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Final

import pytest

from edgeboot.report.advisories import Advice
from edgeboot.report.findings import Finding
from edgeboot.report.outcomes import SeenDefect
from edgeboot.report.result import Result
from edgeboot.report.verdict.folding import fitted, lines_for_each, shown_failures
from edgeboot.report.verdict.reproduce import is_seen_by_probe, keyword, probe_command, rerun_command
from edgeboot.report.verdict.text import text
from edgeboot.report.verdict.verdict import verdict
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import (
    BOOTS,
    LEASE_TIME,
    NEXT_SERVER,
    PORTS,
    RANGE,
    SILENCE,
    SUBJECT,
    failed,
    failure,
    renamed,
)

BOTH: Final = failed(
    failure("test_boot.py::test_n", NEXT_SERVER, evidence="evidence/ab12cd/n"),
    *(failure(f"test_lease.py::test_{n}", LEASE_TIME) for n in range(12)),
)
MANY: Final = failed(
    *(failure(f"a.py::test_{n}", renamed(SILENCE, field=f"field {n}", causes=())) for n in range(99))
)


def told(result: Result) -> str:
    """The text at its narrowest."""
    return text(verdict(result), result)


def test_verdict_on_two_faults_has_everything_to_act_on() -> None:
    """Cause by file and line, what it means, expected and received, the count, commands, evidence."""
    assert told(BOTH).splitlines()[:16] == [
        "Edge nodes would not boot.",
        "13 red by 2 causes, 1 passed; lab netns, profile poc, run",
        "ab12cd",
        "",
        "1. dnsmasq.conf:7 dhcp-boot=signed_ipxe.efi,,192.168.99.41",
        "   Firmware asks the wrong machine for its boot file.",
        "   next_server: expected 192.168.99.40,",
        "   received 192.168.99.41 from 192.168.99.10",
        "   (52:54:00:12:34:56)",
        "   red: 1 test; clearest:",
        "     test_boot.py::test_n",
        "   $ pytest -m e2e --lab=netns --profile=poc -n 0 -k test_n",
        "   $ edgeboot probe -i INTERFACE \\",
        "       --contract contracts/poc.toml",
        "   evidence/ab12cd/n/",
        "",
    ]


@pytest.mark.parametrize("result", [BOTH, MANY, failed(status=0)], ids=["two", "many", "green"])
def test_verdict_is_narrow_and_short(result: Result) -> None:
    """Ten lines at three in the morning; a hundred causes are no more than sixty."""
    lines = told(result).splitlines()
    assert max(map(len, lines)) <= 60
    assert len(lines) <= 60


def test_causes_beyond_the_third_have_a_line_each() -> None:
    """None is hidden, as long as there is room."""
    some = failed(*(failure(f"a.py::test_{n}", renamed(PORTS, field=f"field_{n}")) for n in range(5)))
    assert "2 more, of less weight or without a known cause:" in told(some)
    assert "field_4" in told(some)


def test_advisories_and_known_defects_have_a_line_each_and_whole() -> None:
    """Who searches a run's output for one finds it, also after the longest list of causes."""
    advice = Advice("router_is_the_dhcp_server", "routers", "the router is the server: " * 9, "add a line")
    defect = SeenDefect("tests/e2e/a.py::test_old", "dnsmasq does so, and has done so for years" * 3)
    lines = told(replace(MANY, advisories=(advice,), known_defects=(defect,))).splitlines()
    assert f"- {advice}" in lines
    assert f"- {defect.reason} (test_old)" in lines
    assert len(lines) <= 60


def test_silence_is_told_in_the_words_of_the_log() -> None:
    """What the server said is worth more than "received nothing"."""
    assert "and said 'ignored'" in " ".join(told(failed(failure("a.py::test_a", SILENCE))).split())


def test_long_path_is_not_broken() -> None:
    """It is there to be copied."""
    path = "/a/" + "long-name-" * 12
    assert f"{path}/" in told(failed(failure("a.py::test_a", LEASE_TIME, evidence=path)))


def test_command_is_what_a_shell_takes() -> None:
    """Options with spaces are quoted, and the lines that are continued are one command."""
    subject = replace(SUBJECT, options=("--dhcp-command=dnsmasq -d",))
    shown = text(verdict(BOTH), replace(BOTH, subject=subject))
    command = shown.partition("$ ")[2].partition("$ ")[0].replace("\\\n", "")
    assert shlex.split(command)[:7] == [
        "pytest", "-m", "e2e", "--lab=netns", "--profile=poc", "--dhcp-command=dnsmasq -d", "-n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "test,expression",
    [("a.py::test_a[ack-lease_time]", "test_a[ack-lease_time]"), ("a.py::test_a[a second]", "test_a")],
)
def test_case_is_named_where_pytest_can_read_it(test: str, expression: str) -> None:
    """``-k`` knows no spaces."""
    assert keyword(test) == expression


def test_probe_asks_as_the_client_of_the_test_on_the_interface_of_the_run() -> None:
    """The same question by hand, on the same segment."""
    subject = replace(SUBJECT, options=("--interface=virbr1",))
    assert probe_command(subject, BOOTS)[:3] == ["edgeboot probe", "-i virbr1", "--client edk2-pxe-x86-64"]
    assert "-n 0" in rerun_command(subject, BOOTS)


def test_test_with_a_machine_is_run_again_by_its_own_marker() -> None:
    """Its file is not even collected for another one."""
    command = " ".join(rerun_command(SUBJECT, "tests/e2e/test_machine_stages.py::test_a"))
    assert command.startswith("pytest -m machine ")


@pytest.mark.parametrize(
    "finding,seen",
    [
        (SILENCE, True),
        (renamed(SILENCE, expected="a reply to DHCPREQUEST with an address"), False),
        (LEASE_TIME, True),
        (PORTS, False),
        (None, False),
    ],
    ids=["discover", "request", "field", "ports", "no finding"],
)
def test_probe_is_told_where_it_would_see_the_cause(finding: Finding | None, seen: bool) -> None:
    """It sends a DHCPDISCOVER, takes no lease, and fetches no file."""
    assert is_seen_by_probe(finding) is seen


def test_line_that_decides_stands_below_a_cause_without_one() -> None:
    """How many addresses a pool has is said by its dhcp-range."""
    full = Cause(None, None, "pool exhausted: 2 of 2 leased")
    shown = told(failed(failure("a.py::test_a", renamed(SILENCE, causes=(full, RANGE))))).splitlines()
    assert shown[4:6] == ["1. pool exhausted: 2 of 2 leased", "   by dnsmasq.conf:4"]


def test_one_failure_is_shown_for_each_cause_with_the_number_of_the_others() -> None:
    """The twelfth failure of a lease time says nothing that the first did not."""
    assert shown_failures(verdict(BOTH)) == {
        "tests/e2e/test_boot.py::test_n": "",
        "tests/e2e/test_lease.py::test_0": "+ 11 of the same cause (-vv shows them)",
    }


def test_older_exchanges_are_left_out_first() -> None:
    """What is asked last has failed; report.txt has the others."""
    exchanges = [("edgeboot: exchange", f"{n}\n" * 20) for n in range(5)]
    sections = fitted([("edgeboot: silence", "nobody"), *exchanges], 40)
    assert sections[0] == ("edgeboot: silence", "nobody")
    assert [body[0] for title, body in sections if title == "edgeboot: exchange"] == ["4"]
    assert sections[-1][1].startswith("4 exchanges: report.txt has them")


def test_log_keeps_its_end_and_a_table_its_beginning() -> None:
    """A log's last line is the latest, a table's first its heading."""
    lines = "\n".join(map(str, range(100)))
    [log, table, _] = fitted([("edgeboot: the server's log", lines), ("edgeboot: what differs", lines)], 20)
    assert log[1].splitlines()[-1] == "99"
    assert table[1].splitlines()[0] == "0"


@pytest.mark.parametrize("failures,lines", [(0, 60), (1, 60), (3, 20), (9, 12)])
def test_failures_share_the_lines(failures: int, lines: int) -> None:
    """However many there are, each has enough to be read."""
    assert lines_for_each(failures) == lines


def test_short_failure_is_left_as_it_is() -> None:
    """Nothing is left out of what fits."""
    assert fitted([("edgeboot: silence", "nobody")], 20) == [("edgeboot: silence", "nobody")]


def test_words_of_a_server_are_no_commands_of_a_terminal() -> None:
    """Who sends a file name must not be able to paint over the verdict."""
    hostile = renamed(NEXT_SERVER, received="\x1b[2J\x1b]0;all is well\x07", causes=())
    result = failed(failure("a.py::test_a", hostile))
    told = text(verdict(result), result)
    assert "\x1b" not in told
    assert r"\u001b[2J" in told


def test_slow_test_is_run_again_with_its_seed() -> None:
    """``-m e2e`` would leave it out, and another seed makes other messages."""
    subject = replace(SUBJECT, options=("--fuzz-seed=7",))
    command = " ".join(rerun_command(subject, "a.py::test_a[7]"))
    assert command == "pytest -m 'e2e or slow' --lab=netns --profile=poc --fuzz-seed=7 -n 0 -k 'test_a[7]'"


def test_text_has_no_secret() -> None:
    """Also where the line that has it is cut in its midst."""
    long = f"dhcp-option=224,{'x' * 180} # Authorization: Bearer {'abcdef0123' * 9}"
    planted = renamed(LEASE_TIME, causes=(Cause("f", 1, long),))
    result = failed(failure("a.py::test_a", planted))
    assert "abcdef0123" not in text(verdict(result), result)
