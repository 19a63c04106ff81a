"""The plan of a run on a site, printed before anything is changed (``--dry-run``)."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.labs.orchestrator.attachment import AttachmentKind
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.labs.orchestrator.deploy import planned
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.orchestrator.preflight import Preflight, rights_of, run_preflight
from edgeboot.server.dnsmasq.syntax import visible
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import Deployment


def plan(deployment: Deployment, contract: Contract, options: OrchestratorOptions) -> list[str]:
    """One line for each change a run would make; the interface, libvirt and the cluster are only read.

    Raises:
        UsageError: an option names something that does not exist.
        LabError: the run could not be made; the first reason that needs no packet to be seen.
    """
    preflight = run_preflight(deployment, contract, options)
    return [
        *_on_the_segment(preflight, contract, options),
        *_in_libvirt(preflight),
        *_in_the_cluster(preflight, deployment, options),
        "afterwards, or by edgeboot clean: release leases, remove what was made, switch on what was off",
    ]


def _on_the_segment(preflight: Preflight, contract: Contract, options: OrchestratorOptions) -> Iterator[str]:
    uplink, pool = preflight.uplink, contract.pool
    how = "a veth pair on the bridge" if uplink.kind is AttachmentKind.BRIDGE else "a macvlan on the card"
    yield f"segment {uplink.interface} ({uplink.kind.value}): {how} for each node, MAC addresses 02:eb:…"
    yield (
        f"survey: a DHCPDISCOVER, ARP probes for {len(pool)} addresses; refuse where another"
        " server answers, somebody is booting, or the pool is others'"
    )
    yield f"leases: at most {options.budget(len(pool))} of {len(pool)} at a time, {options.rate} frames/s"
    if options.disruptive:
        yield "DISRUPTIVE: storms, malformed packets, other servers, a drained pool, no limit of leases"


def _in_libvirt(preflight: Preflight) -> Iterator[str]:
    if preflight.off is not None and preflight.owner is not None:
        offers, leases = ", ".join(preflight.owner.offers), preflight.off.leases
        name = preflight.owner.name
        yield f"libvirt network {name}: switch off its DHCP, live and in its definition: {offers}"
        if leases:
            held = ", ".join(f"{address} ({mac})" for mac, address, _ in leases)
            yield f"  it has leases, which cannot be renewed meanwhile: {held}"
    elif preflight.owner is not None:
        yield f"libvirt network {preflight.owner.name}: nothing, it serves no DHCP that had to be off"
    else:
        yield f"libvirt: nothing, no network of its owns {preflight.uplink.interface}"
    yield from preflight.remarks


def _in_the_cluster(
    preflight: Preflight, deployment: Deployment, options: OrchestratorOptions
) -> Iterator[str]:
    access = preflight.access
    rights = ", ".join(map(str, rights_of(options)))
    if options.deploy:
        made = ", ".join(f"{each['kind']} {each['metadata']['name']}" for each in planned(deployment, ""))
        yield f"{access.place}, namespace {access.namespace}: create and afterwards delete {made}"
    else:
        pod = preflight.pod
        yield f"{access.place}, namespace {access.namespace}: read pod {pod} and its log, change nothing"
    if options.lease is not None:
        lease = LeaseObject(access, options.lease)
        read = lease.read()
        holder = visible(read.record.holder) if read is not None else ""
        now = f"at present it is held by {holder}" if holder else "at present nobody holds it"
        yield f"{lease}: hold it for the run, and afterwards leave it without a holder; {now}"
    yield f"  with these rights, which its user has: {rights}"
