"""Defects of a segment, or of the interface that an operator names; a context manager each."""

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
from edgeboot.host import links
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd, index_of, with_netlink
from edgeboot.labs.hosts.host import host_on
from edgeboot.labs.hosts.site_dhcp import dhcp_server_on
from edgeboot.labs.orchestrator.libvirt_network import find_owner
from edgeboot.labs.orchestrator.lock import SegmentLock
from edgeboot.spec.manifests.network import machine_address
from tests.harness.conftest import POC_CONFIG
from tests.rehearsal.broken_cluster import Breakage
from tests.rehearsal.operator import RunOptions
from tests.rehearsal.other_machine import other_machine
from tests.rehearsal.site import Site, site_server

WITHOUT_LIBVIRT: Final = RunOptions(
    wrapper=("unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /run/libvirt && exec "$@"', "sh")
)
"""Runs the suite without access to libvirtd: its sockets are hidden by a tmpfs."""
_ROGUES: Final = MANIFESTS / "rogues"
_BOOTING: Final = MacAddress.parse("52:54:00:bb:00:01")
_RETRANSMIT_INTERVAL: Final = 1.0
_ORCHESTRATOR_ADDRESSES: Final = tuple(IPv4Interface(f"192.168.99.{host}/24") for host in (20, 30, 40))
"""The Orchestrator's addresses beside .10: ingress, file server and boot server."""
_WIDE_POOL: Final = (IPv4Address("192.168.99.2"), IPv4Address("192.168.99.200"))


def only_options(*arguments: str, wrapper: tuple[str, ...] = ()) -> Breakage:
    """No defect of the site, only these arguments and this wrapper command."""

    @contextmanager
    def broken(_: Site, __: Path) -> Iterator[RunOptions]:
        yield RunOptions(arguments, wrapper)

    return broken


@contextmanager
def rogue_server(site: Site, _: Path) -> Iterator[RunOptions]:
    """A rogue dnsmasq at .66."""
    config = (_ROGUES / "server.conf").read_text(encoding="utf-8")
    with (
        Journal(f"{uuid.uuid4().hex[:6]}-rogue") as journal,
        host_on(site.cables.plug_in, "rogue", *machine_address(_ROGUES / "network.yaml"), journal) as host,
        dhcp_server_on(host, config),
    ):
        yield RunOptions()


@contextmanager
def two_servers(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The site's own server, which is to be verified, and a rogue."""
    with site_server(site), rogue_server(site, directory):
        yield RunOptions(("--deploy=no",))


@contextmanager
def libvirt_dhcp_off(site: Site) -> Iterator[None]:
    """The owner has switched libvirt's DHCP off."""
    owner = find_owner(site.uri, bridge=site.bridge)
    assert owner is not None, f"no libvirt network owns {site.bridge}"
    with Journal(f"{uuid.uuid4().hex[:6]}-owner") as journal:
        owner.switch_off(journal)
        yield


@contextmanager
def node_booting(site: Site, _: Path) -> Iterator[RunOptions]:
    """Firmware that retransmits its DHCPDISCOVER."""
    with other_machine(site, "booting", _BOOTING) as node:
        stop = Event()

        def discover() -> None:
            while not stop.wait(_RETRANSMIT_INTERVAL):
                node.send(node.identity.discover(node.new_xid()))

        sender = Thread(target=discover, daemon=True)
        sender.start()
        try:
            yield RunOptions()
        finally:
            stop.set()
            sender.join()


@contextmanager
def pool_overlaps(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The Orchestrator also has .20, .30 and .40, inside the pool of .2 to .200."""
    end = LinkEnd(f"/proc/{site.node_pid}/ns/net", "ens3")
    contract, config = directory / "wide.toml", directory / "wide.conf"
    first, last = _WIDE_POOL
    contract.write_text(
        f'based_on = "{CONTRACTS / "poc.toml"}"\n[pool]\nfirst = "{first}"\nlast = "{last}"\n'
    )
    config.write_text(POC_CONFIG.read_text().replace("192.168.99.100,", f"{first},"))
    for address in _ORCHESTRATOR_ADDRESSES:
        links.add_address(end, address)
    try:
        yield RunOptions((f"--contract={contract}", f"--dhcp-config={config}"))
    finally:
        for address in _ORCHESTRATOR_ADDRESSES:
            _remove_address(end, address)


@contextmanager
def segment_locked(site: Site, _: Path) -> Iterator[RunOptions]:
    """Another user's run holds the lock of the interface."""
    lock = SegmentLock(site.bridge)
    lock.take("ab12cd-main")
    try:
        yield RunOptions()
    finally:
        lock.give_back()


def interface(name: str, *commands: str) -> Breakage:
    """The operator names an interface that these ip(8) commands create; it is removed afterwards."""

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
def bridge_port(site: Site, _: Path) -> Iterator[RunOptions]:
    """The operator names a port of the bridge in place of the bridge."""
    port = min(each.name for each in Path(f"/sys/class/net/{site.bridge}/brif").iterdir())
    yield RunOptions((f"--interface={port}",))


def _remove_address(end: LinkEnd, address: IPv4Interface) -> None:
    def remove(netlink: Any) -> None:
        index = index_of(netlink, end.interface)
        netlink.addr("del", index=index, address=str(address.ip), prefixlen=address.network.prefixlen)

    with_netlink(end.namespace, remove)
