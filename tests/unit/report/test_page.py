"""The page of a run: made from its directory alone, whole, bounded, and safe to open."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.cli.main import main
from edgeboot.host.wire.pcap import write_pcap
from edgeboot.report.client_boot import ClientBoot
from edgeboot.report.latencies import Latency, Nodes
from edgeboot.report.page.histogram import counted, histogram
from edgeboot.report.page.material import Material
from edgeboot.report.page.render import page
from edgeboot.report.page.run_directory import REPORT, keep_run
from edgeboot.report.received import received
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.report.seen import Seen
from edgeboot.report.values import visible
from edgeboot.report.verdict.verdict import verdict
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.captured import BOOT, LOG, MACHINES
from tests.unit.report.failed_runs import LEASE_TIME, SILENCE, failed, failure, renamed
from tests.unit.samples import CONTRACT, config, message, promised, reply

HOSTILE: Final = "<script>alert('x')</script><img src=x onerror=alert(1)>\u202e"
CLIENTS: Final = (
    ClientBoot("edk2-pxe-x86-64", "EDK2_PXE", "tftp://a/b", None, "no boot file is named", ("it asks",)),
    ClientBoot("windows", "NOTHING", None, None, "an operating system", ()),
)
SEEN: Final = Seen(
    MACHINES,
    received(reply(promised(CONTRACT)), reply(promised(CONTRACT)), CONTRACT, config("")),
    CLIENTS,
    (0.002, 0.003, 3.1),
    "segment 0.2 s",
)


class Tags(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one."""
        self.found.append((tag, dict(attrs)))


def kept(root: Path, result: Result) -> Path:
    """The run's directory, with the evidence of each failure."""
    named = []
    for number, each in enumerate(result.failures):
        directory = root / "ab12cd" / f"test-{number}"
        directory.mkdir(parents=True)
        write_pcap(directory / "capture.pcap", BOOT)
        (directory / "server.log").write_text("".join(f"{line.dated}\n" for line in LOG))
        named.append(replace(each, evidence=str(directory)))
    latencies = (Latency.of(Nodes.NEW, SEEN.latencies),)
    whole = replace(result, failures=tuple(named), seen=SEEN, latencies=latencies)
    return keep_run(root, "ab12cd", whole, verdict(whole)).parent


def page_of(root: Path, *failures: Failure) -> str:
    """The page of a run with these failures."""
    return (kept(root, failed(*failures)) / REPORT).read_text(encoding="utf-8")


def test_page_has_verdict_cause_contract_clients_and_ladder(tmp_path: Path) -> None:
    """Everything that a person needs is in the one file."""
    text = page_of(tmp_path, failure("a.py::test_a", LEASE_TIME))
    for words in (
        "Edge nodes would boot, but their lease or network is not as stated.",
        "dnsmasq.conf:4 dhcp-range=192.168.99.100,192.168.99.200,11h",
        "Contract beside received",
        "nothing: no boot file is named",
        "DHCP server under test",
        "next server: 192.168.99.40",
        "<td>new</td><td>3</td><td>3.0 ms</td><td>3.10 s</td><td>3.10 s</td>",
        "segment 0.2 s",
    ):
        assert words in text


def test_green_run_has_a_page(tmp_path: Path) -> None:
    """It shows what each client would boot."""
    text = page_of(tmp_path)
    assert "<h1>Edge nodes would boot.</h1>" in text
    assert 'id="causes"' not in text


def test_page_loads_nothing_and_allows_no_script_but_its_own(tmp_path: Path) -> None:
    """It opens offline, and a policy holds what a server could write."""
    tags = Tags(page_of(tmp_path, failure("a.py::test_a", LEASE_TIME))).found
    loading = [(tag, each) for tag, each in tags if {"src", "srcset", "data", "style"} & each.keys()]
    links = [each["href"] for _, each in tags if each.get("href")]
    assert loading == []
    assert [link for link in links if not str(link).startswith("#")] == []
    [policy] = [each["content"] for _, each in tags if each.get("http-equiv") == "Content-Security-Policy"]
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("place", ["message", "statement", "test", "cause", "client", "log"])
def test_hostile_words_stay_words(place: str, tmp_path: Path) -> None:
    """A host name, an option or a log line writes no element, and turns no text around."""
    finding = renamed(SILENCE, statement=HOSTILE) if place == "statement" else SILENCE
    finding = renamed(finding, causes=(Cause("f", 1, HOSTILE),)) if place == "cause" else finding
    name = f"a.py::test_a[{HOSTILE}]" if place == "test" else "a.py::test_a"
    fields = {"message": HOSTILE} if place == "message" else {}
    directory = kept(tmp_path, failed(failure(name, finding, **fields)))
    if place == "log":
        (directory / "lab").mkdir()
        (directory / "lab" / "pod.txt").write_text(HOSTILE)
    material = Material.read(directory)
    if place == "client":
        seen = replace(SEEN, clients=(replace(CLIENTS[0], client=HOSTILE),))
        material = replace(material, result=replace(material.result, seen=seen))
    text = page(material)
    assert len([tag for tag, _ in Tags(text).found if tag in {"script", "img"}]) == 1
    assert "\u202e" not in text
    assert "&lt;script&gt;alert" in text


def test_hidden_characters_are_shown_by_their_numbers() -> None:
    """What turns a line around, or is not seen, is seen."""
    assert visible("a\u202eb\x00c\td\n") == "a\\u202eb\\u0000c\td\n"


