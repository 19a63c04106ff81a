"""The netns lab as the registry lists it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.command import find_program
from edgeboot.host.namespace import may_make_namespaces
from edgeboot.host.user_namespace import enter_user_namespace
from edgeboot.labs.lab_kind import Automatic, LabKind
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.netns.options import OPTIONS, NetnsOptions, read_options
from edgeboot.labs.netns.own_command import server_command
from edgeboot.labs.netns.unsupported import unsupported
from edgeboot.labs.prerequisite import BOOT_FILES, LIBPCAP, NAMESPACES_AND_LINKS, Missing, Prerequisite
from edgeboot.labs.protocol import NodeContent
from edgeboot.server.dnsmasq.syntax import check_syntax
from edgeboot.server.dnsmasq.version import printed_version
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import Deployment

_INSTALL: Final = "apt-get install dnsmasq-base"
_OLDEST_KERNEL: Final = (5, 12)


def _make(run: str, node: NodeContent, contract: Contract, options: NetnsOptions) -> NetnsLab:
    del contract  # The segment is the lab's own: nobody has to be protected from it.
    return NetnsLab(run, node, options.command)


def _check(deployment: Deployment, _: Contract, options: NetnsOptions) -> None:
    _check_does_all(deployment, options)
    command = options.command
    if command is None and "apk add" in " ".join(deployment.pod.container.args):
        raise UsageError(
            f"--profile {deployment.profile}",
            "installs dnsmasq by apk when it starts, which needs its own image",
            "use --lab kind for it, or profile poc, which runs the same configuration",
        )
    words = deployment.pod.container.command if command is None else server_command(command)
    program = words[0]
    if find_program(program) is None:
        raise UsageError(
            "lab netns",
            f"the server's program {program} is not installed",
            f"{_INSTALL}, or name another server with --dhcp-command"
            if program == "dnsmasq" or command is not None
            else f"name one that is: {deployment.place('command')}",
        )
    if command is None and Path(program).name == "dnsmasq":
        check_syntax(program, deployment.config)


def _check_does_all(deployment: Deployment, options: NetnsOptions) -> None:
    left = unsupported(deployment)
    if options.strict and left:
        raise UsageError(
            "--strict", f"lab netns does not do {'; '.join(left)}", "use --lab kind, or leave out --strict"
        )


def _provenance(deployment: Deployment, options: NetnsOptions) -> str:
    if options.command is not None:
        return f"server {options.command}"
    name = deployment.pod.container.command[0]
    program = find_program(name)
    version = None if program is None else printed_version(program)
    server = f"dnsmasq {version}" if version is not None else f"{Path(name).name} of unknown version"
    return f"server {server} of this machine, by the manifest's command"


def _prerequisites(_: NetnsOptions) -> Sequence[Prerequisite]:
    return (
        Prerequisite("Linux 5.12 or later", _kernel, "boot a newer kernel"),
        Prerequisite("rights", _rights, "run as root, or sysctl -w user.max_user_namespaces=10000"),
        Prerequisite("dnsmasq", _dnsmasq, _INSTALL),
        LIBPCAP,
        BOOT_FILES,
        NAMESPACES_AND_LINKS,
    )


def _kernel() -> str:
    release = platform.release()
    major, minor = (int(part) for part in release.split("-")[0].split(".")[:2])
    if (major, minor) < _OLDEST_KERNEL:
        raise Missing(release)
    return release


def _rights() -> str:
    if may_make_namespaces():
        return "CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW"
    enter_user_namespace()
    return "a user namespace, without root"


def _dnsmasq() -> str:
    program = find_program("dnsmasq")
    if program is None:
        raise Missing("not on PATH")
    return f"dnsmasq {printed_version(program) or 'of unknown version'} ({program})"


KIND: Final = LabKind(
    name=NetnsLab.name,
    options=OPTIONS,
    read=read_options,
    features=lambda _: NetnsLab.features,
    prerequisites=_prerequisites,
    provenance=_provenance,
    unsupported=lambda deployment, _: unsupported(deployment),
    make=_make,
    check=_check,
    runs_the_pod=lambda options: options.command is None,
    no_place_for=lambda *_: "no cable leads out of its segment, which is in network namespaces",
    needs_namespaces=True,
    one_at_a_time=False,
    budget=timedelta(minutes=5),
    automatic=lambda _: Automatic("it needs nothing but this machine", lambda: None),
)
