"""Causes of faults: a changed configuration, manifest, contract, frame, segment, cluster or boot file."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import MANIFESTS
from edgeboot.labs.hosts.boot_files import boot_file
from edgeboot.spec.contract.reading import contract_path
from edgeboot.spec.manifests.deployment import load_deployment
from tests.faults.fault import Setup

PLUGIN: Final = "tests.faults.plugin"
FRAME_VARIABLE: Final = "EDGEBOOT_FAULT_FRAMES"
SERVER: Final = "server"
SEGMENT_VARIABLE: Final = "EDGEBOOT_FAULT_SEGMENT"
CLUSTER_VARIABLE: Final = "EDGEBOOT_FAULT_CLUSTER"


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """Replaces texts of the profile's dnsmasq.conf, in a candidate for ``--dhcp-config``."""

    changes: tuple[tuple[str, str], ...]

    def prepare(self, profile: str, directory: Path) -> Setup:
        """Write candidate.conf; the option that names it."""
        text = load_deployment(profile).config.text
        for old, new in self.changes:
            text = replaced(text, old, new, f"the dnsmasq.conf of {profile}")
        candidate = directory / "candidate.conf"
        candidate.write_text(text, encoding="utf-8")
        return Setup((f"--dhcp-config={candidate}",))


def config_change(old: str, new: str) -> ConfigChange:
    """Replaces one text of dnsmasq.conf."""
    return ConfigChange(((old, new),))


def added_lines(*lines: str) -> ConfigChange:
    """Adds lines to dnsmasq.conf."""
    return ConfigChange((("port=0\n", "\n".join(("port=0", *lines, ""))),))


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A whole dnsmasq.conf in place of the profile's."""

    path: Path

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The option that names it."""
        return Setup((f"--dhcp-config={self.path}",))


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract in place of the profile's."""

    path: Path

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The option that names it."""
        return Setup((f"--contract={self.path}",))


@dataclass(frozen=True, slots=True)
class PodPatch:
    """A patch of the Pod in place of poc-fixed's own, in a copy of the manifests."""

    path: Path

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """Copy the manifests with this patch; the variable that names the copy."""
        copy = directory / "manifests"
        shutil.copytree(MANIFESTS, copy)
        shutil.copyfile(self.path, copy / "dhcp-server" / "overlays" / "poc-fixed" / "leases.yaml")
        return Setup(environment={"EDGEBOOT_MANIFESTS": str(copy)})


@dataclass(frozen=True, slots=True)
class HostCommand:
    """A shell command in the server's network namespace, before dnsmasq starts."""

    shell: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The command that runs it and becomes dnsmasq."""
        dnsmasq = "exec dnsmasq --no-daemon --log-dhcp --conf-file={config}"
        return Setup((f"--dhcp-command=sh -c '{self.shell}; {dnsmasq}'",))


@dataclass(frozen=True, slots=True)
class HostCondition:
    """A condition of the node around the server: a key of host_condition.CONDITIONS."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The command that brings it about and becomes dnsmasq."""
        program = Path(__file__).with_name("host_condition.py")
        return Setup((f"--dhcp-command={sys.executable} {program} {self.name} {{config}}",))


@dataclass(frozen=True, slots=True)
class ProgramInPlace:
    """A shell script in the place of a program that the suite itself runs."""

    name: str
    script: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """Write the script; the search path on which it comes first."""
        path = directory / "bin" / self.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{self.script}\n", encoding="utf-8")
        path.chmod(0o755)
        return Setup(environment={"PATH": f"{path.parent}:{os.environ['PATH']}"})


@dataclass(frozen=True, slots=True)
class ManifestChange:
    """Replaces a text of a file below manifests/, in a copy of the whole directory."""

    file: str
    old: str
    new: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - it names its file
        """Copy and change the manifests; the variable that names the copy."""
        copy = directory / "manifests"
        if not copy.exists():
            shutil.copytree(MANIFESTS, copy)
        path = copy / self.file
        path.write_text(replaced(path.read_text(encoding="utf-8"), self.old, self.new, self.file))
        return Setup(environment={"EDGEBOOT_MANIFESTS": str(copy)})


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """Adds a file below manifests/, in a copy of the whole directory."""

    file: str
    text: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - it names its file
        """Copy the manifests and write the file; the variable that names the copy."""
        copy = directory / "manifests"
        if not copy.exists():
            shutil.copytree(MANIFESTS, copy)
        (copy / self.file).write_text(self.text, encoding="utf-8")
        return Setup(environment={"EDGEBOOT_MANIFESTS": str(copy)})


@dataclass(frozen=True, slots=True)
class FrameInjection:
    """Changes, drops or delays frames between a machine and the bridge: a key of FRAME_RULES."""

    name: str
    place: str = SERVER
    """At the port of the DHCP server, or of this host of the lab."""

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The plugin that injects it, and the variable that names it."""
        return Setup(("-p", PLUGIN), {FRAME_VARIABLE: f"{self.place}:{self.name}"})


@dataclass(frozen=True, slots=True)
class SegmentInjection:
    """Breaks the bridge, or adds a machine to the segment: a key of SEGMENT_INJECTIONS."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The plugin that injects it, and the variable that names it."""
        return Setup(("-p", PLUGIN), {SEGMENT_VARIABLE: self.name})


@dataclass(frozen=True, slots=True)
class ClusterInjection:
    """Breaks the cluster, its users' behaviour or the lab's own cleanup: a key of CLUSTER_INJECTIONS."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The plugin that injects it, and the variable that names it."""
        return Setup(("-p", "tests.faults.cluster_plugin"), {CLUSTER_VARIABLE: self.name})


@dataclass(frozen=True, slots=True)
class WeakServer:
    """Replaces dnsmasq by weak_server.py with one weakness."""

    name: str

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """The command that starts it."""
        program = Path(__file__).with_name("weak_server.py")
        return Setup((f"--dhcp-command={sys.executable} {program} {{interface}} {json.dumps(self.name)}",))


def replaced(text: str, old: str, new: str, where: str) -> str:
    """The text with ``old`` replaced by ``new``.

    Raises:
        ValueError: the text does not contain ``old``; the message names ``where``.
    """
    if old not in text:
        raise ValueError(f"{where} has no {old!r}")
    return text.replace(old, new)


@dataclass(frozen=True, slots=True)
class ContractChange:
    """Replaces a text of the contract: a term that the server does not fulfil."""

    old: str
    new: str

    def prepare(self, profile: str, directory: Path) -> Setup:
        """Write the changed contract; the option that names it."""
        path = directory / "contract.toml"
        text = contract_path(profile).read_text(encoding="utf-8")
        path.write_text(replaced(text, self.old, self.new, f"the contract of {profile}"), encoding="utf-8")
        return Setup((f"--contract={path}",))


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """Terms of a contract based on the profile's own."""

    text: str

    def prepare(self, profile: str, directory: Path) -> Setup:
        """Write the contract; the option that names it."""
        path = directory / "contract.toml"
        base = json.dumps(str(contract_path(profile)))
        path.write_text(f"based_on = {base}\n{self.text}", encoding="utf-8")
        return Setup((f"--contract={path}",))


@dataclass(frozen=True, slots=True)
class BootFileChange:
    """Replaces the boot file by what ``content`` makes of it."""

    content: Callable[[bytes], bytes]

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """Write the file; the option that names it."""
        path = directory / "boot.efi"
        path.write_bytes(self.content(boot_file().read_bytes()))
        return Setup((f"--boot-file={path}",))
