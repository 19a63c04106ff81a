"""What of QEMU and firmware is on this machine, and what executes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.machines.qemu.accelerator import Accelerator, Accelerators
from edgeboot.machines.qemu.firmware import FIRMWARE, Processor
from edgeboot.machines.qemu.installed import check_installed

OVMF = FIRMWARE["ovmf-x64"]


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
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for version in ("2022.11-6", "2025.02-8"):
        directory = tmp_path / "edgeboot" / "firmware" / f"ovmf-{version}"
        directory.mkdir(parents=True)
        (directory / OVMF.code).touch()
    (tmp_path / "edgeboot" / "firmware" / "ovmf").symlink_to("ovmf-2025.02-8")
    assert OVMF.version() == "2025.02-8"
    assert OVMF.version("2022.11-6") == "2022.11-6"


def test_firmware_that_stood_still_with_kvm_is_executed_without() -> None:
    """Each next start would be in vain, too."""
    seen = Accelerators()
    seen.failed("ovmf-x64", "stands still with KVM")
    assert seen.of("ovmf-x64", Processor.X86_64) is Accelerator.TCG
    assert seen.why_not("ovmf-x64") == "stands still with KVM"