def test_page_is_made_later_and_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The directory is moved, and the file of the cause is gone."""
    file = tmp_path / "dnsmasq.conf"
    file.write_text("# one\n# two\ndhcp-range=…\n# four\n")
    finding = renamed(LEASE_TIME, causes=(Cause(str(file), 3, "dhcp-range=…"),))
    here = kept(tmp_path / "here", failed(failure("a.py::test_a", finding)))
    file.unlink()
    there = here.rename(tmp_path / "there")
    (there / REPORT).unlink()
    assert main(["report", str(there)]) == 0
    assert capsys.readouterr().out.strip() == str(there / REPORT)
    text = (there / REPORT).read_text()
    assert "# four" in text
    assert "DHCPDISCOVER" in text


def test_directory_without_a_run_is_refused(tmp_path: Path) -> None:
    """In one line, with what to name."""
    with pytest.raises(UsageError, match=r"has no result\.json; name the directory of a run"):
        Material.read(tmp_path)
    with pytest.raises(UsageError, match="no such directory"):
        Material.read(tmp_path / "absent")


@pytest.mark.parametrize(
    "name,text,problem",
    [
        ("result.json", "{", r"result\.json: is no result, or a damaged one"),
        ("result.json", "[]", r"result\.json: is no result, or a damaged one"),
        ("result.json", '{"schema": 2}', r"result\.json: is of schema 2, where 3 is read"),
        ("excerpts.json", "{", r"excerpts\.json: cannot be read"),
    ],
)
def test_damaged_file_is_refused_by_its_name(name: str, text: str, problem: str, tmp_path: Path) -> None:
    """A disk was full, or the run was of another version."""
    directory = kept(tmp_path, failed())
    (directory / name).write_text(text)
    with pytest.raises(UsageError, match=problem):
        Material.read(directory)


def test_page_of_many_failures_is_bounded(tmp_path: Path) -> None:
    """Hundreds of tests are listed, and the charts are as many as a browser takes."""
    failures = [failure(f"a.py::test_{number}", LEASE_TIME) for number in range(300)]
    text = page_of(tmp_path, *failures)
    assert len(text) < 12_000_000
    assert "this page has as many as it can hold" in text
    assert len(re.findall(r'<details class="test red"', text)) == 300


def test_copy_of_the_page_is_put_where_it_is_asked_for(tmp_path: Path) -> None:
    """Its directory is made."""
    result, copy = failed(), tmp_path / "out" / "page.html"
    keep_run(tmp_path / "evidence", "ab12cd", result, verdict(result), copy)
    assert copy.read_bytes() == (tmp_path / "evidence" / "last" / REPORT).read_bytes()


def test_histogram_counts_each_time_once() -> None:
    """An edge belongs to the bar that begins with it."""
    assert counted([0.0005, 0.001, 0.002, 3.0, 20.0]) == [1, 2, 0, 0, 0, 0, 0, 0, 1, 1]
    assert "answer times: 1 from &lt; 1 ms" in histogram([0.0005])


def test_long_log_is_cut_and_says_so(tmp_path: Path) -> None:
    """A night's log is megabytes; its beginning is on the page."""
    directory = kept(tmp_path, failed())
    (directory / "lab").mkdir()
    (directory / "lab" / "server.log").write_text("started\n" + "x" * 300_000)
    [log] = Material.read(directory).lab_files
    assert log.text.startswith("started\n")
    assert log.text.endswith("(100008 more characters are in server.log)")


def test_message_that_deviates_is_marked_in_its_chart(tmp_path: Path) -> None:
    """The reply that has the wrong value stands out."""
    short = renamed(LEASE_TIME, received=CONTRACT.lease_time)
    assert "lease_time: expected 12:00:00" in page_of(tmp_path, failure("a.py::test_a", short))


def test_first_boot_is_compared_row_by_row() -> None:
    """A row that differs is known as such."""
    wrong = reply(message(*promised(CONTRACT).options, siaddr=CONTRACT.server_identifier))
    rows = received(wrong, reply(promised(CONTRACT)), CONTRACT, config(""))
    assert {row.label for row in rows if row.differs} >= {"next server"}
    assert [row.stated for row in rows if row.label == "netmask"] == [str(CONTRACT.netmask)]


def test_what_was_seen_comes_back_from_json() -> None:
    """And of each client the last boot counts."""
    assert Seen.from_json(SEEN.to_json()) == SEEN
    later = replace(CLIENTS[1], reason="another")
    assert Seen(clients=CLIENTS).plus(Seen(clients=(later,))).clients == (CLIENTS[0], later)


def test_page_is_written_to_a_directory_that_is_not_there_yet(tmp_path: Path) -> None:
    """Such as that of a site's web server."""
    keep_run(tmp_path, "ab12cd", failed(status=0), verdict(failed(status=0)))
    page_file = tmp_path / "new" / "page.html"
    assert main(["report", str(tmp_path / "ab12cd"), "-o", str(page_file)]) == 0
    assert "<!DOCTYPE html>" in page_file.read_text()


def test_page_for_which_there_is_no_room_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In place of a traceback."""
    keep_run(tmp_path, "ab12cd", failed(status=0), verdict(failed(status=0)))
    assert main(["report", str(tmp_path / "ab12cd"), "-o", "/dev/full"]) == 4
    assert (
        "edgeboot: --output /dev/full: cannot be written (No space left on device)" in capsys.readouterr().err
    )
