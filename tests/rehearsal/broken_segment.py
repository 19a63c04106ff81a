"""What can be wrong with a segment, or with where a stranger stands; each as long as its context lasts."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import CONTRACTS, MANIFESTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.labs.hosts.host import host_on
from edgeboot.labs.hosts.site_dhcp import dhcp_server_on
from edgeboot.labs.orchestrator.libvirt_network import find_owner
from edgeboot.labs.orchestrator.lock import SegmentLock
from edgeboot.machine import links
from edgeboot.machine.journal import Journal
from edgeboot.machine.links import LinkEnd, with_netlink
from edgeboot.machine.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.spec.manifests.network import place_of
from tests.harness.conftest import POC_CONFIG
from tests.rehearsal.broken_cluster import Breakage
from tests.rehearsal.operator import RunOptions
from tests.rehearsal.site import Site, server_of_the_site

WITHOUT_LIBVIRT: Final = RunOptions(
    within=("unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /run/libvirt && exec "$@"', "sh")
)
"""For him libvirtd does not run: its sockets are not there."""
_ROGUES: Final = MANIFESTS / "rogues"
_BOOTING: Final = MacAddress.parse("52:54:00:bb:00:01")
_FIRMWARE_REPEATS: Final = 1.0
_ORCHESTRATOR_S: Final = tuple(IPv4Interface(f"192.168.99.{host}/24") for host in (20, 30, 40))
"""Beside .10: its ingress, its file server and its boot server."""
_WIDE: Final = (IPv4Address("192.168.99.2"), IPv4Address("192.168.99.200"))


def nothing_but(*arguments: str, within: tuple[str, ...] = ()) -> Breakage:
    """The site is well, the call is not."""

    @contextmanager
    def broken(_: Site, __: Path) -> Iterator[RunOptions]:
        yield RunOptions(arguments, within)

    return broken


@contextmanager
def another_server(site: Site, _: Path) -> Iterator[RunOptions]:
    """Somebody's dnsmasq at .66."""
    config = (_ROGUES / "server.conf").read_text(encoding="utf-8")
    with (
        Journal(f"{uuid.uuid4().hex[:6]}-rogue") as journal,
        host_on(site.cables.plug_in, "rogue", *place_of(_ROGUES / "network.yaml"), journal) as host,
        dhcp_server_on(host, config),
    ):
        yield RunOptions()


@contextmanager
def two_servers(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The site's own, which is to be verified, and another."""
    with server_of_the_site(site), another_server(site, directory):
        yield RunOptions(("--deploy=no",))


@contextmanager
def libvirt_dhcp_off(site: Site) -> Iterator[None]:
    """Its owner has switched it off."""
    owner = find_owner(site.uri, bridge=site.bridge)
    assert owner is not None, f"no libvirt network owns {site.bridge}"
    with Journal(f"{uuid.uuid4().hex[:6]}-owner") as journal:
        owner.switch_off(journal)
        yield


@contextmanager
def somebody_boots(site: Site, _: Path) -> Iterator[RunOptions]:
    """Firmware that asks again and again."""
    end, ended = LinkEnd(site.cables.nodes_namespace, "booting"), Event()
    unplug = site.cables.plug_in(end, _BOOTING)
    identity = EdgeNodeIdentity(_BOOTING, uuid.UUID(int=2))
    node = EdgeNode(identity, Port(end.interface, _BOOTING, namespace=end.namespace))

    def ask() -> None:
        while not ended.wait(_FIRMWARE_REPEATS):
            node.send(identity.discover(node.new_xid()))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield RunOptions()
    finally:
        ended.set()
        asking.join()
        node.port.close()
        unplug()


@contextmanager
def pool_overlaps(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The Orchestrator has .20, .30 and .40, too, and contract and configuration give .2 to .200 away."""
    end = LinkEnd(f"/proc/{site.node_pid}/ns/net", "ens3")
    contract, config = directory / "wide.toml", directory / "wide.conf"
    first, last = _WIDE
    contract.write_text(
        f'based_on = "{CONTRACTS / "poc.toml"}"\n[pool]\nfirst = "{first}"\nlast = "{last}"\n'
    )
    config.write_text(POC_CONFIG.read_text().replace("192.168.99.100,", f"{first},"))
    for address in _ORCHESTRATOR_S:
        links.add_address(end, address)
    try:
        yield RunOptions((f"--contract={contract}", f"--dhcp-config={config}"))
    finally:
        for address in _ORCHESTRATOR_S:
            _remove_address(end, address)


@contextmanager
def another_run(site: Site, _: Path) -> Iterator[RunOptions]:
    """Another user's, on the same interface."""
    lock = SegmentLock(site.bridge)
    lock.take("ab12cd-main")
    try:
        yield RunOptions()
    finally:
        lock.give_back()


def interface(name: str, *commands: str) -> Breakage:
    """He names an interface that these commands of ip(8) make; it is removed afterwards."""

    @contextmanager
    def broken(_: Site, __: Path) -> Iterator[RunOptions]:
        try:
            for command in commands:
                subprocess.run(["ip", *command.split()], check=True, capture_output=True)
            yield RunOptions((f"--interface={name}",))
        finally:
            subprocess.run(["ip", "link", "delete", name], check=True, capture_output=True)

    return broken


@contextmanager
def port_of_the_bridge(site: Site, _: Path) -> Iterator[RunOptions]:
    """He names somebody's port in place of the bridge."""
    port = min(each.name for each in Path(f"/sys/class/net/{site.bridge}/brif").iterdir())
    yield RunOptions((f"--interface={port}",))


def _remove_address(end: LinkEnd, address: IPv4Interface) -> None:
    def remove(netlink: Any) -> None:
        [index] = netlink.link_lookup(ifname=end.interface)
        netlink.addr("del", index=index, address=str(address.ip), prefixlen=address.network.prefixlen)

    with_netlink(end.namespace, remove)
