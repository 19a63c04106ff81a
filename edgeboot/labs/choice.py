"""Which lab a run uses, and why; and making it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Final

from edgeboot.errors import UsageError
from edgeboot.labs.kind.options import DEFAULTS, FEATURES, KindOptions
from edgeboot.labs.kind.prerequisites import check, what_kind_lacks
from edgeboot.labs.netns import NetnsLab
from edgeboot.labs.netns_server import server_command
from edgeboot.labs.protocol import Lab, NodeContent
from edgeboot.manifests.deployment import Deployment

AUTO: Final = "auto"
LABS: Final = {"netns": NetnsLab.features, "kind": FEATURES}
"""The labs of this version and what each offers; orchestrator comes next, behind the same protocol."""


@dataclass(frozen=True, slots=True)
class LabChoice:
    """A lab's name and why it was taken, as the header tells."""

    name: str
    reason: str


def choose_lab(requested: str, options: KindOptions = DEFAULTS, obstacle: str | None = None) -> LabChoice:
    """The lab for ``--lab``; ``obstacle`` is why ``auto`` may not take a lab with a cluster.

    Raises:
        UsageError: this version has no such lab.
    """
    if requested == AUTO:
        missing = obstacle or what_kind_lacks(options)
        if missing is None:
            return LabChoice("kind", "auto: docker, kind, libvirt and a node image are here")
        return LabChoice("netns", f"auto: not kind, for {missing}")
    if requested not in LABS:
        choices = ", ".join((AUTO, *LABS))
        raise UsageError(f"--lab {requested}", "no such lab in this version", f"choose from {choices}")
    return LabChoice(requested, "asked for")


def make_lab(
    choice: LabChoice, run: str, node: NodeContent, command: str | None, options: KindOptions = DEFAULTS
) -> Lab:
    """The lab, not up yet.

    Raises:
        UsageError: what the profile deploys cannot be run in this lab.
    """
    match choice.name:
        case "netns":
            _check_runs_here(node.deployment, command)
            return NetnsLab(run, node, command)
        case "kind":
            if command is not None:
                raise UsageError("--dhcp-command", "is for lab netns: this lab runs the Pod", "leave it out")
            check(options, node.deployment)
            from edgeboot.labs.kind.lab import KindLab  # noqa: PLC0415 - needs what was just looked for

            return KindLab(run, node, options)
        case unknown:
            raise AssertionError(f"choose_lab chose {unknown}, which nothing makes")


def _check_runs_here(deployment: Deployment, command: str | None) -> None:
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
            "apt-get install dnsmasq-base, or name another server with --dhcp-command"
            if program == "dnsmasq" or command is not None
            else f"name one that is: {deployment.place('command')}",
        )


def find_program(name: str) -> str | None:
    """The program's path, looked for where servers are too."""
    return shutil.which(name, path=f"/usr/sbin:/sbin:{os.environ.get('PATH', '')}")
