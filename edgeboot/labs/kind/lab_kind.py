"""The kind lab as the registry lists it; its packages need not be installed for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.docker import image, run_command
from edgeboot.labs.kind import prerequisites as needs
from edgeboot.labs.kind.options import FEATURES, NAME, OPTIONS, KindOptions, read_options
from edgeboot.labs.kind.site_machines import no_place_for
from edgeboot.labs.lab_kind import Automatic, LabKind
from edgeboot.labs.prerequisite import (
    BOOT_FILES,
    LIBPCAP,
    NAMESPACES_AND_LINKS,
    Prerequisite,
    cluster_packages,
    libvirt_version,
)
from edgeboot.labs.protocol import Lab, NodeContent
from edgeboot.labs.readiness import readiness_identity
from edgeboot.server.dnsmasq.boot_directory import boot_directory
from edgeboot.server.dnsmasq.version import printed_version
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.manifests.deployment import Deployment, load_deployment

_ID_LENGTH: Final = len("sha256:") + 12


def _make(run: str, node: NodeContent, contract: Contract, options: KindOptions) -> Lab:
    needs.check(options, node.deployment)
    from edgeboot.labs.kind.lab import KindLab  # noqa: PLC0415 - needs the packages just looked for

    lab = KindLab(run, node, options)
    lab.probe = readiness_identity(contract, own_segment=True)
    return lab


def _check(deployment: Deployment, contract: Contract, _: KindOptions) -> None:
    directory = boot_directory(deployment)
    from_server = contract.serves_boot_files or contract.role is Role.PROXY
    if directory is None or directory.on_the_node is not None or not from_server:
        return
    raise UsageError(
        f"{deployment.where('spec', 'volumes', directory.volume.name)}: volume {directory.volume.name}",
        "is a claim behind the server's TFTP, into which lab kind puts no boot files",
        "mount a hostPath there for it, or use --lab netns, which fills claims",
    )


def _provenance(deployment: Deployment, options: KindOptions) -> str:
    node, pod = needs.chosen_node_image(options), deployment.pod.container.image
    node_image, pod_image = image(node) if node else None, image(pod)
    node_text = f"{node} ({node_image['Id'][:_ID_LENGTH]})" if node_image else node or "kind's default"
    if pod_image is None:
        return f"node {node_text}, pod {pod} (not on this machine)"
    version = printed_version(*run_command(pod, "dnsmasq"))
    server = f"dnsmasq {version or 'of unknown version'}"
    return f"node {node_text}, pod {pod} ({pod_image['Id'][:_ID_LENGTH]}, {server})"


def _prerequisites(options: KindOptions) -> Sequence[Prerequisite]:
    return (
        Prerequisite("root", needs.rights, "run as root"),
        Prerequisite("Python packages", lambda: cluster_packages(NAME), f"make e2e LAB={NAME} installs them"),
        Prerequisite("docker engine", needs.engine, "systemctl start docker, or images/engine.sh start"),
        Prerequisite("kind", lambda: needs.kind(options), "make kind-image, or install kind"),
        Prerequisite("libvirt", lambda: libvirt_version(options.libvirt_uri), "systemctl start libvirtd"),
        Prerequisite("node image", lambda: needs.node_image(options), "make kind-image"),
        Prerequisite(
            "DHCP server image",
            lambda: needs.pod_image(load_deployment("poc")),
            "images/dhcp-server/build.sh",
        ),
        LIBPCAP,
        BOOT_FILES,
        NAMESPACES_AND_LINKS,
    )


def _automatic(options: KindOptions) -> Automatic:
    return Automatic(
        "docker, kind, libvirt and a node image are here", lambda: needs.missing_for_auto(options)
    )


KIND: Final = LabKind(
    name=NAME,
    options=OPTIONS,
    read=read_options,
    features=lambda _: FEATURES,
    prerequisites=_prerequisites,
    provenance=_provenance,
    make=_make,
    check=_check,
    needs_namespaces=True,
    one_at_a_time=True,
    automatic=_automatic,
    no_place_for=no_place_for,
)
