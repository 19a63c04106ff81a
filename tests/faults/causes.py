"""The ways to break something: a line, a manifest, a frame on its way, a segment, a file."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import MANIFESTS
from edgeboot.labs.hosts.boot_files import boot_file
from edgeboot.spec.contract.contract import contract_path
from edgeboot.spec.manifests.deployment import load_deployment
from tests.faults.fault import Setup

PLUGIN: Final = "tests.faults.plugin"
FRAME_VARIABLE: Final = "EDGEBOOT_FAULT_FRAMES"
SERVER: Final = "server"
SEGMENT_VARIABLE: Final = "EDGEBOOT_FAULT_SEGMENT"
CLUSTER_VARIABLE: Final = "EDGEBOOT_FAULT_CLUSTER"


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """Texts of the profile's dnsmasq.conf are replaced, in a candidate beside it."""

    changes: tuple[tuple[str, str], ...]

    def prepare(self, profile: str, directory: Path) -> Setup:
        """A candidate.conf and the option that names it."""
        text = load_deployment(profile).config.text
        for old, new in self.changes:
            text = replaced(text, old, new, f"the dnsmasq.conf of {profile}")
        candidate = directory / "candidate.conf"
        candidate.write_text(text, encoding="utf-8")
        return Setup((f"--dhcp-config={candidate}",))


def config_change(old: str, new: str) -> ConfigChange:
    """One text of dnsmasq.conf is another."""
    return ConfigChange(((old, new),))


def added_lines(*lines: str) -> ConfigChange:
    """Lines that dnsmasq.conf did not have."""
    return ConfigChange((("port=0\n", "\n".join(("port=0", *lines, ""))),))


@dataclass(frozen=True, slots=True)
class ManifestChange:
    """A text of a file below manifests/ is replaced, in a copy of all of them."""

    file: str
    old: str
    new: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - it names its file
        """The copy, and the variable that names it."""
        copy = directory / "manifests"
        if not copy.exists():
            shutil.copytree(MANIFESTS, copy)
        path = copy / self.file
        path.write_text(replaced(path.read_text(encoding="utf-8"), self.old, self.new, self.file))
        return Setup(environment={"EDGEBOOT_MANIFESTS": str(copy)})


@dataclass(frozen=True, slots=True)
class FrameInjection:
    """Frames between a server and the bridge are changed, lost or late: an entry of frame_injection.py."""

    name: str
    place: str = SERVER
    """Before the DHCP server, or before this host of the lab's."""

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The plugin that puts it there."""
        return Setup(("-p", PLUGIN), {FRAME_VARIABLE: f"{self.place}:{self.name}"})


@dataclass(frozen=True, slots=True)
class SegmentInjection:
    """The bridge or who is on it is not as it should be: an entry of segment_injection.py by its name."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The plugin that puts it there."""
        return Setup(("-p", PLUGIN), {SEGMENT_VARIABLE: self.name})


@dataclass(frozen=True, slots=True)
class ClusterInjection:
    """The cluster or its users do something wrong: an entry of cluster_injection.py by its name."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The plugin that puts it there."""
        return Setup(("-p", "tests.faults.cluster_plugin"), {CLUSTER_VARIABLE: self.name})


@dataclass(frozen=True, slots=True)
class WeakServer:
    """A server of our own takes dnsmasq's place: weak_server.py with one weakness."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The command that starts it."""
        program = Path(__file__).with_name("weak_server.py")
        return Setup((f"--dhcp-command={sys.executable} {program} {{interface}} {json.dumps(self.name)}",))


def replaced(text: str, old: str, new: str, where: str) -> str:
    """The text with ``old`` replaced.

    Raises:
        ValueError: it does not hold ``old``.
    """
    if old not in text:
        raise ValueError(f"{where} has no {old!r}")
    return text.replace(old, new)


@dataclass(frozen=True, slots=True)
class ContractChange:
    """A text of the contract is replaced: a term that the server does not fulfil."""

    old: str
    new: str

    def prepare(self, profile: str, directory: Path) -> Setup:
        """The other contract, and the option that names it."""
        path = directory / "contract.toml"
        text = contract_path(profile).read_text(encoding="utf-8")
        path.write_text(replaced(text, self.old, self.new, f"the contract of {profile}"), encoding="utf-8")
        return Setup((f"--contract={path}",))


@dataclass(frozen=True, slots=True)
class BootFileChange:
    """Another file lies where the boot file should."""

    content: Callable[[bytes], bytes]

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The file, and the option that names it."""
        path = directory / "boot.efi"
        path.write_bytes(self.content(boot_file().read_bytes()))
        return Setup((f"--boot-file={path}",))
