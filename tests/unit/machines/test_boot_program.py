"""The boot program: its fields are written into the file, and its words are read from a console."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.deadline import Deadline
from edgeboot.base.errors import LabError
from edgeboot.base.paths import PROJECT
from edgeboot.machines.boot_program import End, Started, boot_program, started, wait_for_start
from edgeboot.machines.console import Console
from edgeboot.node.boot.pe_image import Machine, efi_application

_CONTENT: Final = (
    b"MZ" + b"edgeboot-label=unlabelled".ljust(64, b"\0") + b"edgeboot-end=return".ljust(64, b"\0")
)
_LINE: Final = "edgeboot: started signed-1 on aarch64, Secure Boot on"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache's directory of the program."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    directory = tmp_path / "edgeboot" / "boot-program"
    directory.mkdir(parents=True)
    return directory


def test_label_and_end_take_the_place_of_what_was_there(cache: Path) -> None:
    """The file keeps its length: nothing else of it moves."""
    (cache / "x64.efi").write_bytes(_CONTENT)
    made = boot_program(Machine.X86_64, "a", End.SHUT_DOWN)
    assert made == _CONTENT.replace(b"unlabelled", b"a".ljust(10, b"\0")).replace(b"return\0\0", b"shutdown")


@pytest.mark.parametrize("label", ["", "two words", "x" * 41, "a\0"])
def test_label_that_the_console_could_not_tell_is_refused(label: str) -> None:
    """Whatever the length of the field, it ends before it does."""
    with pytest.raises(ValueError, match="no label"):
        boot_program(Machine.X86_64, label)


@pytest.mark.usefixtures("cache")
def test_program_that_was_not_compiled_names_the_tool() -> None:
    """One line, with what to run."""
    with pytest.raises(LabError, match=r"aarch64\.efi is missing; run .*tools/boot-program"):
        boot_program(Machine.AARCH64, "a")


def test_start_is_read_from_the_console() -> None:
    """Who started, on what, and whether Secure Boot was on."""
    console = Console(clock=lambda: 7.0)
    console.feed(f"BdsDxe: starting Boot0001\r\n{_LINE}\r\n".encode())
    expected = Started("signed-1", Machine.AARCH64, secure_boot=True, at=7.0)
    assert wait_for_start(console, Deadline(0)) == expected
    assert started("BdsDxe: starting Boot0001", 7.0) is None


@pytest.mark.skipif(
    not shutil.which("clang") or not shutil.which("lld-link"), reason="there is no clang here"
)
@pytest.mark.parametrize("processor", [Machine.X86_64, Machine.IA32, Machine.AARCH64])
@pytest.mark.usefixtures("cache")
def test_tool_compiles_it_for_each_processor(processor: Machine) -> None:
    """It is an EFI application by the headers that firmware reads, and unsigned."""
    subprocess.run([PROJECT / "tools" / "boot-program"], check=True, capture_output=True)
    made = efi_application(boot_program(processor, "a"))
    assert (made.machine, made.signed) == (processor, False)
