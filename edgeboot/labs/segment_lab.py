"""What the labs do in the same way: ports, hosts, and the capture at the server's port."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from pyroute2 import NetlinkError

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host.host_view import HostView
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.packet_ring import PacketRing
from edgeboot.host.wire.port import Port
from edgeboot.labs.hosts.host import Host, host_on
from edgeboot.labs.hosts.made_machine import MadeMachine, qemu_machine_on
from edgeboot.labs.kept import note
from edgeboot.labs.plugged import PluggedPorts
from edgeboot.labs.readiness import NEW_MACHINE
from edgeboot.labs.stages import Stages
from edgeboot.labs.way_in import WayIn, edgeboot_command
from edgeboot.machines.qemu.guest import Guest
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.spec.manifests.network import load_edge_network


class SegmentLab(ABC):
    """Base class of the labs; a subclass says how the segment is made and how a port is connected."""

    name: str
    occupied: frozenset[IPv4Address] = frozenset()
    """Addresses in use by machines that are not the lab's; none where the segment is its own."""
    _server_host: HostView | None = None
    segment_host: HostView | None = None
    """A look into the network that has the segment's bridge; None while there is none."""
    probe = NEW_MACHINE
    """Who asks first, where a subclass has no ``readiness_identity`` for it."""
    edge_network: IPv4Network | None = None
    """That of the server on the segment, which all of its hosts are in; None where it is not the lab's."""
    is_to_be_kept = False
    """Whether it is left standing at the end; said before ``up``."""
    adds_site_dhcp = True
    """Whether a ProxyDHCP needs a site's DHCP server from the lab; a real site has its own."""

    def __init__(self, run: str) -> None:
        self.stages = Stages()
        self.readiness_probe: tuple[EdgeNode, Exchange] | None = None
        self.nodes_namespace = f"edgeboot-{run}-nodes"
        """Edge nodes' interfaces are in it; it has no addresses, so that no kernel answers in their place."""
        self._run = run
        self._numbers = itertools.count(1)
        self._plugged = 0
        """The number of the last port."""
        self._ports = PluggedPorts()
        self._journal: Journal | None = None
        self._tap: Port | None = None

    @property
    def server_host(self) -> HostView | None:
        """A look into the server's host; None where it is not this machine's to look into."""
        return self._server_host

    @property
    def stand_ins(self) -> frozenset[IPv4Address] | None:
        """The bridge has libvirt's address, and serves nothing that a site's host there may serve."""
        return frozenset({load_edge_network().address.ip})

    @property
    def journal(self) -> Journal:
        """What is made is recorded here first; there is one from ``up`` to ``down``."""
        assert self._journal is not None, "the lab is not up"  # noqa: S101 - a programming error
        return self._journal

    def up(self) -> None:
        """Bring everything up; the server is ready on return.

        Raises:
            LabError: something did not come up; all of it has been removed again.
        """
        self.stages = Stages()
        try:
            self._bring_up()
        except (OSError, NetlinkError) as error:
            self.down()
            raise LabError(
                f"lab {self.name}", f"cannot be made ({error})", "see what edgeboot doctor says"
            ) from error
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        """Take down everything that ``up`` brought up; may be called at any time, and twice."""
        self._ports.close()
        if self._tap is not None:
            self._tap.close()
            self._tap = None
        self._take_down()
        if self._journal is not None:
            journal, self._journal = self._journal, None
            journal.remove_all(self.given_back_first)

    @property
    def given_back_first(self) -> frozenset[str]:
        """The kinds of leftovers that are given back before the newest; of a subclass."""
        return frozenset()

    def keep(self) -> None:
        """Leave everything standing, with a port of an edge node that nobody uses.

        Raises:
            LabError: it cannot be recorded.
        """
        if self.readiness_probe is None:
            self.open_port(self.probe.mac)
        self._ports.close()
        if self._tap is not None:
            self._tap.close()
            self._tap = None
        ways = self.ways_in
        self._let_go()
        self.journal.leave(self.name, note(ways))
        self._journal = None

    @property
    def ways_in(self) -> Sequence[WayIn]:
        """Commands that look into it; of a subclass."""
        return ()

    def _way_of_a_node(self, enter: str = "") -> WayIn:
        """What an edge node gets, at the port that was plugged in last."""
        ask = f"{edgeboot_command()} probe -i node{self._plugged}"
        return WayIn("what an edge node gets", f"{enter}ip netns exec {self.nodes_namespace} {ask}")

    def open_port(self, mac: MacAddress, *, beyond: str | None = None) -> Port:
        """A port on the bridge; with ``beyond``, one connected to that interface of the server."""
        if beyond is not None:
            end = self._end_beyond(beyond)
            return self._ports.add(Port(end.interface, mac, namespace=end.namespace))
        return self._ports.add(*self._new_port(mac))

    def close_port(self, port: Port) -> None:
        """Close the port's socket and remove its interface."""
        self._ports.unplug(port)

    @contextmanager
    def open_ring(self, mac: MacAddress, bpf: str) -> Iterator[tuple[PacketRing, LinkEnd]]:
        """A port on the segment for many frames, those that ``bpf`` accepts; it is removed at the end."""
        end, unplug = self._ring_end(mac)
        try:
            ring = PacketRing(end.interface, namespace=end.namespace, bpf=bpf)
            try:
                yield ring, end
            finally:
                ring.close()
        finally:
            unplug()

    def host(self, name: str, address: IPv4Interface, mac: MacAddress) -> AbstractContextManager[Host]:
        """Another machine on the edge segment, as long as the context lasts."""
        if self.edge_network is not None and address.ip in self.edge_network:
            address = IPv4Interface((address.ip, self.edge_network.prefixlen))
        return host_on(self._plug_in, name, address, mac, self.journal)

    def machine(self, guest: Guest) -> AbstractContextManager[MadeMachine]:
        """A virtual machine on the edge segment, off at first, as long as the context lasts."""
        return qemu_machine_on(self._plug_in, guest, self.journal)

    def captured(self) -> Sequence[Frame]:
        """The frames between bridge and server since the last call, in both directions.

        Raises:
            LabError: the server's port is gone.
        """
        assert self._tap is not None, "the lab is not up"  # noqa: S101 - a programming error
        try:
            return self._tap.pending()
        except OSError as error:
            problem = f"the server's port {self._tap.interface} is gone ({error.strerror})"
            raise LabError(f"lab {self.name}", problem, "see who removed it, and run again") from error

    def _new_port(self, mac: MacAddress) -> tuple[Port, Callable[[], None]]:
        """A port on the edge segment, and what removes it."""
        end, unplug = self._new_end(mac)
        return Port(end.interface, mac, namespace=end.namespace), unplug

    def _new_end(self, mac: MacAddress) -> tuple[LinkEnd, Callable[[], None]]:
        """The next node's interface on the edge segment, and what removes it."""
        self._plugged = next(self._numbers)
        end = LinkEnd(self.nodes_namespace, f"node{self._plugged}")
        return end, self._plug_in(end, mac)

    def _ring_end(self, mac: MacAddress) -> tuple[LinkEnd, Callable[[], None]]:
        """The interface of a ring, on which frames to every address arrive, and what removes it."""
        return self._new_end(mac)

    def _await_first_offer(self, hint: Callable[[], str]) -> None:
        """Ask the server as a node never seen before: a running Pod is not yet a server that answers.

        The answer is kept as ``readiness_probe``.

        Raises:
            LabError: it does not answer; ``hint`` is called for the error's hint.
        """
        node = EdgeNode(self.probe, self.open_port(self.probe.mac))
        exchange = node.discover()
        if not exchange.replies:
            raise LabError("dhcp-server", f"runs but does not answer {exchange.summary}", hint())
        self.readiness_probe = (node, exchange)

    def in_use(self, mac: MacAddress) -> str | None:
        """None: nobody but the suite uses a segment that it has made."""
        del mac
        return None

    def led_to(self, relay: IPv4Address, machine: IPv4Address) -> AbstractContextManager[None]:
        """Of a lab without the feature ``relays``."""
        raise AssertionError(f"{self.name} does not lead {relay} to {machine}: it does not offer relays")

    @abstractmethod
    def _bring_up(self) -> None:
        """Make the journal, the segment and the server."""

    @abstractmethod
    def _take_down(self) -> None:
        """Stop what the journal does not record."""

    def _let_go(self) -> None:
        """Give up what only this process can do, such as reading a log; the server stays."""
        self._take_down()

    @abstractmethod
    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        """Connect ``end``, which gets ``mac``, to the segment; returns what removes it."""

    @abstractmethod
    def _end_beyond(self, interface: str) -> LinkEnd:
        """The far end of another of the server's interfaces."""
