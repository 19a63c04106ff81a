"""Running a site's command, without a shell: its exit status, what it printed, and its time limit."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.base.waiting import waiting
from edgeboot.host.command import find_program
from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.credentials import without
from edgeboot.machines.protocol import MachineError

_TOLD: Final = 300
"""Characters of its output that an error tells: the last ones."""


def run(entry: CommandEntry, asked: str, template: str) -> str:
    """Run a command to its end, and return what it printed.

    It has this process's environment, no terminal and an empty standard input.

    Args:
        entry: the machine's.
        asked: what the machine is asked by it, as an error says it: "to power on".
        template: the command.

    Raises:
        MachineError: it cannot be started, ends with another status than 0, or not within the limit.
    """
    program, *arguments = entry.words(template)
    try:
        process = subprocess.Popen(
            [find_program(program) or program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # So that what it starts ends with it.
        )
    except OSError as error:
        problem = f"cannot be started ({error.strerror})"
        raise failed(entry, asked, template, problem, "install it, or name its path") from None
    try:
        with waiting(f"machine {entry.name} {asked}", entry.command_within):
            printed = process.communicate(timeout=entry.command_within.total_seconds())[0]
    except subprocess.TimeoutExpired:
        within, has_ended = f"{entry.command_within.total_seconds():g} s", process.poll() is not None
        _end(process)
        after = _after(entry, _rest(process))
        if has_ended:
            problem = f"has ended, and what it started has its output open after {within}; that was killed"
            hint = "let it redirect the output of what it leaves running (>/dev/null 2>&1)"
        else:
            problem = f"has not ended within {within}, and was killed"
            hint = "run it by hand; allow more by command_within"
        raise failed(entry, asked, template, problem + after, hint) from None
    except BaseException:
        _end(process)
        process.wait()
        raise
    if process.returncode:
        problem = f"ended with status {process.returncode}{_after(entry, printed)}"
        raise failed(entry, asked, template, problem, "run it by hand, as this user")
    return printed.decode(errors="replace")


def failed(entry: CommandEntry, asked: str, template: str, problem: str, hint: str) -> MachineError:
    """The error of a command, with none of the secrets."""
    text = f"was asked {asked}; {entry.told(template)!r} {problem}"
    return MachineError(entry.name, without(text, *entry.secrets), hint)


def told(printed: str) -> str:
    """The end of what a command printed, in one line."""
    text = " ".join(printed.split())
    return repr(text if len(text) <= _TOLD else f"…{text[-_TOLD:]}")


def _after(entry: CommandEntry, printed: bytes) -> str:
    text = without(printed.decode(errors="replace"), *entry.secrets)
    return f" after printing {told(text)}" if text.strip() else " without printing anything"


def _rest(process: subprocess.Popen[bytes]) -> bytes:
    """What a killed command had printed; one that it started in a session of its own may have it open."""
    try:
        return process.communicate(timeout=Wait.LOG_LINE.total_seconds())[0]
    except subprocess.TimeoutExpired as error:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        process.stdout.close()
        process.wait()  # It was killed.
        return error.output or b""


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
