"""Injections into the segment: a broken bridge, or additional machines on it; a context manager each."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from ipaddress import IPv4Interface
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import in_namespace
from edgeboot.host.wire.port import Port
from edgeboot.labs.hosts.host import Host
from edgeboot.labs.hosts.site_dhcp import dhcp_server_on
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.spec.manifests.network import load_node_interfaces
from fixtures.rogue import rogue_on
from tests.faults.partial_servers import PARTIAL_SERVERS, partial_server
from tests.faults.storm_injection import STORM_INJECTIONS

_LIBVIRT_CONFIG: Final = """port=0
interface=virbr1
bind-interfaces
dhcp-range=192.168.99.128,192.168.99.254,1h
dhcp-authoritative
"""
_SECOND_CONFIG: Final = """port=0
interface=ens3
bind-interfaces
no-ping
dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h
dhcp-boot=other.efi,elsewhere,192.168.99.40
"""
_DUPLICATE_ADDRESS: Final = (IPv4Interface("192.168.99.10/24"), MacAddress.parse("52:54:00:99:99:10"))
_SECOND_SERVER: Final = (IPv4Interface("192.168.99.66/24"), MacAddress.parse("52:54:00:66:66:66"))
_STRANGER: Final = (IPv4Interface("192.168.99.67/24"), MacAddress.parse("52:54:00:67:67:67"))
_STRANGE_CONFIG: Final = """port=0
interface=eth0
bind-interfaces
no-ping
dhcp-range=192.168.99.220,192.168.99.254,255.255.255.0,1h
dhcp-boot=strange.efi,strange,192.168.99.67
"""
_PINGING_CONFIG: Final = """port=0
interface=eth0
bind-interfaces
dhcp-range=192.168.99.210,192.168.99.219,255.255.255.0,1h
"""
_STORM_NODES: Final = 0xD00
_BOOT_INTERVAL: Final = 0.02
_WAITING_NODES: Final = 10
"""Seconds between two new nodes."""
_POLL_INTERVAL: Final = timedelta(seconds=0.1)


@contextlib.contextmanager
def libvirt_dhcp(lab: NetnsLab) -> Iterator[None]:
    """Runs a second dnsmasq on the bridge device, as libvirt does."""
    with tempfile.TemporaryDirectory(prefix="edgeboot-libvirt-") as name:
        mac = MacAddress.parse("52:54:00:00:00:01")
        host = Host("libvirt", mac, lab.bridge.address, lab.segment_namespace, Path(name))
        with dhcp_server_on(host, _LIBVIRT_CONFIG):
            yield


@contextlib.contextmanager
def second_server(lab: NetnsLab) -> Iterator[None]:
    """Runs another DHCP server, which pings an address before it offers it."""
    with lab.host("second", *_SECOND_SERVER) as host, dhcp_server_on(host, _PINGING_CONFIG):
        yield


@contextlib.contextmanager
def stranger(lab: NetnsLab) -> Iterator[None]:
    """Runs another DHCP server beside those that tests put on the segment."""
    with lab.host("stranger", *_STRANGER) as host, dhcp_server_on(host, _STRANGE_CONFIG):
        yield


@contextlib.contextmanager
def second_process(lab: NetnsLab) -> Iterator[None]:
    """Runs a second dnsmasq beside the server, at its address, with another boot file."""
    with tempfile.TemporaryDirectory(prefix="edgeboot-second-") as name:
        edge = load_node_interfaces()[0]
        host = Host("second", lab.server.mac, edge.address, lab.server_namespace, Path(name))
        with dhcp_server_on(host, _SECOND_CONFIG):
            yield


@contextlib.contextmanager
def spanning_tree(lab: NetnsLab) -> Iterator[None]:
    """Switches STP on: a port forwards only 30 s after it came up, twice the forward delay."""
    _set_bridge(lab, br_stp_state=1, br_forward_delay=1500)
    yield


@contextlib.contextmanager
def forward_drop(lab: NetnsLab) -> Iterator[None]:
    """Sets the FORWARD policy to DROP, as Docker does, with bridge-nf-call-iptables on."""
    _set_bridge(lab, br_nf_call_iptables=1)
    command = ["iptables", "--policy", "FORWARD", "DROP"]
    in_namespace(lab.segment_namespace, lambda: subprocess.run(command, check=True))
    yield


@contextlib.contextmanager
def small_mtu(lab: NetnsLab) -> Iterator[None]:
    """Sets the MTU of each new port of the bridge to 500 octets."""

    def shrink_port(port: LinkEnd, *_: object) -> None:
        def set_mtu(netlink: Any) -> None:
            netlink.link("set", index=links.index_of(netlink, port.interface), mtu=500)

        links.with_netlink(port.namespace, set_mtu)

    lab.interpose(shrink_port)
    yield


@contextlib.contextmanager
def unfilled_checksums(lab: NetnsLab) -> Iterator[None]:
    """Switches checksum offload on at veth pairs, where no hardware fills checksums in."""

    def offload_at(port: LinkEnd, *_: object) -> None:
        assert port.namespace is not None
        in_namespace(port.namespace, lambda: links.offload_checksums(port.interface, on=True))

    server = lab.server_interface
    in_namespace(lab.server_namespace, lambda: links.offload_checksums(server.interface, on=True))
    lab.interpose(offload_at)
    yield


@contextlib.contextmanager
def pulled_cable(lab: NetnsLab) -> Iterator[None]:
    """Removes the server's port as soon as a node is plugged in."""
    lab.interpose(lambda *_: links.remove(lab.server_port))
    yield


