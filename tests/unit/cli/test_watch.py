"""``edgeboot watch`` on a real cable, with one capability, while frames of a real boot pass."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.cli.exit_status import EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.host.wire.port import Port
from tests.unit.host.capture.test_passive import ONLY_RAW
from tests.unit.report.story_told.stories import BOOTED
from tests.unit.samples import NODE

Watching = subprocess.Popen[str]
MAC: Final = "52:54:00:eb:00:01"


@pytest.fixture
def watching(cable: str, tmp_path: Path) -> Iterator[Watching]:
    """A watch of the cable's far end, which listens by now."""
    files = ("--log", "watch.log", "--write", "watch.pcapng", "--metrics", "watch.prom")
    paths = [each if each.startswith("--") else str(tmp_path / each) for each in files]
    command = ["ip", "netns", "exec", cable, *ONLY_RAW, sys.executable, "-m", "edgeboot.cli.main", "watch"]
    with subprocess.Popen(
        [*command, "-i", "far", *paths], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as watch:
        assert stdout(watch).readline().startswith("note: heard is what reaches far")
        yield watch
        watch.kill()


def stdout(watch: Watching) -> IO[str]:
    """What it prints."""
    assert watch.stdout is not None
    return watch.stdout


def replayed(cable: str, watch: Watching) -> list[str]:
    """The lines about the frames of a boot that pass now, up to the file, and the summary."""
    port = Port("near", NODE.mac, namespace=cable)
    for frame in read_pcap(BOOTED):
        port.send(frame.octets)
    told: list[str] = []
    while "boot file fetched" not in "".join(told):
        told.append(stdout(watch).readline())
    port.close()
    watch.send_signal(signal.SIGINT)
    return [*told, *stdout(watch)]


def test_stages_end_and_summary_are_told(cable: str, watching: Watching) -> None:
    """Ctrl-C tells how it stands with who is not at the end."""
    told = replayed(cable, watching)
    assert any(f"{MAC}  DHCPACK" in line for line in told)
    assert any(f"{MAC}  booted tftp://" in line for line in told)
    assert told[-1].startswith("1 boot: 1 booted")
    assert watching.wait() == 0


def test_log_has_each_event_on_a_line(cable: str, watching: Watching, tmp_path: Path) -> None:
    """For a collector."""
    replayed(cable, watching)
    assert watching.wait() == 0
    events = [json.loads(line) for line in (tmp_path / "watch.log").read_text().splitlines()]
    assert {each["mac"] for each in events} == {MAC}
    assert events[-1]["outcome"] == "booted"


def test_packets_that_were_written_are_explained(
    cable: str, watching: Watching, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened at night is looked at in the morning."""
    replayed(cable, watching)
    assert watching.wait() == 0
    assert main(["explain", str(tmp_path / "watch.pcapng")]) == 0
    assert f"{MAC}, EDK2 (PXE), UEFI x86-64" in capsys.readouterr().out


def test_metrics_have_what_ended(cable: str, watching: Watching, tmp_path: Path) -> None:
    """The file is whole at any moment."""
    replayed(cable, watching)
    assert watching.wait() == 0
    line = 'edgeboot_watch_boots_total{interface="far",outcome="booted"} 1.0'
    assert line in (tmp_path / "watch.prom").read_text().splitlines()


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--write-size", "8"], "--write-size 8: is the size of nothing"),
        (["--write-size", "0", "--write"], "--write-size 0: is too small for any packet"),
    ],
    ids=["of nothing", "nothing"],
)
def test_size_that_keeps_nothing_is_a_usage_error(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody wants packets in the morning, and would find none."""
    file = [str(tmp_path / "watch.pcapng")] if "--write" in arguments else []
    assert main(["watch", "-i", "lo", *arguments, *file]) == EXIT_USAGE
    assert said in capsys.readouterr().err


def test_interface_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is opened."""
    assert main(["watch", "-i", "absent"]) == EXIT_USAGE
    assert "--interface absent" in capsys.readouterr().err


def test_file_that_no_watch_has_written_is_a_usage_error(cable: str, tmp_path: Path) -> None:
    """It stays as it is: it may be somebody's evidence."""
    kept = tmp_path / "watch.pcapng"
    kept.write_bytes(b"of last week")
    command = ["ip", "netns", "exec", cable, *ONLY_RAW, sys.executable, "-m", "edgeboot.cli.main", "watch"]
    done = subprocess.run(
        [*command, "-i", "far", "--write", str(kept)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, kept.read_bytes()) == (EXIT_USAGE, b"of last week")
    assert f"--write {kept}: exists, and edgeboot watch has not written it; name another" in done.stderr
