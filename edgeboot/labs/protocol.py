"""What tests need of a lab; every lab implements it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import Protocol

from edgeboot.base.mac import MacAddress
from edgeboot.host.host_view import HostView
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.packet_ring import PacketRing
from edgeboot.host.wire.port import Port
from edgeboot.labs.feature import Feature
from edgeboot.labs.hosts.host import Host
from edgeboot.labs.hosts.made_machine import MadeMachine
from edgeboot.labs.stages import Stages
from edgeboot.labs.way_in import WayIn
from edgeboot.machines.qemu.guest import Guest
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.server.dnsmasq.boot_directory import BootDirectory
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.manifests.deployment import Deployment


@dataclass(frozen=True, slots=True)
class NodeContent:
    """What a lab puts on the Orchestrator's node."""

    deployment: Deployment
    boot_files: Mapping[str, Path] = field(default_factory=dict)
    """By their names below ``boot_directory``; none without one."""
    boot_directory: BootDirectory | None = None
    """Where the server's own TFTP finds them."""


class Lab(Protocol):
    """A segment with a DHCP server on it."""

    @property
    def name(self) -> str:
        """As ``--lab`` names it."""

    is_to_be_kept: bool
    """Whether ``keep`` will be called in place of ``down``; said before ``up``."""

    @property
    def features(self) -> frozenset[Feature]:
        """What it can do beyond the core."""

    @property
    def server(self) -> DhcpServer:
        """The server under test."""

    @property
    def server_host(self) -> HostView | None:
        """A look into the server's host; None where it is not this machine's to look into."""

    @property
    def segment_host(self) -> HostView | None:
        """A look at the segment's bridge or interface and what is beside it; None while there is none."""

    @property
    def readiness_probe(self) -> tuple[EdgeNode, Exchange] | None:
        """The node by whose answered DHCPDISCOVER ``up`` knew that the server answers, if it asked."""

    @property
    def stages(self) -> Stages:
        """How long each stage of the last ``up`` took."""

    @property
    def remark(self) -> str | None:
        """What of this machine is changed while the lab is up, for the report; None for nothing."""

    @property
    def occupied(self) -> frozenset[IPv4Address]:
        """Addresses in use on the segment by machines that are not our nodes, as far as is known."""

    @property
    def adds_site_dhcp(self) -> bool:
        """Whether a ProxyDHCP needs a site's DHCP server from the lab; a real site has its own."""

    @property
    def stand_ins(self) -> frozenset[IPv4Address] | None:
        """Addresses of site machines that the lab has without their services; None on a site's segment.

        In a lab that makes its segment, hosts that the contract states may be missing, too.
        """

    @property
    def ways_in(self) -> Sequence[WayIn]:
        """Commands that look into it, from ``up`` to ``down`` and where it is kept."""

    def up(self) -> None:
        """Bring everything up; the server is ready on return. Raises LabError, nothing left."""

    def keep(self) -> None:
        """Leave everything standing when this process ends, in place of ``down``, which does nothing then.

        Only of a lab that was made to be kept. Raises LabError where that cannot be recorded.
        """

    def down(self) -> None:
        """Take down everything that ``up`` brought up; may be called at any time, and twice."""

    def in_use(self, mac: MacAddress) -> str | None:
        """What shows that a machine on the segment is in use, so that it must not be power-cycled."""

    def open_port(self, mac: MacAddress, *, beyond: str | None = None) -> Port:
        """A new port on the edge segment; with ``beyond``, on that of another interface of the server."""

    def close_port(self, port: Port) -> None:
        """Unplug a port."""

    def open_ring(self, mac: MacAddress, bpf: str) -> AbstractContextManager[tuple[PacketRing, LinkEnd]]:
        """A port on the edge segment for many thousand frames a second, and its interface."""

    def captured(self) -> Sequence[Frame]:
        """Every frame between segment and server since the last call."""

    def led_to(self, relay: IPv4Address, machine: IPv4Address) -> AbstractContextManager[None]:
        """What the server's host sends to a relay's address goes to a machine of the segment meanwhile."""

    def put_boot_file(self, name: str, content: bytes) -> None:
        """Put a file where the server's own TFTP finds it. Raises LabError where there is no such place."""

    def host(self, name: str, address: IPv4Interface, mac: MacAddress) -> AbstractContextManager[Host]:
        """Another machine on the edge segment, as long as the context lasts."""

    @property
    def journal(self) -> Journal:
        """What is made for it is recorded here first; there is one from ``up`` to ``down``."""

    def machine(self, guest: Guest) -> AbstractContextManager[MadeMachine]:
        """A virtual machine on the edge segment, off at first, as long as the context lasts."""
