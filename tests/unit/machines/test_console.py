"""A machine's console: lines out of what firmware writes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from edgeboot.base.deadline import Deadline
from edgeboot.machines.console import Console


@pytest.mark.parametrize(
    "written,shown",
    [
        ([b"BdsDxe: loading Boot0001\r\n"], ["BdsDxe: loading Boot0001"]),
        ([b">>Start PXE", b" over IPv4."], [">>Start PXE over IPv4."]),
        ([b"\x1b[2J\x1b[01;01H\x1b[=3hStation IP", b" address\r\r\n"], ["Station IP address"]),
        ([b"one\x1b[05;01Htwo"], ["one", "two"]),
        ([b"\x00\x07\xff\n"], ["\N{REPLACEMENT CHARACTER}"]),
    ],
)
def test_console_gives_the_lines_without_a_terminals_control_characters(
    written: list[bytes], shown: list[str]
) -> None:
    """A cursor's place starts a line; what is not finished is shown, too."""
    console = Console()
    for octets in written:
        console.feed(octets)
    assert [line.text for line in console.lines] == shown


def test_a_line_is_waited_for_while_another_thread_reads() -> None:
    """The wait ends with the line, not with its time limit."""
    console = Console()
    threading.Timer(0.01, console.feed, [b"PXE-E18: Server response timeout.\n"]).start()
    line = console.wait_for(r"PXE-E\d+", Deadline.after(timedelta(seconds=30)))
    assert line is not None
    assert line.text == "PXE-E18: Server response timeout."


def test_a_line_that_does_not_come_is_none() -> None:
    """The caller knows what it means."""
    console = Console(clock=lambda: 5.0)
    console.feed(b"earlier\n")
    assert console.wait_for("earlier", Deadline.after(timedelta(0)), since=6.0) is None
