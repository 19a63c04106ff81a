"""The embedded lab: a real server in private network namespaces of this machine.

::

    edgeboot-RUN-orchestrator      edgeboot-RUN-segment          edgeboot-RUN-nodes
      dnsmasq
      ens3 192.168.99.10/24 ------ port0 --+
                                     virbr1 192.168.99.1/24
                                   port1 --+------------------- node1   (one per edge node)
      ens4 10.99.0.10/24   --------------------- node2                  (beyond ens4)

Nothing of the host's own network changes. The namespaces of the nodes have no
addresses, so no kernel answers in an edge node's place.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Final, Protocol

from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.directory import Directory
from edgeboot.host.host_view import HostView
from edgeboot.host.journal import Journal
from edgeboot.host.kept_process import KeptOutput, kept_output
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace, may_make_namespaces
from edgeboot.host.user_namespace import enter_user_namespace, made_in_user_namespace
from edgeboot.host.wire.port import EVERYTHING, Port
from edgeboot.labs.feature import Feature
from edgeboot.labs.netns.options import NAME
from edgeboot.labs.netns.server import NetnsServer
from edgeboot.labs.protocol import NodeContent
from edgeboot.labs.segment_lab import SegmentLab
from edgeboot.labs.way_in import WayIn
from edgeboot.spec.manifests.network import NODE_MACS, load_edge_network, load_node_interfaces

_OUTPUT: Final = "output"
"""A file in the lab's directory."""


class Interposer(Protocol):
    """Acts on a port of the bridge; see ``NetnsLab.interpose``."""

    def __call__(self, port: LinkEnd, end: LinkEnd, mac: MacAddress, /) -> None:
        """Act on ``port``; ``end`` is the cable's other end, which has ``mac``."""


