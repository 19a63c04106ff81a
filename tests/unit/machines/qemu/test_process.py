"""The QEMU process of a virtual machine as a leftover."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.host.processes import Process
from edgeboot.machines.qemu.process import VirtualMachine


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with the command line of QEMU's for guest ``edgeboot-x-node``."""
    program = tmp_path / "qemu-system-x86_64"
    shutil.copyfile(shutil.which("sh") or "/bin/sh", program)
    program.chmod(0o755)
    # The shell waits for a line that does not come.
    command = [str(program), "-c", "read line", "guest=edgeboot-x-node"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as it:
        # execve(2) closes files before /proc has the new command line.
        eventually("its command line", lambda: Process(it.pid).command or None, Wait.SERVER_START, "")
        yield it
        it.kill()


def test_process_of_its_guest_is_killed(process: subprocess.Popen[bytes]) -> None:
    """And once only."""
    leftover = VirtualMachine("edgeboot-x-node")
    assert leftover.undo()
    assert process.wait() == -9
    assert not leftover.undo()


def test_process_of_another_guest_is_left_alone(process: subprocess.Popen[bytes]) -> None:
    """Of a run beside, whose name begins in the same way."""
    assert not VirtualMachine("edgeboot-x").undo()
    assert process.poll() is None


def test_leftover_is_read_back_as_it_was_written() -> None:
    """By another process, from the journal."""
    leftover = VirtualMachine("edgeboot-x-node")
    assert VirtualMachine.from_json(leftover.to_json()) == leftover
    assert str(leftover) == "virtual machine edgeboot-x-node"
