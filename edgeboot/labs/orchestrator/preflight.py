"""What a run finds before it touches anything: the interface, the cluster, libvirt's network."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.base.errors import LabError
from edgeboot.labs.orchestrator.attachment import AttachmentKind, Uplink, survey
from edgeboot.labs.orchestrator.cluster_access import access
from edgeboot.labs.orchestrator.deploy import check_names_are_free
from edgeboot.labs.orchestrator.libvirt_network import LibvirtUnreachable, NetworkOwner, find_owner
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.orchestrator.safety import SiteFacts, SwitchedOff
from edgeboot.labs.orchestrator.server import find_pod
from edgeboot.machine.journal import Journal
from edgeboot.machine.libvirt.connection import DEFAULT_URI
from edgeboot.machine.namespace import may_make_ports
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import TO_DEPLOY, TO_VERIFY, Right
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.manifests.deployment import POD, Deployment


@dataclass
class Preflight:
    """Found by looking at this machine, libvirt and the cluster; nothing was sent on the segment."""

    ground: Uplink
    access: Access
    pod: str
    """The name of the Pod to verify, or of the one that will be deployed."""
    owner: NetworkOwner | None
    off: SwitchedOff | None
    """What is going to be switched off, until it has been."""
    unreachable: LabError | None = None
    """Why libvirt could not be asked, where it could not."""
    remarks: list[str] = field(default_factory=list)

    @property
    def remark(self) -> str | None:
        """For the report: what was changed, and what could not be looked at."""
        return "; ".join(self.remarks) or None

    @property
    def addresses_in_use(self) -> frozenset[IPv4Address]:
        """Of machines that libvirt knows of: asked by ARP like the contract's own."""
        leased = {address for _, address, _ in self.off.leases} if self.off is not None else set()
        return frozenset(leased | self.ground.own_addresses)

    def switch_off_dhcp(self, journal: Journal) -> None:
        """Where libvirt's DHCP is on, live or in the definition, it is off on return.

        Raises:
            LabError: it cannot be, or libvirt says that it still is on.
        """
        if self.owner is None or self.off is None:
            return
        told = ", ".join(self.owner.offers)
        self.owner.switch_off(journal)
        self.remarks.append(f"DHCP of libvirt network {self.owner.name} ({told}) switched off for the run")

    def note(self, site: SiteFacts) -> None:
        """Say whether the Orchestrator itself lives on the DHCP that is going to be switched off."""
        if self.owner is None or self.off is None or site.orchestrator is None:
            return
        found = self.owner.dhcp_dependency(site.orchestrator, site.reserved_addresses)
        if found is not None:
            self.remarks.append(str(found))


def run_preflight(deployment: Deployment, contract: Contract, options: OrchestratorOptions) -> Preflight:
    """Look at everything that can be looked at without touching it.

    Raises:
        UsageError: an option names what is not there.
        LabError: the interface has no link, the cluster refuses, or a name there is taken.
    """
    ground = survey(options.segment)
    if not may_make_ports():
        raise LabError(
            f"a port on {ground.interface}",
            "cannot be made: this process has not CAP_NET_ADMIN and CAP_NET_RAW",
            "give them to it (docs/operations.md)",
        )
    way = access(options, str(deployment.rendered.one("Pod", POD)["metadata"]["namespace"]))
    way.check(TO_DEPLOY if options.deploy else TO_VERIFY)
    pod = POD
    if options.deploy:
        check_names_are_free(way, deployment)
    else:
        core = way.core()
        pods = way.do(Right.LIST_PODS, lambda: core.list_namespaced_pod(way.namespace)).items
        pod = find_pod(pods, options.server, way.namespace)
    scene = Preflight(ground, way, pod, None, None)
    # A card leads to another host's segment: its libvirt is looked into where it has been named.
    if ground.stand is AttachmentKind.BRIDGE or options.libvirt_uri != DEFAULT_URI:
        _look_into_libvirt(scene, contract, options)
    return scene


def _look_into_libvirt(scene: Preflight, contract: Contract, options: OrchestratorOptions) -> None:
    interface = scene.ground.interface
    try:
        bridge = interface if scene.ground.stand is AttachmentKind.BRIDGE else None
        scene.owner = find_owner(options.libvirt_uri, bridge=bridge, address=contract.server_identifier)
    except LibvirtUnreachable as error:
        scene.unreachable = error
        scene.remarks.append(
            f"not checked: whether libvirt's DHCP is off on {interface}, for {error.where} {error.problem}"
        )
        return
    if scene.owner is None or not scene.owner.serves or contract.role is Role.PROXY:
        return  # Where the server under test is a ProxyDHCP, somebody else has to give the addresses.
    assert scene.owner.address is not None, "libvirt serves DHCP on an address of its own"  # noqa: S101
    leases = tuple((each.mac, each.address, each.expires) for each in scene.owner.leases())
    scene.off = SwitchedOff(scene.owner.address.ip, leases)
