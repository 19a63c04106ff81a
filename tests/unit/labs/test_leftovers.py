"""Every kind of leftover: written to JSON and read again, in the registry, and undone twice without harm."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.host.directory import Directory
from edgeboot.host.docker import DockerNetwork
from edgeboot.host.firewall import FirewallRule
from edgeboot.host.journal import Leftover
from edgeboot.host.libvirt.dhcp import NetworkState, RemovedDhcp
from edgeboot.host.libvirt.network import LibvirtNetwork
from edgeboot.host.links import Link, LinkEnd, add_bridge
from edgeboot.host.namespace import Namespace, create_namespace, in_namespace
from edgeboot.labs.clean import KINDS, leftover_class
from edgeboot.labs.kind.node_containers import NodeContainers
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, LeaseSource, RecordedLease
from edgeboot.labs.orchestrator.lock import LockFile
from edgeboot.machines.command.as_found import CommandAsFound
from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.libvirt_domain.made import DefinedDomain
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.as_found import RedfishAsFound
from edgeboot.machines.redfish.entry import RedfishEntry
from edgeboot.machines.redfish.orders import BootOverride
from tests.unit.samples import NODE, SERVER, SERVER_MAC

ADDRESS: Final = IPv4Address("192.168.99.131")
SOURCE: Final = LeaseSource(SERVER, SERVER_MAC, "ebab12cdn1", "virbr1")
RANGE: Final = '<range end="192.168.99.9" start="192.168.99.2"><lease expiry="2"></lease></range>'
HOST: Final = '<host ip="192.168.99.7" mac="52:54:00:00:00:0a" name="a&amp;b"></host>'
MACHINE: Final = {"name": "node-7", "mac": "52:54:00:12:34:57", "may_be_power_cycled": True}
LOGIN: Final = {"url": "https://bmc", "username": "u", "password_file": "/etc/password"}
BMC: Final = RedfishEntry.model_validate({**MACHINE, **LOGIN, "kind": "redfish", "power_within": "90s"})
COMMANDS: Final = CommandEntry.model_validate(
    {**MACHINE, "kind": "command", "on": "on {mac}", "off": "off", "secret_variables": ["IPMI_PASSWORD"]}
)
SAMPLES: Final[tuple[Leftover, ...]] = (
    Namespace("edgeboot-ab12cd-segment"),
    Directory(Path("/tmp/a name with spaces")),  # noqa: S108 - nothing is made there
    Link("ebab12cdp1"),
    FirewallRule("edgeboot-ab12cd"),
    DockerNetwork("kind"),
    NodeContainers("edgeboot"),
    DefinedDomain("edgeboot-ab12cd-gw0-machine1", "qemu:///system"),
    LibvirtNetwork("an edge", "qemu+ssh://a/system?x=1&y=2"),
    RemovedDhcp("qemu:///system", "an edge", "uuid", NetworkState.PERSISTENT, 1, (RANGE, HOST)),
    RemovedDhcp("qemu:///system", "edge", None, NetworkState.LIVE, 0, ()),
    RecordedLease(ADDRESS, LeaseHolder(NODE.mac, None), SOURCE),
    RecordedLease(ADDRESS, LeaseHolder(NODE.mac, b"\x01\x02\xeb"), SOURCE),
    LockFile(Path("/run/lock/edgeboot-virbr1.lock")),
    RedfishAsFound(BMC, BootOverride("Disabled", None), PowerState.ON),
    RedfishAsFound(BMC, None, None),
    CommandAsFound(COMMANDS, boot=True, power=PowerState.OFF),
)


@pytest.mark.parametrize("leftover", SAMPLES, ids=lambda each: each.kind)
def test_leftover_is_the_same_after_the_journal(leftover: Leftover) -> None:
    """Written as JSON and read by the class that its kind names."""
    fields = json.loads(json.dumps(leftover.to_json()))
    assert leftover_class(leftover.kind).from_json(fields) == leftover


@given(kubeconfig=st.none() | st.text(min_size=1), context=st.none() | st.text(min_size=1))
def test_cluster_object_is_the_same_after_the_journal(kubeconfig: str | None, context: str | None) -> None:
    """Whatever the kubeconfig, if any, and its context are called: spaces, newlines, the word context."""
    pytest.importorskip("kubernetes")
    from edgeboot.server.pod.access import Access  # noqa: PLC0415 - of the kind extras
    from edgeboot.server.pod.objects import ClusterObject  # noqa: PLC0415

    leftover = ClusterObject("Pod", "dhcp-server", "ab12cd", Access(kubeconfig, context, "orch-infra"))
    fields = json.loads(json.dumps(leftover.to_json()))
    assert leftover_class(leftover.kind).from_json(fields) == leftover


@pytest.mark.parametrize("kind", KINDS)
def test_registered_class_is_of_its_kind(kind: str) -> None:
    """The registry names modules and classes as text: each must be there."""
    if kind in {"cluster object", "cluster lease"}:
        pytest.importorskip("kubernetes")
    assert leftover_class(kind).kind == kind


def test_every_kind_is_registered() -> None:
    """A class that is not would be unknown to edgeboot clean."""
    sources = (path.read_text(encoding="utf-8") for path in (PROJECT / "edgeboot").rglob("*.py"))
    kinds = [kind for text in sources for kind in re.findall(r'kind: ClassVar\[str\] = "(.+)"', text)]
    assert sorted(kinds) == sorted(KINDS)


def make_namespace(name: str, _: Path) -> Namespace:
    """A network namespace."""
    create_namespace(name)
    return Namespace(name)


def make_directory(_: str, parent: Path) -> Directory:
    """A directory with a file in it."""
    (parent / "left").mkdir()
    (parent / "left" / "file").touch()
    return Directory(parent / "left")


def make_lock_file(_: str, parent: Path) -> LockFile:
    """The file of a lock that nobody holds."""
    (parent / "lock").touch()
    return LockFile(parent / "lock")


@pytest.mark.parametrize("make", [make_namespace, make_directory, make_lock_file])
def test_undoing_twice_is_as_good_as_once(
    make: Callable[[str, Path], Leftover], namespace: str, tmp_path: Path
) -> None:
    """The second time there is nothing to do."""
    leftover = make(f"{namespace}-twice", tmp_path)
    assert [leftover.undo(), leftover.undo()] == [True, False]


def test_link_undone_twice_is_gone(namespace: str) -> None:
    """In the namespace of whoever undoes it."""
    add_bridge(LinkEnd(namespace, "left"), None)
    assert [in_namespace(namespace, Link("left").undo) for _ in range(2)] == [True, False]


def test_lease_of_a_mac_that_is_none_is_refused() -> None:
    """An entry that somebody has edited."""
    fields = RecordedLease(ADDRESS, LeaseHolder(MacAddress(bytes(6)), None), SOURCE).to_json()
    with pytest.raises(ValueError, match="moon"):
        RecordedLease.from_json(fields | {"mac": "moon"})
