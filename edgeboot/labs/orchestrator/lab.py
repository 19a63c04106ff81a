"""The orchestrator lab: an existing cluster and a real segment, put back as they were found.

::

    the Orchestrator (its own machine)          this host
      pod dhcp-server (hostNetwork)
      its NIC, server_identifier ------------- virbr1 (--interface), a libvirt network's or a card
      other people's machines ---------------- virbr1
                                               virbr1 -- ebRUNp1 == ebRUNn1  (one per edge node)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.labs.hosts.host import Host, host_on
from edgeboot.labs.orchestrator import safety as grounds
from edgeboot.labs.orchestrator.attachment import SegmentAttachment
from edgeboot.labs.orchestrator.deploy import Deployer
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, LeaseSource, RecordedLease
from edgeboot.labs.orchestrator.lock import LockFile, SegmentLock
from edgeboot.labs.orchestrator.options import NAME, OrchestratorOptions, features
from edgeboot.labs.orchestrator.preflight import Preflight, run_preflight
from edgeboot.labs.orchestrator.safety import SiteFacts
from edgeboot.labs.orchestrator.send_policy import RateLimitedPort, SendPolicy
from edgeboot.labs.orchestrator.server import OrchestratorServer
from edgeboot.labs.orchestrator.survey import SurveyResult, look, owner_of
from edgeboot.labs.protocol import Feature, NodeContent
from edgeboot.labs.segment_lab import SegmentLab
from edgeboot.machine.journal import Journal
from edgeboot.machine.links import LinkEnd
from edgeboot.machine.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.contract.contract import Contract

_LOOKS: Final = tuple(EdgeNodeIdentity.numbered(number, 0xFFFF) for number in (1, 2))
"""A node never seen before for each look: none has an address that a server remembers."""
_WATCHED: Final = "ether[6:2] = 0x02eb or ether[0:2] = 0x02eb or ether broadcast"
"""pcap-filter(7): what our nodes say and hear; of what others say only what everybody hears."""


class OrchestratorLab(SegmentLab):
    """A lab on somebody's segment: it looks first, and what it changes is in the journal first."""

    name = NAME
    adds_site_dhcp = False

    def __init__(self, run: str, node: NodeContent, contract: Contract, options: OrchestratorOptions) -> None:
        super().__init__(run)
        self.remark: str | None = None
        self._node = node
        self._contract = contract
        self._options = options
        self._lock = SegmentLock(options.segment)
        self._server: OrchestratorServer | None = None
        self._attachment: SegmentAttachment | None = None
        self._send_policy: SendPolicy | None = None
        self._lease_source: LeaseSource | None = None
        self._survey_node: Port | None = None
        """The first port, by which the segment is looked at."""

    @property
    def features(self) -> frozenset[Feature]:
        """What may be done beyond the core."""
        return features(self._options)

    @property
    def server(self) -> OrchestratorServer:
        """The server; there is one from ``up`` to ``down``."""
        assert self._server is not None, "the lab is not up"  # noqa: S101 - a programming error
        return self._server

    @contextmanager
    def host(self, name: str, address: IPv4Interface, mac: MacAddress) -> Iterator[Host]:
        """Another machine on the segment, as long as the context lasts; only with ``--disruptive``.

        Raises:
            LabError: somebody has the address already.
        """
        assert self._survey_node is not None, "the lab is not up"  # noqa: S101
        owner = owner_of(self._survey_node, address.ip)
        if owner is not None:
            problem = f"{address.ip} is {owner}'s on {self._options.segment}: no {name} is put there"
            raise LabError(f"host {name}", problem, "leave out --disruptive")
        with host_on(self._plug_in, name, address, mac, self.journal) as host:
            yield host

    def down(self) -> None:
        """Put everything back; the next run may begin when all is as it was."""
        try:
            super().down()
        finally:
            self._lock.give_back()

    def _bring_up(self) -> None:
        scene = run_preflight(self._node.deployment, self._contract, self._options)
        self._journal = journal = Journal(self._run)
        journal.about_to_make(LockFile(self._lock.path))
        self._lock.take(self._run)
        self._attachment = SegmentAttachment(scene.ground, journal)
        self._send_policy = SendPolicy(
            budget=self._options.budget(len(self._contract.pool)),
            rate=self._options.rate,
            disruptive=self._options.disruptive,
            journal=journal,
            entry=self._lease_entry,
        )
        with self.stages.stage("look"):
            sight = self._look(0, scene)
        with self.stages.stage("libvirt"):
            scene.switch_off_dhcp(journal)
            if scene.off is not None:
                self._prove_silence(scene)
        mac = sight.owner(self._contract.server_identifier)
        assert mac is not None, "grounds.check lets no other site pass"  # noqa: S101
        with self.stages.stage("pod"):
            self._server = self._find_server(scene, mac)
        with self.stages.stage("first offer"):
            segment = self._options.segment
            self._await_first_offer(
                lambda: f"has the node an interface on {segment}? look for it in the Pod's log"
            )
        self.remark = scene.remark

    def _look(self, number: int, scene: Preflight) -> SurveyResult:
        identity = _LOOKS[number]
        node = EdgeNode(identity, self.open_port(identity.mac))
        contract = self._contract
        asked = {contract.server_identifier, contract.address_server, contract.next_server, *contract.routers}
        sight = look(node, asked | scene.addresses_in_use | set(contract.pool.addresses()))
        site = SiteFacts(
            scene.ground, contract, self._node.deployment, self._options, sight, scene.off, scene.unreachable
        )
        grounds.check(site)
        self.occupied = frozenset(sight.owners)
        scene.note(site)
        if self._survey_node is None:
            self._survey_node = node.port
            self._tap = Port(scene.ground.interface, scene.ground.mac, bpf=_WATCHED, promiscuous=True)
        giver = sight.owner(contract.address_server)
        if giver is not None and self._lease_source is None:
            self._lease_source = LeaseSource(
                contract.address_server, giver, node.port.interface, scene.ground.interface
            )
        return sight

    def _prove_silence(self, scene: Preflight) -> None:
        """Libvirt says that its DHCP is off: ask the wire, too."""
        scene.off = None
        self._look(1, scene)

    def _find_server(self, scene: Preflight, mac: MacAddress) -> OrchestratorServer:
        if self._options.deploy:
            deployer = Deployer(scene.access, self._node.deployment, self._run, self.journal)
            deployer.deploy()
            pod: WatchedPod = deployer.pod
        else:
            pod = WatchedPod(scene.access.core(), scene.access.namespace, scene.pod)
        server = OrchestratorServer(scene.access.api, pod, mac, self._contract.server_identifier)
        self._server = server  # So that what follows its log is ended, whatever comes now.
        server.start(self._node.deployment.config if self._options.deploy else None)
        return server

    def _take_down(self) -> None:
        if self._server is not None:
            self._server.stop_following()
            self._server = None
        self._survey_node = self._lease_source = None

    def _new_port(self, mac: MacAddress) -> tuple[Port, Callable[[], None]]:
        assert self._attachment is not None  # noqa: S101
        assert self._send_policy is not None  # noqa: S101
        attachment, made = self._attachment, self._attachment.make(mac)
        try:
            port = RateLimitedPort(made.name, mac, self._send_policy)
        except PermissionError as error:
            raise LabError(
                f"a port on {self._options.segment}", str(error), "give the run CAP_NET_RAW"
            ) from error
        return port, lambda: attachment.remove(made)

    def _lease_entry(self, holder: LeaseHolder, address: IPv4Address) -> RecordedLease:
        assert self._lease_source is not None, "a lease before the first look"  # noqa: S101
        return RecordedLease(address, holder, self._lease_source)

    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        assert self._attachment is not None  # noqa: S101
        return self._attachment.plug_in(end, mac)

    def _beside_end(self, interface: str) -> LinkEnd:
        raise AssertionError(f"nobody asks for {interface}: this lab offers no second_segment")
