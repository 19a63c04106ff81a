"""The orchestrator lab as the registry lists it; its packages need not be installed for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.host.namespace import may_make_ports
from edgeboot.labs.lab_kind import LabKind
from edgeboot.labs.orchestrator.kubeconfig import is_in_cluster, kubeconfig_files
from edgeboot.labs.orchestrator.options import NAME, OPTIONS, OrchestratorOptions, features, read_options
from edgeboot.labs.prerequisite import LIBPCAP, Missing, Prerequisite, cluster_packages, libvirt_version
from edgeboot.labs.protocol import Lab, NodeContent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.server_terms import Ability
from edgeboot.spec.manifests.deployment import Deployment


def _make(run: str, node: NodeContent, contract: Contract, options: OrchestratorOptions) -> Lab:
    cluster_packages(NAME)
    from edgeboot.labs.orchestrator.lab import OrchestratorLab  # noqa: PLC0415 - needs these packages

    return OrchestratorLab(run, node, contract, options)


def _plan(deployment: Deployment, contract: Contract, options: OrchestratorOptions) -> list[str]:
    cluster_packages(NAME)
    from edgeboot.labs.orchestrator.dry_run import plan  # noqa: PLC0415 - needs these packages

    return plan(deployment, contract, options)


def _check(_: Deployment, contract: Contract, options: OrchestratorOptions) -> None:
    options.check(len(contract.pool))


def _provenance(deployment: Deployment, options: OrchestratorOptions) -> str:
    subject = (
        f"deploys {deployment.pod.container.image}" if options.deploy else "verifies the server that is there"
    )
    limits = (
        f"at most {options.max_leases} leases or {options.lease_share} % of the pool, {options.rate} frames/s"
    )
    return f"{subject}, on {options.interface}, {'disruptive' if options.disruptive else limits}"


def _prerequisites(options: OrchestratorOptions) -> Sequence[Prerequisite]:
    return (
        Prerequisite("rights", _port_rights, "give both to the process (docs/operations.md)"),
        Prerequisite("Python packages", lambda: cluster_packages(NAME), f"make e2e LAB={NAME} installs them"),
        LIBPCAP,
        Prerequisite("kubeconfig", lambda: _kubeconfig(options), "name one by EDGEBOOT_KUBECONFIG"),
        Prerequisite(
            "libvirt",
            lambda: libvirt_version(options.libvirt_uri),
            "be in group libvirt; only where the segment is a bridge of libvirt's",
        ),
    )


def _port_rights() -> str:
    if not may_make_ports():
        raise Missing("not CAP_NET_ADMIN and CAP_NET_RAW")
    return "CAP_NET_ADMIN, CAP_NET_RAW"


def _kubeconfig(options: OrchestratorOptions) -> str:
    files = kubeconfig_files(options)
    present = [str(each) for each in files if each.is_file()]
    if not present and is_in_cluster():
        return "none, but this Pod's service account"
    if not present:
        raise Missing(f"none in {', '.join(map(str, files))}")
    return ", ".join(present)


KIND: Final = LabKind(
    name=NAME,
    options=OPTIONS,
    read=read_options,
    features=features,
    prerequisites=_prerequisites,
    provenance=_provenance,
    make=_make,
    check=_check,
    needs_namespaces=False,
    one_at_a_time=True,
    not_kept="a site is put back as it was after every run",
    unseen=frozenset({Ability.LEASE_DATABASE}),  # It is on a node that is not ours.
    deploys=lambda options: options.deploy,
    dry_run=lambda options: options.dry_run,
    plan=_plan,
)
