"""tools/firmware: where apt does not give it what it asks for, and packages of other releases of Debian."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT

Unpack = Callable[..., "subprocess.CompletedProcess[str]"]

_APT: Final = """#!/bin/sh
echo "$@" >>"$ASKED"
for last; do :; done
case $1 in
  indextargets) echo http://mirror.example/debian/ ;;
  download) cp "$PACKAGES/$last.deb" . ;;
esac
"""
"""An apt-get that downloads the packages of a directory, whatever its lists are."""


@pytest.fixture
def unpack(tmp_path: Path) -> Unpack:
    """Runs tools/firmware with that apt-get first on PATH, for root and by sudo."""
    for name, content in {"apt-get": _APT, "sudo": '#!/bin/sh\n[ "$1" = -n ] || "$@"\n'}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "ASKED": str(tmp_path / "asked"),
        "PACKAGES": str(tmp_path),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        tool = [str(PROJECT / "tools" / "firmware"), *arguments]
        return subprocess.run(tool, env=environment, capture_output=True, text=True, check=False)

    return run


def build(directory: Path, package: str, version: str, files: Sequence[str]) -> None:
    """Build a package of files that hold their own path; ``LINK -> TARGET`` is a symbolic link."""
    root = directory / "root"
    control = (
        f"Package: {package}\nVersion: {version}\nArchitecture: all\nMaintainer: nobody\nDescription: x\n"
    )
    for name, content in {"DEBIAN/control": control, **{each: each for each in files}}.items():
        path, _, target = name.partition(" -> ")
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if target:
            (root / path).symlink_to(target)
        else:
            (root / path).write_text(content, encoding="utf-8")
    subprocess.run(
        ["dpkg-deb", "--build", root, directory / f"{package}.deb"], check=True, capture_output=True
    )


def unpacked(directory: Path) -> Path:
    """Where it puts what it unpacks."""
    return directory / "cache" / "edgeboot" / "firmware"


def asked(directory: Path) -> list[str]:
    """What apt-get was called with."""
    return (directory / "asked").read_text(encoding="utf-8").splitlines()


TARGETS: Final = {"ipxe-amd64.efi", "AAVMF_CODE.no-secboot.fd"}
"""What the names of Debian 12 are links to in later releases."""


def test_package_that_cannot_be_downloaded_is_named(unpack: Unpack, tmp_path: Path) -> None:
    """Apt's lists are updated, it is tried once more, and nothing half made is left in the cache."""
    run = unpack("ipxe")
    assert run.returncode == 1
    assert "the firmware of package ipxe cannot be taken" in run.stderr
    assert [call.split()[0] for call in asked(tmp_path)] == ["download", "update", "download"]
    assert not list(unpacked(tmp_path).iterdir())


@pytest.mark.parametrize(
    "package,origin,files",
    [
        ("ipxe", "ipxe", ["boot/ipxe.lkrn", "boot/ipxe.efi", "usr/ipxe.efi -> /boot/ipxe.efi"]),
        ("ipxe", "ipxe", ["usr/ipxe.lkrn", "usr/ipxe-amd64.efi", "usr/ipxe.efi -> ipxe-amd64.efi"]),
        (
            "qemu-efi-aarch64",
            "qemu-efi-aarch64",
            [
                "AAVMF/AAVMF_VARS.fd",
                "AAVMF/AAVMF_CODE.no-secboot.fd",
                "AAVMF/AAVMF_CODE.fd -> AAVMF_CODE.no-secboot.fd",
            ],
        ),
        (
            "ovmf",
            "ovmf-generic",
            ["OVMF/OVMF_CODE_4M.fd", "OVMF/OVMF_CODE_4M.secboot.fd", "OVMF/OVMF_VARS_4M.fd"],
        ),
    ],
    ids=["Debian 12", "ipxe of Debian 13", "AAVMF of Debian 13", "OVMF of Debian 14"],
)
def test_files_have_the_same_names_whatever_the_release(
    unpack: Unpack, tmp_path: Path, package: str, origin: str, files: list[str]
) -> None:
    """A machine with another Debian finds its firmware, too."""
    build(tmp_path, origin, "1.0-1", files)
    run = unpack(package)
    assert (run.returncode, run.stdout) == (0, f"{package}-1.0-1\n")
    wanted = {Path(each.partition(" -> ")[0]).name for each in files} - TARGETS
    assert {each.name for each in (unpacked(tmp_path) / package).iterdir()} == wanted


def test_file_of_that_name_for_another_processor_is_left(unpack: Unpack, tmp_path: Path) -> None:
    """It would say nothing: a machine executes its own instructions only."""
    boards = ("qemu-ppce500", "qemu_arm64", "qemu_x86")
    build(tmp_path, "u-boot-qemu", "1.0-1", [f"{board}/u-boot.bin" for board in boards])
    assert unpack("u-boot-qemu").returncode == 0
    assert (unpacked(tmp_path) / "u-boot-qemu" / "u-boot.bin").read_text("utf-8") == "qemu_arm64/u-boot.bin"


def test_other_release_has_a_link_of_its_own(unpack: Unpack, tmp_path: Path) -> None:
    """Machines without a version keep the firmware that they had."""
    build(tmp_path, "ipxe", "2.0-1", ["ipxe.lkrn", "ipxe-amd64.efi"])
    assert unpack("--release=trixie", "ipxe").returncode == 0
    assert {each.name for each in unpacked(tmp_path).iterdir()} == {"ipxe-2.0-1", "ipxe-trixie"}
    assert (unpacked(tmp_path) / "ipxe-trixie").resolve().name == "ipxe-2.0-1"


def test_lists_of_this_machine_stay_as_they_are(unpack: Unpack, tmp_path: Path) -> None:
    """Another release in them would offer its packages to the whole machine."""
    assert unpack("--release=trixie", "ipxe").returncode == 1
    calls = [call for call in asked(tmp_path) if not call.startswith("indextargets")]
    assert [call.split()[0] for call in calls] == ["download", "update", "download"]
    assert all(f"-c {unpacked(tmp_path)}/.apt." in call for call in calls)
    assert not list(unpacked(tmp_path).iterdir())


@pytest.mark.parametrize(
    "arguments,told",
    [
        (["--release=forky", "ovmf-ia32"], "forky has no package ovmf-ia32"),
        (["nginx"], "no firmware is known in a package nginx"),
        (["--releases"], "unknown option --releases; usage: firmware [--release=NAME] [PACKAGE]..."),
    ],
)
def test_what_it_cannot_take_is_said(unpack: Unpack, arguments: list[str], told: str) -> None:
    """In one line."""
    run = unpack(*arguments)
    assert run.returncode != 0
    assert run.stderr.strip() == told
