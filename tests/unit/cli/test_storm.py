"""``edgeboot storm``: what it refuses before anything is made, and how a result is told."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from unittest.mock import Mock

import pytest

from edgeboot.base.errors import LabError
from edgeboot.cli import storm
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED, EXIT_LAB_BROKEN, EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.report.storm.progress import progress_line
from edgeboot.report.storm.table import storm_table
from edgeboot.report.values import plain_console
from edgeboot.stress.storm.completion import BoundBy
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.numbering import mac_of
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.progress import Progress, Straggler
from edgeboot.stress.storm.release import Release, ReleaseEnd
from edgeboot.stress.storm.result import StormResult
from tests.unit.labs.test_clean import STUCK

TIMES = Percentiles(98, 3.5, 0.02, 3.1, 18.2, 18.3)
RESULT = StormResult(
    nodes=100,
    client="edk2-pxe-x86-64",
    arrival="constant",
    rate=50.0,
    seed=1,
    elapsed=60.0,
    interrupted=False,
    started=100,
    bound=98,
    not_offered=1,
    not_acknowledged=0,
    refused=1,
    unfinished=0,
    duplicates=(),
    offer_collisions=2,
    addresses=98,
    counters=Counters(discovers=120, repeated_discovers=20, unanswered_discovers=21, naks=1),
    to_offer=TIMES,
    to_ack=TIMES,
    offer_answers=TIMES,
    ack_answers=None,
    completion=(BoundBy(22.5, 98),),
    staircase=None,
    lost_here=0,
    client_cpu=0.01,
)

DRAWN = replace(RESULT, to_ack=Percentiles.of(4.0 for _ in range(98)))
"""With what a page draws."""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A separate state directory: what others left is not removed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def told(result: StormResult) -> str:
    """The table as text, each row's end cut off."""
    console = plain_console(width=200)
    with console.capture() as capture:
        console.print(storm_table({"as it is": result}))
    return capture.get()


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["--nodes=0"], "--nodes 0: is no number of nodes; give 1 to"),
        (["--nodes=100001"], "--nodes 100001: is no number of nodes; give 1 to 100000"),
        (["--within=2h"], "--within 2h: is too long for a storm; give 1h at most"),
        (["--client=nobody"], "--client nobody: no such client; choose from edk2-pxe-x86-64"),
        (["--client=pxe-bios"], "client pxe-bios: has a patience that is not known"),
        (["--rounds=firmware,nobody"], "--rounds firmware,nobody: has no such round: 'nobody'; choose from"),
        (["--profile=absent"], "--profile absent: "),
        (["--dhcp-config=absent.conf"], "absent.conf"),
        (["--dhcp-command=other-server", "--what-if=no-ping"], "other-server"),
        (
            ["--what-if=no-cpu-limit"],
            "--what-if no-cpu-limit: has no limits.cpu of container dnsmasq",
        ),
        (["--lab=absent"], "--lab absent: no such lab in this version; choose from auto, netns"),
        (["--interface=lo"], "--interface: is for lab orchestrator, not netns"),
        (["--disruptive=192.168.99.0/24"], "is not for lab netns, whose segment is its own; leave it out"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 4, and one line that names the argument."""
    assert main(["storm", *arguments]) == EXIT_USAGE
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_site_s_machine_that_cannot_be_put_back_stops_no_storm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told, and left to ``edgeboot clean``."""
    journal = tmp_path / "state" / "edgeboot" / "journal" / "a1b2c3-main.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text(STUCK, encoding="utf-8")
    monkeypatch.setattr(storm, "one_storm", lambda *_: RESULT)
    assert main(["storm"]) == EXIT_FOUND_WANTING
    told = " ".join(capsys.readouterr().err.split())
    assert "an earlier run has left at a site: machine node-9: was asked to power off" in told
    assert journal.exists()


@pytest.mark.parametrize(
    "second,status",
    [(KeyboardInterrupt(), EXIT_INTERRUPTED), (LabError("lab netns", "broke", "mend it"), EXIT_LAB_BROKEN)],
)
def test_first_result_is_told_though_the_second_storm_broke(
    second: BaseException, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has been measured: whoever waits no longer for the other one still wants to see it."""
    storms = Mock(side_effect=[RESULT, second])
    monkeypatch.setattr(storm, "one_storm", storms)
    assert main(["storm", "--what-if=no-ping"]) == status
    told = capsys.readouterr()
    assert "98 of 100, the last one after 22.5 s" in told.out
    assert "the storm with no-ping was not made to its end" in told.err


def test_list_without_the_second_storm_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C in the first one: who reads the list would look for the other in vain."""
    monkeypatch.setattr(storm, "one_storm", lambda *_: replace(RESULT, interrupted=True))
    assert main(["storm", "--what-if=no-ping", "--json"]) == EXIT_INTERRUPTED
    told = capsys.readouterr()
    assert [each["interrupted"] for each in json.loads(told.out)] == [True]
    assert "the storm with no-ping was not made to its end" in told.err


def test_page_that_cannot_be_written_is_said_before_the_storm(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody waits for figures that cannot be kept."""
    storms = Mock()
    monkeypatch.setattr(storm, "one_storm", storms)
    assert main(["storm", "--report=/proc/no/page.html"]) == EXIT_USAGE
    assert "--report /proc/no/page.html: cannot be written (" in capsys.readouterr().err
    assert not storms.called


def test_page_that_cannot_be_written_at_the_end_leaves_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures have been measured; the error comes after them."""
    page = tmp_path / "site" / "page.html"

    def one_storm(*_: object) -> StormResult:
        page.parent.touch()  # A file in its way.
        return DRAWN

    monkeypatch.setattr(storm, "one_storm", one_storm)
    assert main(["storm", f"--report={page}"]) == EXIT_USAGE
    told = capsys.readouterr()
    assert "98 of 100, the last one after 22.5 s" in told.out
    assert f"--report {page}: cannot be written (" in told.err


def test_directory_of_the_page_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of any other file that a command writes."""
    monkeypatch.setattr(storm, "one_storm", lambda *_: DRAWN)
    main(["storm", f"--report={tmp_path / 'site' / 'page.html'}"])
    assert "98 of 100 nodes were ready" in (tmp_path / "site" / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "change,words",
    [
        ({}, "98 of 100, the last one after 22.5 s"),
        ({}, "2: 1 without an offer, 1 by a DHCPNAK"),
        ({}, "p50 20.00 ms, p90 3.10 s, p99 18.20 s, longest 18.30 s"),
        ({}, "120 sent, 20 of them again; 21 without an offer in time"),
        (
            {"counters": Counters(discovers=200, repeated_discovers=100), "not_offered": 0},
            "200 sent, 100 of them again (100 by nodes that had an offer, and waited for others); 0 without",
        ),
        (
            {"counters": Counters(requests=9, repeated_requests=3, unanswered_requests=4, naks=4)},
            "9 sent, 3 of them again; 4 without a DHCPACK in time",
        ),
        ({"duplicates": (IPv4Address("192.168.99.100"),)}, "192.168.99.100: each was given to two nodes"),
        ({"release": Release(98, 98, ReleaseEnd.ALL, 0)}, "98 of 98, as the server's lease database shows"),
        (
            {"release": Release(98, 98, ReleaseEnd.ALL, 2)},
            "98 of 98, but 2 are in the server's lease database",
        ),
        (
            {"release": Release(98, 98, ReleaseEnd.ALL)},
            "98 of 98: not verified, since neither lease database nor log",
        ),
        ({"release": Release(98, 0, ReleaseEnd.UNANSWERED)}, "0 of 98: the server did not answer, and the"),
        ({"lost_here": 3}, "3 frames lost on this machine"),
        (
            {"nodes": 1, "not_offered": 0, "refused": 0, "bound": 1},
            "storm of 1 node, edk2-pxe-x86-64, constant at 50/s",
        ),
        ({"unfinished": 1, "started": 99, "interrupted": True}, "1 still asking, 1 not switched on yet"),
    ],
)
def test_the_table_tells_what_became_of_the_nodes(change: dict[str, object], words: str) -> None:
    """Each figure with its words."""
    assert words in told(replace(RESULT, **change))  # type: ignore[arg-type]


def test_two_results_stand_beside_each_other() -> None:
    """A row that only one of them has is empty in the other's column."""
    console = plain_console(width=200)
    with console.capture() as capture:
        console.print(storm_table({"as it is": RESULT, "with no-ping": replace(RESULT, offer_collisions=0)}))
    lines = capture.get().splitlines()
    assert any("as it is" in line and "with no-ping" in line for line in lines)
    [collisions] = [line for line in lines if "offer collisions" in line]
    assert collisions.count("an address of another") == 1


def test_progress_is_one_line() -> None:
    """How many are ready, how fast now, how many wait, and which of them have waited longest."""
    line = progress_line(Progress(12.3, 100, 90, 40, 2, (Straggler(mac_of(3), 11.8),)), 8.4)
    assert line == "12 s: 40 of 100 nodes ready, 8/s, 48 waiting (…00:00:03 12 s), 2 gave up"
