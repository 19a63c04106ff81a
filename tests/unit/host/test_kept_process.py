"""A server's output when the run that started it has ended."""

from __future__ import annotations

import subprocess
from pathlib import Path

from edgeboot.base.deadline import Wait, eventually
from edgeboot.host.kept_process import KeptOutput, kept_output


def test_output_goes_on_to_the_file_when_nobody_reads_it(tmp_path: Path) -> None:
    """The file is what a kept server's log is looked up in."""
    file = tmp_path / "output"
    process = subprocess.Popen(KeptOutput(file).command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.close()
    for line in (b"first\n", b"second\n"):
        process.stdin.write(line)
        process.stdin.flush()
    eventually(
        "both lines", lambda: (file.exists() and file.read_text().count("\n") == 2) or None, Wait.LINK, ""
    )
    process.stdin.close()
    process.wait(Wait.SERVER_STOP.total_seconds())


def test_it_is_found_by_its_file_and_ended(tmp_path: Path) -> None:
    """Another process does, from the journal; a second time there is nothing to do."""
    kept = KeptOutput(tmp_path / "output")
    with subprocess.Popen(kept.command, stdin=subprocess.PIPE) as process:
        eventually("it", lambda: kept_output(kept.path), Wait.SERVER_START, "")
        assert (kept.undo(), process.wait(Wait.SERVER_STOP.total_seconds())) == (True, -9)
    assert not kept.undo()
