"""The serial console of a virtual machine: every octet comes, and keys go the other way."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from edgeboot.machines.console import Console
from edgeboot.machines.qemu.serial import SerialLine

_OCTET_BY_OCTET: Final = "import os\nfor _ in range(5000): os.write(1, b'x')\nos.write(1, b'\\nend\\n')"


def started(*command: str) -> subprocess.Popen[bytes]:
    """A process in QEMU's place."""
    return subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_reader_that_is_late_loses_nothing() -> None:
    """A busy machine lets thousands of octets wait, each written alone."""
    process, console = started(sys.executable, "-c", _OCTET_BY_OCTET), Console()
    process.wait()
    SerialLine(process, console).close()
    assert [line.text for line in console.lines] == ["x" * 5000, "end"]


def test_keys_are_typed_and_too_late_ones_are_no_error() -> None:
    """A machine may be switched off meanwhile."""
    process, console = started("head", "-n", "1"), Console()
    serial = SerialLine(process, console)
    serial.type("boot\n")
    process.wait()
    serial.type("more\n")
    serial.close()
    assert [line.text for line in console.lines] == ["boot"]
