"""The veth pairs of the kind lab: the node's interfaces, and edge nodes' ports on the bridge."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import LabError
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host import firewall, links
from edgeboot.host.journal import Journal
from edgeboot.host.links import Link, LinkEnd
from edgeboot.host.namespace import OWN, Namespace, create_namespace
from edgeboot.host.wire.frame import ethernet_header
from edgeboot.host.wire.port import EVERYTHING, Port
from edgeboot.spec.manifests.network import NodeInterface

_LOCAL_EXPERIMENTAL: Final = 0x88B5
"""EtherType for experiments (IEEE 802): no machine answers it."""


class Cables:
    """Makes veth pairs between the bridge on this host, the node, and edge nodes' namespace."""

    def __init__(self, nodes_namespace: str, bridge: str, journal: Journal) -> None:
        self.nodes_namespace = nodes_namespace
        self._tag = journal.run.split("-", maxsplit=1)[0]
        self._bridge = bridge
        self._journal = journal
        self._numbers = itertools.count(1)

    def make_namespace(self) -> None:
        """Make the namespace of edge nodes' ends: without addresses, so that no kernel answers for them."""
        self._journal.about_to_make(Namespace(self.nodes_namespace))
        create_namespace(self.nodes_namespace)

    def plug_in_node(self, pid: int, interface: NodeInterface, mac: MacAddress) -> LinkEnd:
        """Give the node its interface on the bridge; returns the port at the bridge."""
        port = LinkEnd(OWN, f"eb{self._tag}{interface.name}")
        self._journal.about_to_make(Link(port.interface))
        end = LinkEnd(f"/proc/{pid}/ns/net", interface.name)
        links.remove(end)  # An adopted node may have one from a run before.
        links.add_veth(end, port, mac=mac, bridge=self._bridge)
        links.add_address(end, interface.address)
        return port

    def plug_in_off_bridge(self, pid: int, interface: NodeInterface, mac: MacAddress) -> LinkEnd:
        """Give the node an interface off the bridge; returns the other end, for an edge node."""
        end = LinkEnd(f"/proc/{pid}/ns/net", interface.name)
        node_end = LinkEnd(self.nodes_namespace, f"beyond-{interface.name}")
        links.remove(end)
        links.add_veth(end, node_end, mac=mac)
        links.add_address(end, interface.address)
        return node_end

    def plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        """Connect ``end`` to the bridge by a veth pair; returns what removes it."""
        port = LinkEnd(OWN, f"eb{self._tag}p{next(self._numbers)}")
        link = Link(port.interface)
        self._journal.about_to_make(link)
        links.add_veth(end, port, mac=mac, bridge=self._bridge)
        return lambda: self._journal.remove(link)

    def name_of_a_tap(self) -> str:
        """A name for a virtual machine's interface on the bridge, which libvirt makes."""
        return f"eb{self._tag}v{next(self._numbers)}"

    def check_forwarding(self, tap: Port) -> None:
        """Check that a frame sent at a port of the bridge arrives at the server's port.

        Raises:
            LabError: it does not arrive; the hint names what most likely drops it.
        """
        mac = MacAddress.parse("02:eb:fe:fe:fe:fe")
        end = LinkEnd(self.nodes_namespace, "probe")
        unplug = self.plug_in(end, mac)
        port = Port(end.interface, mac, namespace=end.namespace, bpf=EVERYTHING)
        try:
            frame = bytes(ethernet_header(mac, BROADCAST, type=_LOCAL_EXPERIMENTAL) / b"edgeboot")
            port.send(frame.ljust(60, b"\0"))
            arrived = tap.collect(
                Deadline.after(Wait.NEIGHBOUR), until=lambda seen: seen.octets.startswith(frame)
            )
            if not any(seen.octets.startswith(frame) for seen in arrived):
                problem = "a frame from one port does not reach the server's"
                raise LabError(f"bridge {self._bridge}", problem, firewall.suspect(self._bridge))
        finally:
            port.close()
            unplug()
