"""What of QEMU and firmware is on this machine, and what executes it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.machines.qemu.accelerator import Accelerator, Accelerators
from edgeboot.machines.qemu.firmware import FIRMWARE, Processor
from edgeboot.machines.qemu.installed import check_installed, described

OVMF = FIRMWARE["ovmf-x64"]


def unpack(monkeypatch: pytest.MonkeyPatch, cache: Path, *versions: str) -> None:
    """Put these versions of OVMF there, the last one as that which is used."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    firmware = cache / "edgeboot" / "firmware"
    for version in versions:
        (firmware / f"ovmf-{version}").mkdir(parents=True)
        (firmware / f"ovmf-{version}" / OVMF.code).touch()
    (firmware / "ovmf").symlink_to(f"ovmf-{versions[-1]}")


def test_program_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what gets it."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match=r"qemu-system-x86_64 is not installed; tools/system-packages mach"):
        check_installed(OVMF)


def test_firmware_that_is_not_unpacked_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With its file."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(UsageError, match=r"OVMF_CODE_4M.fd is missing; run .*tools/firmware"):
        OVMF.version()


def test_version_is_that_of_the_directory_that_its_link_leads_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Several may be there; the one unpacked last is used unless another is asked for."""
    unpack(monkeypatch, tmp_path, "2022.11-6", "2025.02-8")
    assert OVMF.version() == "2025.02-8"
    assert OVMF.version("2022.11-6") == "2022.11-6"


@pytest.mark.parametrize(
    "version,told",
    [
        ("2025.02-8+deb13u1", "ovmf 2025.02-8+deb13u1 (the rules hold for it), QEMU"),
        (
            "2024.05-1",
            "ovmf 2024.05-1 (the rules are not known to hold for it; they do for 2020.11-2+deb11u2, 2022.11",
        ),
    ],
)
def test_doctor_says_whether_a_version_was_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, told: str
) -> None:
    """What is said of it is read in documents only, if it was not."""
    qemu = tmp_path / "qemu-system-x86_64"
    qemu.write_text("#!/bin/sh\necho QEMU emulator version 7.2.22\n", encoding="utf-8")
    qemu.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    unpack(monkeypatch, tmp_path, version)
    assert described(OVMF).startswith(told)


def test_firmware_that_stood_still_with_kvm_is_executed_without() -> None:
    """Each next start would be in vain, too."""
    seen = Accelerators()
    seen.failed("ovmf-x64", "stands still with KVM")
    assert seen.of("ovmf-x64", Processor.X86_64) is Accelerator.TCG
    assert seen.why_not("ovmf-x64") == "stands still with KVM"
