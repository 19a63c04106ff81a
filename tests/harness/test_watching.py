"""Watching a run: a live line on a terminal, stages in a pipe, nothing where it would disturb."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from fcntl import ioctl
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from tests.harness.suite import ConfigChanger, Run, RunSuite

pytestmark = pytest.mark.harness

FILE: Final = "tests/e2e/test_header.py"
DRAWN: Final = "\r\x1b[2K"
"""What a line that is drawn anew begins with."""


def on_terminal(
    environment: dict[str, str], *arguments: str, columns: int = 80, variables: Mapping[str, str] = {}
) -> Run:
    """Run the suite on a terminal of its own; everything that the terminal got."""
    own = {name: text for name, text in environment.items() if name not in {"COLUMNS", "CI", "NO_COLOR"}}
    own |= {"TERM": "xterm", **variables}
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=netns", *arguments]
    seen, printed = pty.openpty()
    ioctl(printed, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    with subprocess.Popen(
        command, cwd=PROJECT, env=own, stdin=printed, stdout=printed, stderr=printed
    ) as run:
        os.close(printed)
        output = b""
        with suppress(OSError):  # EIO: nobody has the terminal open any more.
            while data := os.read(seen, 1 << 16):
                output += data
    os.close(seen)
    return Run(run.returncode, output.decode(errors="replace"))


def lines_drawn(output: str) -> list[str]:
    """The texts of the live line, without colours."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    return [text.partition("\r")[0] for text in plain.split(DRAWN)[1:]]


@pytest.mark.parametrize("workers, columns", [(0, 60), (2, 80)])
def test_terminal_has_a_live_line(
    workers: int, columns: int, environment: dict[str, str], changed_config: ConfigChanger
) -> None:
    """With what is done, what is red, what is waited for; nothing of it stays, and no letters."""
    options = (f"--dhcp-config={changed_config(',12h', ',1h')}", f"--numprocesses={workers}")
    run = on_terminal(environment, *options, "tests/e2e/test_lease_time.py", columns=columns)
    drawn = lines_drawn(run.output)
    assert run.status == pytest.ExitCode.TESTS_FAILED, run.output
    assert any(re.match(r"\d+/\d+, \d+ red, \d+:\d\d", line) for line in drawn), drawn
    assert any("ping check of a new address, 1" in line for line in drawn), drawn
    assert max(len(line.splitlines()[0]) for line in drawn if line) < columns, drawn
    assert "[100%]" not in run.output
    assert "edgeboot: verdict" in run.output


@pytest.mark.parametrize(
    "options, variables",
    [
        (("-s",), {}),
        (("-v",), {}),
        (("-q",), {}),
        (("--collect-only",), {}),
        ((), {"CI": "true"}),
        ((), {"TERM": "dumb"}),
    ],
)
def test_live_line_does_not_disturb(
    options: tuple[str, ...], variables: dict[str, str], environment: dict[str, str]
) -> None:
    """Others write on the terminal then, or nobody looks at it."""
    test = f"{FILE}::test_reply_has_no_client_address"
    run = on_terminal(environment, "-n0", *options, test, variables=variables)
    assert run.status == pytest.ExitCode.OK, run.output
    assert DRAWN not in run.output, run.output


def test_terminal_without_colours_has_a_line_without_colours(environment: dict[str, str]) -> None:
    """NO_COLOR is about colours alone."""
    output = on_terminal(environment, "-n0", FILE, variables={"NO_COLOR": "1"}).output
    assert lines_drawn(output)
    assert "\x1b[1" not in output.partition(DRAWN)[2]


@pytest.mark.parametrize("workers", [0, 2])
def test_pipe_has_a_line_for_each_stage(workers: int, run_suite: RunSuite) -> None:
    """Of the first lab; of a test there is none."""
    run = run_suite(FILE, workers=workers)
    stages = re.findall(r"^edgeboot: lab netns(?:: | is )(\w+)", run.output, re.MULTILINE)
    assert stages == ["segment", "server", "up"], run.output
    assert "::test_" not in run.output


def test_quiet_run_is_silent(run_suite: RunSuite) -> None:
    """Its verdict is all."""
    run = run_suite("-q", FILE)
    assert "edgeboot: lab netns" not in run.output
    assert "edgeboot: verdict" in run.output


@pytest.mark.parametrize("workers", [0, 2])
def test_packets_of_tests_that_pass_are_shown(workers: int, run_suite: RunSuite) -> None:
    """As those of a failed one are: with every option, side by side."""
    test = f"{FILE}::test_reply_has_no_client_address"
    run = run_suite("--show-packets", test, workers=workers)
    assert re.search(rf"^{re.escape(test)}.*\n.*DHCPDISCOVER", run.output, re.MULTILINE), run.output
    assert "boot-file-name" in run.output or "bootfile-name (67)" in run.output, run.output
