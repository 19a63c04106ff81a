"""Which lab a run uses, and why; and making it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.kind.options import DEFAULTS, FEATURES, KindOptions
from edgeboot.labs.kind.prerequisites import check, python_packages, what_kind_lacks
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.netns.server import server_command
from edgeboot.labs.orchestrator.options import OPTIONS, OrchestratorOptions, features
from edgeboot.labs.protocol import Feature, Lab, NodeContent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.server_terms import Ability
from edgeboot.spec.manifests.deployment import Deployment

AUTO: Final = "auto"
LABS: Final = {"netns": NetnsLab.features, "kind": FEATURES, "orchestrator": features(OPTIONS)}
"""The labs, and what each offers without further options."""
_NOT_OURS: Final = frozenset({Ability.LEASE_DATABASE})
"""What cannot be looked at on somebody else's node."""


@dataclass(frozen=True, slots=True)
class LabOptions:
    """What a user may choose about the labs that have options of their own."""

    kind: KindOptions = DEFAULTS
    orchestrator: OrchestratorOptions = OPTIONS


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


def features_of(choice: LabChoice, options: LabOptions) -> frozenset[Feature]:
    """What this kind of lab offers beyond the core."""
    return features(options.orchestrator) if choice.name == "orchestrator" else LABS[choice.name]


def unseen_in(lab: str) -> frozenset[Ability]:
    """What a server may well have, and this kind of lab cannot look at."""
    return _NOT_OURS if lab == "orchestrator" else frozenset()


def make_lab(
    choice: LabChoice,
    run: str,
    node: NodeContent,
    contract: Contract,
    command: str | None,
    options: LabOptions = LabOptions(),
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
            _refuse_command(command)
            check(options.kind, node.deployment)
            from edgeboot.labs.kind.lab import KindLab  # noqa: PLC0415 - needs what was just looked for

            return KindLab(run, node, options.kind)
        case "orchestrator":
            _refuse_command(command)
            python_packages("orchestrator")
            options.orchestrator.check(len(contract.pool))
            from edgeboot.labs.orchestrator.lab import OrchestratorLab  # noqa: PLC0415 - likewise

            return OrchestratorLab(run, node, contract, options.orchestrator)
        case unknown:
            raise AssertionError(f"choose_lab chose {unknown}, which nothing makes")


def _refuse_command(command: str | None) -> None:
    if command is not None:
        raise UsageError("--dhcp-command", "is for lab netns: this lab runs the Pod", "leave it out")


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
