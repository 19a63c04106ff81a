"""The orchestrator lab: an existing cluster and a real segment, restored to their state before the run.

::

    the Orchestrator (its own machine)          this host
      pod dhcp-server (hostNetwork)
      its NIC, server_identifier ------------- virbr1 (--interface), a libvirt network's or a card
      other people's machines ---------------- virbr1
                                               virbr1 -- ebRUNp1 == ebRUNn1  (one per edge node)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.host_view import HostView
from edgeboot.host.journal import OF_OTHERS, Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.port import Port
from edgeboot.labs.feature import Feature
from edgeboot.labs.hosts.host import Host, host_on
from edgeboot.labs.orchestrator import safety
from edgeboot.labs.orchestrator.attachment import SegmentAttachment
from edgeboot.labs.orchestrator.deploy import Deployer
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, LeaseSource, RecordedLease
from edgeboot.labs.orchestrator.machines_in_use import sign_of_use
from edgeboot.labs.orchestrator.options import NAME, OrchestratorOptions, features
from edgeboot.labs.orchestrator.preflight import Preflight, run_preflight
from edgeboot.labs.orchestrator.safety import SiteFacts, SwitchedOff
from edgeboot.labs.orchestrator.send_policy import RateLimitedPort, SendPolicy
from edgeboot.labs.orchestrator.server import OrchestratorServer
from edgeboot.labs.orchestrator.survey import SurveyResult, owner_of, run_survey
from edgeboot.labs.orchestrator.turn import Turn
from edgeboot.labs.protocol import NodeContent
from edgeboot.labs.readiness import readiness_identity
from edgeboot.labs.segment_lab import SegmentLab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.contract.contract import Contract

_SURVEY_NODES: Final = tuple(EdgeNodeIdentity.numbered(number, 0xFFFF) for number in (1, 2))
"""A node for each survey that no other run uses: no server remembers an address for it."""
_WATCHED: Final = "ether[6:2] = 0x02eb or ether[0:2] = 0x02eb or ether broadcast"
"""pcap-filter(7): frames from and to the suite's nodes; of other machines only broadcasts."""


