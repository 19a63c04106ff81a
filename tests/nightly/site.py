"""Brings up the rehearsal's site: a cluster of four nodes, three segments, their servers and neighbours.

::

    edgeboot-nightly-control-plane            edgeboot-nightly-worker
      pod dhcp-server-good                      virbr1 192.168.101.1 (libvirt's, DHCP on)
      ens3 192.168.101.10 ----------------------- orchestrator   | neighbour ---- edgeboot-RUN-good
      pod dhcp-server-wrong-file              edgeboot-nightly-worker2
      ens4 192.168.102.10 ----------------------- orchestrator, br-edge, neighbour
      pod dhcp-server-no-interface            edgeboot-nightly-worker3
      ens5 192.168.103.10 ----------------------- orchestrator, br-edge, neighbour
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kubernetes import client

from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.directory import Directory
from edgeboot.host.docker import container_pid
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.options import KindOptions
from edgeboot.server.pod.pod_status import WatchedPod
from tests.nightly.cluster_file import sockets, write_cluster_file
from tests.nightly.libvirt_on_node import libvirt_on
from tests.nightly.segments import CLUSTER, SEGMENTS, Segment
from tests.nightly.servers import deploy_server
from tests.rehearsal.site import await_account, make_namespace
from tests.rehearsal.tenant import Tenant, tenant


@dataclass(frozen=True)
class StandingSegment:
    """A segment that is up."""

    segment: Segment
    server: WatchedPod
    neighbour: Tenant
    """A machine with a lease, which pings the bridge and the Orchestrator all the time."""
    node: int
    """The process id of its worker's init."""
    libvirt: str | None
    """The URI of the libvirt that owns its bridge."""

    @property
    def namespace(self) -> str:
        """The worker's network namespace."""
        return _network_of(self.node)


@dataclass(frozen=True)
class NightlySite:
    """The cluster, and its segments by name."""

    cluster: Cluster
    directory: Path
    """Of this machine: contracts, and the volume that all workers share."""
    segments: dict[str, StandingSegment]

    @property
    def core(self) -> client.CoreV1Api:
        """The owner's access to the cluster."""
        return client.CoreV1Api(self.cluster.api())

    @property
    def volume(self) -> Path:
        """What the Pods write: journals, evidence, results."""
        return self.directory / "volume"


@contextmanager
def nightly_site() -> Iterator[NightlySite]:
    """Brings up the site while the context lasts; everything is in a journal before it is made."""
    run = f"{secrets.token_hex(3)}-nightly"
    with Journal(run) as journal, ExitStack() as stack:
        directory = Path(tempfile.gettempdir()) / f"edgeboot-{run}"
        journal.about_to_make(Directory(directory))
        directory.mkdir()
        options = KindOptions(cluster_name=CLUSTER, image=os.environ.get("EDGEBOOT_KIND_IMAGE"))
        cluster = Cluster(options, journal, write_cluster_file(directory))
        cluster.up()
        cluster.early_kubeconfig()
        await_account(client.CoreV1Api(cluster.api()), "default")
        make_namespace(cluster)
        segments = {
            each.name: stack.enter_context(_standing(each, cluster, directory, journal)) for each in SEGMENTS
        }
        yield NightlySite(cluster, directory, segments)


@contextmanager
def _standing(
    segment: Segment, cluster: Cluster, directory: Path, journal: Journal
) -> Iterator[StandingSegment]:
    """A segment: its bridge, the Orchestrator's interface and server, and a neighbour."""
    worker, orchestrator = _process_of(segment.worker), _process_of(cluster.node)
    bridge = LinkEnd(_network_of(worker), segment.bridge)
    with ExitStack() as stack:
        libvirt = None
        if segment.owned_by_libvirt:
            libvirt = stack.enter_context(libvirt_on(worker, sockets(segment, directory)))
        else:
            links.add_bridge(bridge, segment.gateway)
        end = LinkEnd(_network_of(orchestrator), segment.orchestrators_interface)
        port = LinkEnd(bridge.namespace, "orchestrator")
        links.add_veth(end, port, mac=segment.orchestrators_mac, bridge=segment.bridge)
        links.add_address(end, segment.orchestrator)
        deploy = partial(deploy_server, client.CoreV1Api(cluster.api()), segment, cluster.node)
        # Where libvirt serves, the neighbour is libvirt's client: the Orchestrator's server comes later.
        server = None if segment.owned_by_libvirt else deploy()
        namespace = f"edgeboot-{journal.run}-{segment.name}"
        journal.about_to_make(Namespace(namespace))
        create_namespace(namespace)
        targets = [segment.gateway.ip, segment.orchestrator.ip]
        neighbour = stack.enter_context(tenant(_plug_into(bridge), namespace, bridge, targets))
        server = server or deploy()
        yield StandingSegment(segment, server, neighbour, worker, libvirt)


def _plug_into(bridge: LinkEnd) -> Callable[[LinkEnd, MacAddress], Callable[[], None]]:
    """Connects a machine to a bridge of a node: the pair ends with the machine's namespace."""

    def plug_in(end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        port = LinkEnd(bridge.namespace, "neighbour")
        links.add_veth(end, port, mac=mac, bridge=bridge.interface)
        return lambda: links.remove(end)

    return plug_in


def _process_of(node: str) -> int:
    pid = container_pid(node)
    assert pid is not None, f"{node} does not run"
    return pid


def _network_of(process: int) -> str:
    return f"/proc/{process}/ns/net"
