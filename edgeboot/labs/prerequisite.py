"""What a lab needs of this machine: one look for each thing, and the command that provides it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from scapy.arch.common import compile_filter, free_filter
from scapy.error import Scapy_Exception

from edgeboot.base.errors import EdgebootError, LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import connected
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.labs.hosts import boot_files

_CLUSTER_PACKAGES: Final = ("kubernetes", "libvirt", "pytest_kind")


class Missing(Exception):
    """The thing is not there; the text says what was found instead."""


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """One thing that a lab needs.

    ``look`` returns what there is, or raises ``Missing``, an ``EdgebootError`` or an ``OSError``.
    """

    name: str
    look: Callable[[], str]
    hint: str


@dataclass(frozen=True, slots=True)
class PrerequisiteStatus:
    """The result of one look."""

    name: str
    present: bool
    found: str
    """What is there; for something missing, why it does not do."""
    hint: str
    """Empty for what is present."""


def diagnose(prerequisites: Iterable[Prerequisite]) -> list[PrerequisiteStatus]:
    """Look for each of them, in their order."""
    return [_look(each) for each in prerequisites]


def cluster_packages(lab: str) -> str:
    """The Python packages of the labs with a cluster (requirements-kind.lock).

    Raises:
        LabError: one is not installed; the hint names ``lab``.
    """
    absent = [name for name in _CLUSTER_PACKAGES if find_spec(name) is None]
    if absent:
        hint = f"make e2e LAB={lab} installs them (requirements-kind.lock)"
        raise LabError(f"lab {lab}", f"Python packages are missing: {', '.join(absent)}", hint)
    return ", ".join(_CLUSTER_PACKAGES)


def libvirt_version(uri: str) -> str:
    """libvirt's version; raises LabError where it does not answer."""
    with connected(uri) as connection:
        version: int = connection.getLibVersion()
    return f"libvirt {version // 1_000_000}.{version // 1000 % 1000}.{version % 1000}"


def _look(prerequisite: Prerequisite) -> PrerequisiteStatus:
    try:
        return PrerequisiteStatus(prerequisite.name, True, prerequisite.look(), "")
    except (Missing, EdgebootError, OSError) as error:
        return PrerequisiteStatus(prerequisite.name, False, str(error), prerequisite.hint)


def _libpcap() -> str:
    try:
        free_filter(compile_filter("udp", linktype=1))
    except (Scapy_Exception, ImportError) as error:
        raise Missing(str(error)) from error
    return "compiles packet filters"


def _boot_files() -> str:
    return f"{boot_files.web_server().parent.name}, {boot_files.boot_file().parent.name}"


def _namespaces_and_links() -> str:
    """Makes a namespace with a bridge and a veth pair, and removes it."""
    run = f"{secrets.token_hex(3)}-doctor"
    name = f"edgeboot-{run}"
    with Journal(run) as journal:
        journal.about_to_make(Namespace(name))
        create_namespace(name)
        links.add_bridge(LinkEnd(name, "virbr1"), None)
        mac = MacAddress.parse("02:eb:ff:ff:ff:ff")
        links.add_veth(LinkEnd(name, "node1"), LinkEnd(name, "port1"), mac=mac, bridge="virbr1")
    return "namespace, bridge and veth made and removed"


LIBPCAP: Final = Prerequisite("libpcap", _libpcap, "apt-get install libpcap0.8")
BOOT_FILES: Final = Prerequisite("boot server's files", _boot_files, boot_files.HINT)
NAMESPACES_AND_LINKS: Final = Prerequisite(
    "namespaces and links", _namespaces_and_links, "modprobe -a bridge veth, as root"
)
