"""The preflight: the interface, the cluster and libvirt's network, inspected before anything is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.base.errors import LabError
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import DEFAULT_URI
from edgeboot.host.namespace import may_make_ports
from edgeboot.labs.orchestrator.attachment import AttachmentKind, Uplink, inspect_uplink
from edgeboot.labs.orchestrator.cluster_access import cluster_access
from edgeboot.labs.orchestrator.deploy import check_names_are_free
from edgeboot.labs.orchestrator.libvirt_network import LibvirtUnreachable, NetworkOwner, find_owner
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.orchestrator.safety import SiteFacts, SwitchedOff
from edgeboot.labs.orchestrator.server import find_pod
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import OF_ONE_LEASE, TO_DEPLOY, TO_HOLD_LEASE, TO_VERIFY, Right
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.manifests.deployment import POD, Deployment


@dataclass
class Preflight:
    """State of this machine, libvirt and the cluster; nothing was sent on the segment to learn it."""

    uplink: Uplink
    access: Access
    pod: str
    """The name of the Pod to verify, or of the one that will be deployed."""
    owner: NetworkOwner | None
    off: SwitchedOff | None
    """The DHCP that is going to be switched off; None once it is off."""
    unreachable: LabError | None = None
    """Why libvirt could not be queried; None where it could."""
    remarks: list[str] = field(default_factory=list)

    @property
    def remark(self) -> str | None:
        """For the report: what was changed, and what could not be inspected."""
        return "; ".join(self.remarks) or None

    @property
    def addresses_in_use(self) -> frozenset[IPv4Address]:
        """Of machines that libvirt has leases for, and of this one; the survey probes them by ARP."""
        leased = {address for _, address, _ in self.off.leases} if self.off is not None else set()
        return frozenset(leased | self.uplink.own_addresses)

    def switch_off_dhcp(self, journal: Journal) -> None:
        """Switch libvirt's DHCP off, live and in the definition; a no-op where it is off already.

        Raises:
            LabError: libvirt refuses, or still reports it as on.
        """
        if self.owner is None or self.off is None:
            return
        offers = ", ".join(self.owner.offers)
        self.owner.switch_off(journal)
        self.remarks.append(f"DHCP of libvirt network {self.owner.name} ({offers}) switched off for the run")

    def note(self, site: SiteFacts) -> None:
        """Add a remark where the Orchestrator itself depends on the DHCP that is going to be switched off."""
        if self.owner is None or self.off is None or site.orchestrator is None:
            return
        dependency = self.owner.dhcp_dependency(site.orchestrator, site.reserved_addresses)
        if dependency is not None:
            self.remarks.append(str(dependency))


def rights_of(options: OrchestratorOptions) -> tuple[Right, ...]:
    """Exactly the rights that a run with these options needs."""
    return (TO_DEPLOY if options.deploy else TO_VERIFY) + (TO_HOLD_LEASE if options.lease else ())


def check_rights(access: Access, options: OrchestratorOptions) -> None:
    """Check that the access has them, those of the Lease for the run's own; raises as ``Access.check``."""
    access.check(rights_of(options), dict.fromkeys(OF_ONE_LEASE, options.lease) if options.lease else None)


def run_preflight(
    deployment: Deployment,
    contract: Contract,
    options: OrchestratorOptions,
    begin: Callable[[Access], None] = lambda _: None,
) -> Preflight:
    """Inspect everything that can be inspected without changing it.

    Args:
        deployment: what would be deployed.
        contract: what it is held against.
        options: the run's.
        begin: called when the interface and the access are good, before anything is looked at that other runs
            change; it keeps them away.

    Raises:
        UsageError: an option names something that does not exist.
        LabError: the interface has no link, the cluster refuses, or a name there is taken.
    """
    uplink = inspect_uplink(options.segment)
    if not may_make_ports():
        raise LabError(
            f"a port on {uplink.interface}",
            "cannot be made: this process lacks CAP_NET_ADMIN and CAP_NET_RAW",
            "give them to it (docs/operations.md)",
        )
    access = cluster_access(options, str(deployment.rendered.one("Pod", POD)["metadata"]["namespace"]))
    check_rights(access, options)
    begin(access)
    pod = POD
    if options.deploy:
        check_names_are_free(access, deployment)
    else:
        core = access.core()
        pods = access.do(Right.LIST_PODS, lambda: core.list_namespaced_pod(access.namespace)).items
        pod = find_pod(pods, options.server, access.namespace)
    preflight = Preflight(uplink, access, pod, None, None)
    # A network card leads to another host's segment: its libvirt is queried only where it is named.
    if uplink.kind is AttachmentKind.BRIDGE or options.libvirt_uri != DEFAULT_URI:
        _inspect_libvirt(preflight, contract, options)
    return preflight


def _inspect_libvirt(preflight: Preflight, contract: Contract, options: OrchestratorOptions) -> None:
    interface = preflight.uplink.interface
    try:
        bridge = interface if preflight.uplink.kind is AttachmentKind.BRIDGE else None
        preflight.owner = find_owner(options.libvirt_uri, bridge=bridge, address=contract.server_identifier)
    except LibvirtUnreachable as error:
        preflight.unreachable = error
        preflight.remarks.append(
            f"not checked: whether libvirt's DHCP is off on {interface}, for {error.where} {error.problem}"
        )
        return
    if preflight.owner is None or not preflight.owner.serves or contract.role is Role.PROXY:
        return  # A ProxyDHCP under test needs another server that gives addresses.
    assert preflight.owner.address is not None, "libvirt serves DHCP on an address of its own"  # noqa: S101
    leases = tuple((each.mac, each.address, each.expires) for each in preflight.owner.leases())
    preflight.off = SwitchedOff(preflight.owner.address.ip, leases)