class NetnsLab(SegmentLab):
    """A lab of namespaces that carry ``run`` in their names; several live side by side."""

    name = NAME
    features = frozenset(
        {Feature.RESTART, Feature.OWN_SEGMENT, Feature.SECOND_SEGMENT, Feature.NEIGHBOURS, Feature.RELAYS}
    )
    remark = None

    def __init__(self, run: str, node: NodeContent, command: str | None = None) -> None:
        super().__init__(run)
        self._directory: Path | None = None
        self.bridge = load_edge_network()
        """The segment's bridge, which is in ``segment_namespace``."""
        self._interfaces = load_node_interfaces(node.deployment.node_network)
        self.edge_network = self._interfaces[0].address.network
        self._node = node
        self._command = command
        self.server_namespace = f"edgeboot-{run}-orchestrator"
        """The server runs in it; it stands for the Orchestrator's node."""
        self.segment_namespace = f"edgeboot-{run}-segment"
        """The bridge and its ports are in it."""
        self.server_port = LinkEnd(self.segment_namespace, "port0")
        """The bridge's port that the server's interface is plugged into."""
        self._server_host = HostView(self.server_namespace, self._interfaces[0].name)
        self.segment_host = HostView(self.segment_namespace, self.bridge.bridge)
        self._cables = itertools.count(1)
        self._interposers: list[Interposer] = []
        self._server: NetnsServer | None = None

    @property
    def server(self) -> NetnsServer:
        """The server; there is one from ``up`` to ``down``."""
        assert self._server is not None, "the lab is not up"  # noqa: S101 - a programming error
        return self._server

    @property
    def server_interface(self) -> LinkEnd:
        """The server's interface on the edge segment."""
        return LinkEnd(self.server_namespace, self._interfaces[0].name)

    @contextmanager
    def led_to(self, relay: IPv4Address, machine: IPv4Address) -> Iterator[None]:
        """A route of the server's namespace, which ends with that at the latest."""
        destination = IPv4Network(relay)
        links.add_route(self.server_namespace, destination, machine)
        try:
            yield
        finally:
            links.remove_route(self.server_namespace, destination, machine)

    def interpose(self, interposer: Interposer) -> None:
        """Let ``interposer`` act on every port of the bridge that is plugged in from now on.

        It is called when the cable carries and before anybody sends through it. It may change the
        port, or put a port of the same name in its place: the cable is removed by its other end.
        """
        self._interposers.append(interposer)

    def capture_at_server_port(self) -> None:
        """Capture at the port that now has the name of the server's; what was captured before is dropped."""
        if self._tap is not None:
            self._tap.close()
        port = self.server_port
        self._tap = Port(port.interface, NODE_MACS[0], namespace=port.namespace, bpf=EVERYTHING)

    def put_boot_file(self, name: str, content: bytes) -> None:
        """Put a file into the directory of the lab behind the server's TFTP.

        Raises:
            LabError: the server has no such directory, or its user cannot be given the file.
        """
        self.server.put_boot_file(name, content)

    @property
    def ways_in(self) -> Sequence[WayIn]:
        """By ip-netns(8); where the namespaces are a user namespace's, through a process that is in it."""
        enter = ""
        if made_in_user_namespace():
            kept = None if self._directory is None else kept_output(self._directory / _OUTPUT)
            pid = os.getpid() if kept is None else kept.pid
            enter = f"nsenter --target {pid} --user --mount --preserve-credentials "
        inside = f"{enter}ip netns exec"
        log = () if self._output is None else (WayIn("the server's log", f"tail -f {self._output}"),)
        return (
            self._way_of_a_node(enter),
            WayIn(
                "frames of the segment",
                f"{inside} {self.segment_namespace} tcpdump -eni {self.bridge.bridge}",
            ),
            WayIn("the server's host", f"{inside} {self.server_namespace} ip addr"),
            *log,
        )

    @property
    def _output(self) -> Path | None:
        """The file with the output of a server that is kept."""
        return self._directory / _OUTPUT if self.is_to_be_kept and self._directory is not None else None

    def _let_go(self) -> None:
        self._server = None

    def _bring_up(self) -> None:
        if not may_make_namespaces():
            enter_user_namespace()
        self._journal = Journal(self._run)
        with self.stages.stage("segment"):
            directory = self._make_segment(self._journal)
        with self.stages.stage("server"):
            self._start_server(directory)

    def _make_segment(self, journal: Journal) -> Path:
        for namespace in (self.server_namespace, self.segment_namespace, self.nodes_namespace):
            journal.about_to_make(Namespace(namespace))
            create_namespace(namespace)
        # As on any node: what probes an address of its own, or 127.0.0.1, goes through it.
        links.bring_up(LinkEnd(self.server_namespace, "lo"))
        links.add_bridge(LinkEnd(self.segment_namespace, self.bridge.bridge), self.bridge.address)
        others = self._interfaces[1:]
        links.add_veth(self.server_interface, self.server_port, mac=NODE_MACS[0], bridge=self.bridge.bridge)
        self.capture_at_server_port()
        for mac, other in zip(NODE_MACS[1:], others, strict=True):
            links.add_veth(LinkEnd(self.server_namespace, other.name), self._end_beyond(other.name), mac=mac)
        for interface in self._interfaces:
            links.add_address(LinkEnd(self.server_namespace, interface.name), interface.address)
        directory = Path(tempfile.mkdtemp(prefix=f"edgeboot-{self._run}-"))
        journal.about_to_make(Directory(directory))
        self._directory = directory
        if self._output is not None:
            journal.about_to_make(KeptOutput(self._output))
        return directory

    def _start_server(self, directory: Path) -> None:
        edge = self._interfaces[0]
        self._server = NetnsServer(
            self._node,
            namespace=self.server_namespace,
            interface=edge,
            mac=NODE_MACS[0],
            directory=directory,
            journal=self.journal,
            command=self._command,
            output=self._output,
        )
        self._server.start()

    def _take_down(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None
        self._directory = None

    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        port = LinkEnd(self.segment_namespace, f"port{next(self._cables)}")
        links.add_veth(end, port, mac=mac, bridge=self.bridge.bridge)
        for interposer in self._interposers:
            interposer(port, end, mac)
        return lambda: links.remove(end)

    def _end_beyond(self, interface: str) -> LinkEnd:
        return LinkEnd(self.nodes_namespace, f"beyond-{interface}")
