"""What a lab needs of this machine: present or missing, and the command that mends it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.errors import EdgebootError
from edgeboot.base.mac import MacAddress
from edgeboot.labs.clean import Kind, Made
from edgeboot.labs.hosts import boot_files as files
from edgeboot.labs.kind import prerequisites
from edgeboot.labs.kind.options import KindOptions
from edgeboot.labs.orchestrator.cluster_access import kubeconfig_files
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.machine import links
from edgeboot.machine.journal import Journal
from edgeboot.machine.links import LinkEnd
from edgeboot.machine.namespace import (
    create_namespace,
    enter_user_namespace,
    may_make_namespaces,
    may_make_ports,
)
from edgeboot.spec.manifests.deployment import load_deployment


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """One thing a lab needs; ``look`` returns what there is, or raises Missing."""

    name: str
    look: Callable[[], str]
    hint: str


class Missing(Exception):
    """Looked for and not there; the text says what was found instead."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What came of looking."""

    name: str
    present: bool
    found: str
    hint: str


def diagnose(lab: str) -> list[Diagnosis]:
    """Look for everything the lab needs, in the order in which it needs it."""
    return [_look(each) for each in PREREQUISITES[lab]]


def _look(prerequisite: Prerequisite) -> Diagnosis:
    try:
        return Diagnosis(prerequisite.name, True, prerequisite.look(), "")
    except (Missing, EdgebootError, OSError) as error:
        return Diagnosis(prerequisite.name, False, str(error), prerequisite.hint)


def _rights() -> str:
    if may_make_namespaces():
        return "CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW"
    enter_user_namespace()
    return "a user namespace, without root"


def _dnsmasq() -> str:
    program = shutil.which("dnsmasq", path=f"/usr/sbin:/sbin:{os.environ.get('PATH', '')}")
    if program is None:
        raise Missing("not on PATH")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return f"{version.partition('  ')[0].strip()} ({program})"


def _libpcap() -> str:
    from scapy.arch.common import compile_filter, free_filter  # noqa: PLC0415 - loads libpcap
    from scapy.error import Scapy_Exception  # noqa: PLC0415

    try:
        free_filter(compile_filter("udp", linktype=1))
    except (Scapy_Exception, ImportError) as error:
        raise Missing(str(error)) from error
    return "compiles packet filters"


def _boot_files() -> str:
    return f"{files.web_server().parent.name}, {files.boot_file().parent.name}"


def _kernel() -> str:
    release = platform.release()
    major, minor = (int(part) for part in release.split("-")[0].split(".")[:2])
    if (major, minor) < (5, 12):
        raise Missing(release)
    return release


def _segment() -> str:
    """Make a namespace with a bridge and a veth, for real."""
    name = f"edgeboot-doctor-{os.getpid()}"
    with Journal(f"doctor-{os.getpid()}") as journal:
        journal.about_to_make(Made(Kind.NAMESPACE, name))
        create_namespace(name)
        links.add_bridge(LinkEnd(name, "virbr1"), None)
        mac = MacAddress.parse("02:eb:ff:ff:ff:ff")
        links.add_veth(LinkEnd(name, "node1"), LinkEnd(name, "port1"), mac=mac, bridge="virbr1")
    return "namespace, bridge and veth made and removed"


def _port_rights() -> str:
    if not may_make_ports():
        raise Missing("not CAP_NET_ADMIN and CAP_NET_RAW")
    return "CAP_NET_ADMIN, CAP_NET_RAW"


def _kubeconfig() -> str:
    kubeconfig = os.environ.get("EDGEBOOT_KUBECONFIG")
    files = kubeconfig_files(OrchestratorOptions(kubeconfig=Path(kubeconfig) if kubeconfig else None))
    there = [str(each) for each in files if each.is_file()]
    if not there:
        raise Missing(f"none in {', '.join(map(str, files))}")
    return ", ".join(there)


_LIBPCAP: Final = Prerequisite("libpcap", _libpcap, "apt-get install libpcap0.8")
_BOOT_FILES: Final = Prerequisite("boot server's files", _boot_files, files.MEND)
_KIND: Final = KindOptions(image=os.environ.get("EDGEBOOT_KIND_IMAGE"))

PREREQUISITES: Final = {
    "netns": (
        Prerequisite("Linux 5.12 or later", _kernel, "boot a newer kernel"),
        Prerequisite("rights", _rights, "run as root, or sysctl -w user.max_user_namespaces=10000"),
        Prerequisite("dnsmasq", _dnsmasq, "apt-get install dnsmasq-base"),
        _LIBPCAP,
        _BOOT_FILES,
        Prerequisite("namespaces and links", _segment, "modprobe -a bridge veth, as root"),
    ),
    "kind": (
        Prerequisite("root", prerequisites.rights, "run as root"),
        Prerequisite("Python packages", prerequisites.python_packages, "make e2e LAB=kind installs them"),
        Prerequisite(
            "docker engine", prerequisites.engine, "systemctl start docker, or images/engine.sh start"
        ),
        Prerequisite("kind", lambda: prerequisites.kind(_KIND), "make kind-image, or install kind"),
        Prerequisite("libvirt", lambda: prerequisites.libvirt(_KIND), "systemctl start libvirtd"),
        Prerequisite("node image", lambda: prerequisites.node_image(_KIND), "make kind-image"),
        Prerequisite(
            "DHCP server image",
            lambda: prerequisites.pod_image(load_deployment("poc")),
            "images/dhcp-server/build.sh",
        ),
        _LIBPCAP,
        _BOOT_FILES,
        Prerequisite("namespaces and links", _segment, "modprobe -a bridge veth, as root"),
    ),
    "orchestrator": (
        Prerequisite("rights", _port_rights, "give both to the process (docs/operations.md)"),
        Prerequisite(
            "Python packages",
            lambda: prerequisites.python_packages("orchestrator"),
            "make e2e LAB=orchestrator installs them",
        ),
        _LIBPCAP,
        Prerequisite("kubeconfig", _kubeconfig, "name one by EDGEBOOT_KUBECONFIG"),
        Prerequisite(
            "libvirt",
            lambda: prerequisites.libvirt(_KIND),
            "be in group libvirt; only where the segment is a bridge of libvirt's",
        ),
    ),
}
