"""What exactly is going to be run: images by their digests, the server by its version."""

from __future__ import annotations

import subprocess

from edgeboot.labs.choice import LabChoice, LabOptions, find_program
from edgeboot.labs.kind.options import KindOptions
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.spec.manifests.deployment import Deployment


def provenance(choice: LabChoice, deployment: Deployment, command: str | None, options: LabOptions) -> str:
    """One line for the header of a report."""
    if choice.name == "kind":
        return _images(deployment, options.kind)
    if choice.name == "orchestrator":
        return _site(deployment, options.orchestrator)
    if command is not None:
        return f"server {command}"
    program = find_program(deployment.pod.container.command[0]) or "nothing"
    return f"server {_version([program, '--version'])} of this machine, by the manifest's command"


def _site(deployment: Deployment, options: OrchestratorOptions) -> str:
    what = (
        f"deploys {deployment.pod.container.image}" if options.deploy else "verifies the server that is there"
    )
    limits = (
        f"at most {options.max_leases} leases or {options.lease_share} % of the pool, {options.rate} frames/s"
    )
    return f"{what}, on {options.interface}, {'disruptive' if options.disruptive else limits}"


def _images(deployment: Deployment, options: KindOptions) -> str:
    from edgeboot.labs.kind.cluster import node_image  # noqa: PLC0415 - only where its packages are
    from edgeboot.machine.docker import image  # noqa: PLC0415

    node, pod = node_image(options), deployment.pod.container.image
    known, found = image(node) if node else None, image(pod)
    node_text = f"{node} ({known['Id'][:19]})" if known else node or "kind's default"
    if found is None:
        return f"node {node_text}, pod {pod} (not on this machine)"
    run = ["docker", "run", "--rm", "--network=none", "--entrypoint=dnsmasq", pod, "--version"]
    return f"node {node_text}, pod {pod} ({found['Id'][:19]}, {_version(run)})"


def _version(command: list[str]) -> str:
    """The first words of what a program says of itself."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return "unknown"
    return said.partition("  ")[0].replace("Dnsmasq version", "dnsmasq").strip() or "unknown"