class OrchestratorLab(SegmentLab):
    """A lab on a site's segment: it surveys before it changes anything, and journals each change first."""

    name = NAME
    adds_site_dhcp = False
    stand_ins = None

    def __init__(self, run: str, node: NodeContent, contract: Contract, options: OrchestratorOptions) -> None:
        super().__init__(run)
        self._options = options
        self.probe = readiness_identity(contract, own_segment=Feature.OWN_SEGMENT in self.features)
        self.remark: str | None = None
        self._node = node
        self._contract = contract
        self._turn = Turn(options, run)
        self._server: OrchestratorServer | None = None
        self._attachment: SegmentAttachment | None = None
        self._send_policy: SendPolicy | None = None
        self._lease_source: LeaseSource | None = None
        self._surveyed: SurveyResult | None = None
        """What the segment was like before anything was changed."""
        self._off: SwitchedOff | None = None
        self._survey_node: Port | None = None
        """The first port, from which the segment is surveyed."""

    @property
    def features(self) -> frozenset[Feature]:
        """The features that the options allow beyond the core."""
        return features(self._options)

    @property
    def server(self) -> OrchestratorServer:
        """The server under test, from ``up`` to ``down``."""
        assert self._server is not None, "the lab is not up"  # noqa: S101 - a programming error
        return self._server

    @contextmanager
    def host(self, name: str, address: IPv4Interface, mac: MacAddress) -> Iterator[Host]:
        """Another machine on the segment, as long as the context lasts; only with ``--disruptive``.

        Raises:
            LabError: another machine has the address.
        """
        assert self._survey_node is not None, "the lab is not up"  # noqa: S101
        owner = owner_of(self._survey_node, address.ip)
        if owner is not None:
            problem = f"{address.ip} is {owner}'s on {self._options.segment}: no {name} is put there"
            raise LabError(f"host {name}", problem, "leave out --disruptive")
        with host_on(self._plug_in, name, address, mac, self.journal) as host:
            yield host

    def down(self) -> None:
        """Restore everything; the segment is unlocked for the next run afterwards."""
        try:
            super().down()
        finally:
            self._turn.end()

    @property
    def given_back_first(self) -> frozenset[str]:
        """libvirt's DHCP where the Lease is lost: another run may be on the segment already."""
        return OF_OTHERS if self._turn.is_lost else frozenset()

    def captured(self) -> Sequence[Frame]:
        """As of every lab; asked after each test: there at the latest a run ends that has lost its Lease."""
        self._turn.check()
        return super().captured()

    def _bring_up(self) -> None:
        preflight = run_preflight(self._node.deployment, self._contract, self._options, self._begin)
        journal = self.journal
        self._attachment = SegmentAttachment(preflight.uplink, journal)
        self.segment_host = HostView(None, self._options.segment)
        self._send_policy = SendPolicy(
            budget=self._options.budget(len(self._contract.pool)),
            rate=self._options.rate,
            disruptive=self._options.disruptive,
            journal=journal,
            entry=self._lease_entry,
            may_send=self._turn.check,
        )
        with self.stages.stage("survey"):
            survey = self._surveyed = self._survey(0, preflight)
            self._off = preflight.off
        with self.stages.stage("libvirt"):
            self._turn.check()
            preflight.switch_off_dhcp(journal)
            if preflight.off is not None:
                self._prove_silence(preflight)
        mac = survey.owner(self._contract.server_identifier)
        assert mac is not None, "safety.check lets no other site pass"  # noqa: S101
        with self.stages.stage("pod"):
            self._server = self._find_server(preflight, mac)
        with self.stages.stage("first offer"):
            segment = self._options.segment
            self._await_first_offer(
                lambda: f"has the node an interface on {segment}? look for it in the Pod's log"
            )
        self.remark = preflight.remark

    def _begin(self, access: Access) -> None:
        """Keep other runs off the segment."""
        self._journal = Journal(self._run)
        self._turn.begin(access, self._journal, self.stages)

    def _survey(self, number: int, preflight: Preflight) -> SurveyResult:
        identity = _SURVEY_NODES[number]
        node = EdgeNode(identity, self.open_port(identity.mac))
        contract = self._contract
        servers = {
            contract.server_identifier,
            contract.address_server,
            contract.next_server,
            *contract.routers,
        }
        survey = run_survey(node, servers | preflight.addresses_in_use | set(contract.pool.addresses()))
        off, deployment = preflight.off, self._node.deployment
        known = (contract, deployment, self._options, survey, off, preflight.unreachable)
        site = SiteFacts(preflight.uplink, *known)
        safety.check(site)
        self.occupied = frozenset(survey.owners)
        preflight.note(site)
        if self._survey_node is None:
            self._survey_node = node.port
            self._tap = Port(preflight.uplink.interface, preflight.uplink.mac, bpf=_WATCHED, promiscuous=True)
        address_server_mac = survey.owner(contract.address_server)
        if address_server_mac is not None and self._lease_source is None:
            self._lease_source = LeaseSource(
                contract.address_server, address_server_mac, node.port.interface, preflight.uplink.interface
            )
        return survey

    def in_use(self, mac: MacAddress) -> str | None:
        """What the survey showed of a machine, unless those in use may be taken."""
        if self._options.take_machines_in_use:
            return None
        assert self._surveyed is not None, "the lab is not up"  # noqa: S101 - a programming error
        return sign_of_use(mac, self._surveyed, self._off)

    def put_boot_file(self, name: str, content: bytes) -> None:
        """Never; raises LabError."""
        del content
        raise LabError(f"boot file {name}", "the node is not the suite's to write to", "use lab kind")

    def _prove_silence(self, preflight: Preflight) -> None:
        """Survey again: libvirt reports its DHCP as off, and the wire must agree."""
        preflight.off = None
        self._survey(1, preflight)

    def _find_server(self, preflight: Preflight, mac: MacAddress) -> OrchestratorServer:
        if self._options.deploy:
            deployer = Deployer(preflight.access, self._node.deployment, self._run, self.journal)
            deployer.deploy()
            pod: WatchedPod = deployer.pod
        else:
            pod = WatchedPod(preflight.access.core(), preflight.access.namespace, preflight.pod)
        pod = WatchedPod(preflight.access.patient_core(), pod.namespace, pod.name)
        server = OrchestratorServer(preflight.access.api, pod, mac, self._contract.server_identifier)
        self._server = server  # Set before it starts, so that its log reader is stopped after a failure, too.
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

    def _ring_end(self, mac: MacAddress) -> tuple[LinkEnd, Callable[[], None]]:
        assert self._attachment is not None  # noqa: S101
        return self._attachment.end_for_many(mac)

    def _lease_entry(self, holder: LeaseHolder, address: IPv4Address) -> RecordedLease:
        assert self._lease_source is not None, "a lease before the survey"  # noqa: S101
        return RecordedLease(address, holder, self._lease_source)

    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        assert self._attachment is not None  # noqa: S101
        return self._attachment.plug_in(end, mac)

    def _end_beyond(self, interface: str) -> LinkEnd:
        raise AssertionError(f"{interface}: this lab does not offer second_segment")
