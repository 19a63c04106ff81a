"""The kind lab: cluster, bridge and Pod, brought up side by side.

::

    node container NAME-control-plane       this host                   edgeboot-RUN-nodes
      pod dhcp-server (hostNetwork)
      ens3 192.168.99.10/24 -------------- ebRUNens3 --+
                                             virbr1 192.168.99.1/24 (libvirt network edge)
                                           ebRUNp1  ---+-------------- node1  (one per edge node)
                                           ebRUNv1  ---+               TAP of a libvirt domain
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host import firewall
from edgeboot.host.docker import container_pid, load_into_node
from edgeboot.host.host_view import HostView
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import OWN
from edgeboot.host.wire.port import EVERYTHING, Port
from edgeboot.labs.hosts.made_machine import MadeMachine, directory_of
from edgeboot.labs.kind.attachment import Cables
from edgeboot.labs.kind.boot_files import put_boot_file, put_boot_files
from edgeboot.labs.kind.cluster import Cluster, node_process
from edgeboot.labs.kind.edge_network import EdgeNetworkOwner
from edgeboot.labs.kind.options import FEATURES, NAME, KindOptions
from edgeboot.labs.kind.pod import DeployedPod
from edgeboot.labs.kind.pod_server import PodServer
from edgeboot.labs.protocol import NodeContent
from edgeboot.labs.segment_lab import SegmentLab
from edgeboot.labs.way_in import WayIn
from edgeboot.machines.libvirt_domain.guest_definition import Plug
from edgeboot.machines.libvirt_domain.made import made_domain
from edgeboot.machines.qemu.guest import Guest
from edgeboot.spec.manifests.deployment import POD
from edgeboot.spec.manifests.network import NODE_MACS, load_node_interfaces


class KindLab(SegmentLab):
    """A lab on this host's own network; what it makes is journalled first."""

    name = NAME
    features = FEATURES

    def __init__(self, run: str, node: NodeContent, options: KindOptions) -> None:
        super().__init__(run)
        self._node = node
        self._options = options
        self._interfaces = load_node_interfaces(node.deployment.node_network)
        self.edge_network = self._interfaces[0].address.network
        self._server: PodServer | None = None
        self._cluster: Cluster | None = None
        self._network: EdgeNetworkOwner | None = None
        self._cables: Cables | None = None
        self._pod: DeployedPod | None = None

    @property
    def server(self) -> PodServer:
        """The server; there is one from ``up`` to ``down``."""
        assert self._server is not None, "the lab is not up"  # noqa: S101 - a programming error
        return self._server

    @property
    def remark(self) -> str | None:
        """What of this host is changed while the lab is up."""
        return None if self._network is None else self._network.remark

    @property
    def cluster(self) -> Cluster:
        """The cluster, for tests of Kubernetes itself."""
        assert self._cluster is not None, "the lab is not up"  # noqa: S101
        return self._cluster

    @property
    def pod(self) -> DeployedPod:
        """The Pod, for tests of Kubernetes itself."""
        assert self._pod is not None, "the lab is not up"  # noqa: S101
        return self._pod

    def _bring_up(self) -> None:
        self._journal = journal = Journal(self._run)
        self._cluster = cluster = Cluster(self._options, journal)
        self._network = EdgeNetworkOwner(self._options.libvirt_uri, journal)
        self._cables = Cables(self.nodes_namespace, self._network.network.bridge, journal)
        with ThreadPoolExecutor(max_workers=1) as executor:
            creation = executor.submit(self._create_cluster)
            with self.stages.stage("bridge"):
                self._network.up()
                self.segment_host = HostView(None, self._network.network.bridge)
                firewall.let_pass(self._network.network.bridge, self._run, journal)
                self._cables.make_namespace()
            pid = node_process(cluster.node, creation)
            with self.stages.stage("cables"):
                self._plug_in_node(pid)
            with self.stages.stage("API server"):
                cluster.await_api(creation)
            with self.stages.stage("image"):
                self._load_image()
                self._put_boot_files()
            self._pod = DeployedPod(cluster, self._node.deployment, self._run)
            with self.stages.stage("manifests"):
                self._pod.apply()
            self._server = PodServer(cluster, self._pod, NODE_MACS[0], self._interfaces[0].address.ip)
            self._server.look_at_host = lambda: self.server_host
            with self.stages.stage("pod"):
                self._server.start()
            with self.stages.stage("first offer"):
                self._await_first_offer(self.pod.describe)
            creation.result()

    def _create_cluster(self) -> None:
        with self.stages.stage("cluster"):
            self.cluster.up()

    @property
    def server_host(self) -> HostView | None:
        """A look into the node, whose process is another one after each start; None while it does not run."""
        pid = container_pid(self.cluster.node)
        return None if pid is None else HostView(f"/proc/{pid}/ns/net", self._interfaces[0].name)

    def _plug_in_node(self, pid: int) -> None:
        assert self._cables is not None  # noqa: S101
        edge, *others = self._interfaces
        port = self._cables.plug_in_node(pid, edge, NODE_MACS[0])
        self._tap = Port(port.interface, NODE_MACS[0], namespace=OWN, bpf=EVERYTHING)
        self._beside = {
            other.name: self._cables.plug_in_off_bridge(pid, other, mac)
            for mac, other in zip(NODE_MACS[1:], others, strict=True)
        }
        self._cables.check_forwarding(self._tap)

    def _load_image(self) -> None:
        """Load the Pod's image into the node, unless it is to be pulled."""
        name = self._node.deployment.pod.container.image
        if name.startswith("localhost/"):
            load_into_node(name, self.cluster.node)

    def _put_boot_files(self) -> None:
        directory = self._node.boot_directory
        if directory is not None and directory.on_the_node is not None:
            put_boot_files(self.cluster.node, directory.on_the_node, self._node.boot_files)

    def put_boot_file(self, name: str, content: bytes) -> None:
        """Put a file into the node's directory behind the server's TFTP.

        Raises:
            LabError: it is in a claim, or in no volume, or it cannot be written.
        """
        directory = self._node.boot_directory
        path = None if directory is None else directory.on_the_node
        if path is None:
            raise LabError(
                f"boot file {name}", "has no directory of the node", "mount a hostPath at tftp-root"
            )
        put_boot_file(self.cluster.node, path, name, content)

    def _take_down(self) -> None:
        if self._server is not None:
            self._server.stop_following()
            self._server = None
        if self._pod is not None and (self._options.keep_cluster or self.cluster.adopted):
            self._pod.delete()
        self._pod = None
        if self._cluster is not None and self._options.keep_cluster:
            self._cluster.down()

    @property
    def ways_in(self) -> Sequence[WayIn]:
        """By kubectl, and from a port on the bridge; what clean does not take away comes last."""
        if self._pod is None or self._network is None:
            return ()
        kubectl = f"kubectl --kubeconfig {self.cluster.kubeconfig} -n {self._pod.namespace}"
        cluster_stays = self._options.keep_cluster or self.cluster.adopted
        own = WayIn("delete the Pod, whose cluster stays", f"{kubectl} delete pod {POD}")
        return (
            self._way_of_a_node(),
            WayIn("frames of the segment", f"tcpdump -eni {self._network.network.bridge}"),
            WayIn("the Pod", f"{kubectl} describe pod {POD}"),
            WayIn("the server's log", f"{kubectl} logs {POD}"),
            WayIn("the node", f"docker exec -it {self.cluster.node} bash"),
            *((own,) if cluster_stays else ()),
        )

    def _let_go(self) -> None:
        if self._server is not None:
            self._server.stop_following()
            self._server = None
        if self._options.keep_cluster:
            self.cluster.down()  # Which keeps it, whatever clean takes away.
        self._pod = self._cluster = None

    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        assert self._cables is not None, "the lab is not up"  # noqa: S101
        return self._cables.plug_in(end, mac)

    def machine(self, guest: Guest) -> AbstractContextManager[MadeMachine]:
        """A domain of the libvirt whose bridge is the segment, as a site's virtual edge nodes are."""
        return self._domain(guest)

    @contextmanager
    def _domain(self, guest: Guest) -> Iterator[MadeMachine]:
        assert self._network is not None, "the lab is not up"  # noqa: S101 - a programming error
        assert self._cables is not None  # noqa: S101
        plug = Plug(self._network.network.bridge, self._cables.name_of_a_tap())
        directory = directory_of(guest, self.journal)
        with made_domain(self._network.uri, guest, plug, directory, self.journal) as machine:
            # libvirt makes its TAP interface with each power-on: all frames pass the bridge, too.
            yield MadeMachine(machine, LinkEnd(OWN, plug.bridge), LinkEnd(OWN, plug.tap))

    def _end_beyond(self, interface: str) -> LinkEnd:
        return self._beside[interface]
