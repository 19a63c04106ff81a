"""The embedded lab: a real server in private network namespaces of this machine.

::

    edgeboot-RUN-orchestrator      edgeboot-RUN-segment          edgeboot-RUN-nodes
      dnsmasq
      ens3 192.168.99.10/24 ------ port0 --+
                                     virbr1 192.168.99.1/24
                                   port1 --+------------------- node1   (one per edge node)
      ens4 10.99.0.10/24   --------------------- node2                  (beside ens4)

Nothing of the host's own network changes. The namespaces of the nodes have no
addresses, so no kernel answers in an edge node's place.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.labs.netns.server import NetnsServer
from edgeboot.labs.protocol import Feature, NodeContent
from edgeboot.labs.segment_lab import SegmentLab
from edgeboot.machine import links
from edgeboot.machine.directory import Directory
from edgeboot.machine.journal import Journal
from edgeboot.machine.links import LinkEnd
from edgeboot.machine.namespace import Namespace, create_namespace, may_make_namespaces
from edgeboot.machine.user_namespace import enter_user_namespace
from edgeboot.machine.wire.port import EVERYTHING, Port
from edgeboot.spec.manifests.network import load_edge_network, load_node_interfaces

_SERVER_MACS: Final = (MacAddress.parse("52:54:00:12:34:56"), MacAddress.parse("52:54:00:12:34:57"))
"""The Orchestrator's own NIC has the first; QEMU's prefix."""


class NetnsLab(SegmentLab):
    """A lab of namespaces that carry ``run`` in their names; several live side by side."""

    name = "netns"
    features = frozenset({Feature.RESTART, Feature.OWN_SEGMENT, Feature.SECOND_SEGMENT, Feature.NEIGHBOURS})
    readiness_probe = None
    remark = None

    def __init__(self, run: str, node: NodeContent, command: str | None = None) -> None:
        super().__init__(run)
        self._edge = load_edge_network()
        self._interfaces = load_node_interfaces()
        self._node = node
        self._command = command
        self._orchestrator = f"edgeboot-{run}-orchestrator"
        self._segment = f"edgeboot-{run}-segment"
        self._cables = itertools.count(1)
        self._server: NetnsServer | None = None

    @property
    def server(self) -> NetnsServer:
        """The server; there is one from ``up`` to ``down``."""
        assert self._server is not None, "the lab is not up"  # noqa: S101 - a programming error
        return self._server

    def _bring_up(self) -> None:
        if not may_make_namespaces():
            enter_user_namespace()
        self._journal = Journal(self._run)
        with self.stages.stage("segment"):
            directory = self._make_segment(self._journal)
        with self.stages.stage("server"):
            self._start_server(directory)

    def _make_segment(self, journal: Journal) -> Path:
        for namespace in (self._orchestrator, self._segment, self.nodes_namespace):
            journal.about_to_make(Namespace(namespace))
            create_namespace(namespace)
        links.add_bridge(LinkEnd(self._segment, self._edge.bridge), self._edge.address)
        edge, *others = self._interfaces
        cable = LinkEnd(self._segment, "port0")
        links.add_veth(
            LinkEnd(self._orchestrator, edge.name), cable, mac=_SERVER_MACS[0], bridge=self._edge.bridge
        )
        self._tap = Port(cable.interface, _SERVER_MACS[0], namespace=self._segment, bpf=EVERYTHING)
        for mac, other in zip(_SERVER_MACS[1:], others, strict=True):
            links.add_veth(LinkEnd(self._orchestrator, other.name), self._beside_end(other.name), mac=mac)
        for interface in self._interfaces:
            links.add_address(LinkEnd(self._orchestrator, interface.name), interface.address)
        directory = Path(tempfile.mkdtemp(prefix=f"edgeboot-{self._run}-"))
        journal.about_to_make(Directory(directory))
        return directory

    def _start_server(self, directory: Path) -> None:
        edge = self._interfaces[0]
        self._server = NetnsServer(
            self._node,
            namespace=self._orchestrator,
            interface=edge,
            mac=_SERVER_MACS[0],
            directory=directory,
            command=self._command,
        )
        self._server.start()

    def _take_down(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server = None

    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        far = LinkEnd(self._segment, f"port{next(self._cables)}")
        links.add_veth(end, far, mac=mac, bridge=self._edge.bridge)
        return lambda: links.remove(end)

    def _beside_end(self, interface: str) -> LinkEnd:
        return LinkEnd(self.nodes_namespace, f"beside-{interface}")