@contextlib.contextmanager
def boot_storm(lab: NetnsLab) -> Iterator[None]:
    """Sends DHCPDISCOVERs of fifty new nodes a second, as after a power cut.

    A node of a test comes when several wait already: the very first has its ping check only.
    """
    stop, several_wait = Event(), Event()
    port = lab.open_port(EdgeNodeIdentity.numbered(0, _STORM_NODES).mac)

    def boot_new_nodes() -> None:
        number = 0
        while not stop.wait(_BOOT_INTERVAL):
            number += 1
            node = EdgeNode(EdgeNodeIdentity.numbered(number, _STORM_NODES), port)
            node.send(node.identity.discover(node.new_xid()))
            if number == _WAITING_NODES:
                several_wait.set()

    thread = Thread(target=boot_new_nodes, name="boot storm")
    thread.start()
    try:
        assert several_wait.wait(Wait.OFFER.total_seconds()), "the boot storm did not begin"
        yield
    finally:
        stop.set()
        thread.join()
        lab.close_port(port)


@contextlib.contextmanager
def reflecting_port(lab: NetnsLab) -> Iterator[None]:
    """Returns what a server's own bridge sends by one of its ports, as a loop behind it does."""
    del lab  # The loop is at the bridge of fixtures/bridge_server.py, not at the lab's.
    client_mac, add_veth, ended = EdgeNodeIdentity.numbered(1, 0xB).mac, links.add_veth, Event()
    threads: list[Thread] = []

    def reflect(port: Port) -> None:
        with contextlib.closing(port), contextlib.suppress(OSError):  # Its bridge goes first.
            while not ended.is_set():
                frame = port.receive(Deadline.after(_POLL_INTERVAL))
                if frame is not None:
                    port.send(frame.octets)

    def add_veth_with_loop(near: LinkEnd, far: LinkEnd, **options: Any) -> None:
        add_veth(near, far, **options)
        if (far.namespace or "").endswith("-bridge-host"):
            port = Port(near.interface, client_mac, namespace=near.namespace, bpf=f"ether src {client_mac}")
            threads.append(Thread(target=reflect, args=(port,), name="loop"))
            threads[-1].start()

    links.add_veth = add_veth_with_loop
    try:
        yield
    finally:
        links.add_veth = add_veth
        ended.set()
        for thread in threads:
            thread.join()


def _set_bridge(lab: NetnsLab, **settings: int) -> None:
    def change(netlink: Any) -> None:
        index = links.index_of(netlink, lab.bridge.bridge)
        netlink.link("set", index=index, kind="bridge", **settings)

    links.with_netlink(lab.segment_namespace, change)


SEGMENT_INJECTIONS: Final[dict[str, Callable[[NetnsLab], AbstractContextManager[object]]]] = {
    "rogue server": lambda lab: rogue_on(lab, "server"),
    "second server that pings": second_server,
    "stranger": stranger,
    "rogue proxy": lambda lab: rogue_on(lab, "proxy"),
    "rogue that refuses": lambda lab: rogue_on(lab, "naking"),
    "libvirt's DHCP": libvirt_dhcp,
    "second process": second_process,
    "two machines at .10": lambda lab: lab.host("twin", *_DUPLICATE_ADDRESS),
    "spanning tree": spanning_tree,
    "FORWARD DROP": forward_drop,
    "MTU 500": small_mtu,
    "unfilled checksums": unfilled_checksums,
    "boot storm": boot_storm,
    "pulled cable": pulled_cable,
    "reflecting port": reflecting_port,
    **STORM_INJECTIONS,
    **{name: partial(partial_server, name=name) for name in PARTIAL_SERVERS},
}
