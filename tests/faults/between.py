"""The wire between a server and the bridge, led through a program that changes what passes.

::

    edgeboot-RUN-orchestrator     edgeboot-RUN-between          edgeboot-RUN-segment
      ens3 --------------------- port0 <- wire.py -> outside --------- port0 -- virbr1

For whoever is on the segment the server misbehaves, in that one way; otherwise it is the
real dnsmasq. The lab's capture is taken beyond the program, as the segment sees it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from pyroute2 import IPRoute

from edgeboot.labs.netns import NetnsLab
from edgeboot.mac import MacAddress
from edgeboot.paths import PROJECT
from edgeboot.segment import links
from edgeboot.segment.links import LinkEnd
from edgeboot.segment.namespace import create_namespace, in_namespace
from edgeboot.segment.port import EVERYTHING, Port
from edgeboot.undo import Kind, Made

OUTSIDE: Final = "outside"
READY: Final = "the wire is laid"
SERVER_PORT: Final = "port0"


@contextlib.contextmanager
def wire_at_the_server(lab: NetnsLab, fault: str) -> Iterator[None]:
    """The fault of wire_faults.py of this name before the DHCP server, as long as the context lasts."""
    with _wire(lab, SERVER_PORT, lab.server.mac, fault):
        assert lab._tap is not None
        lab._tap.close()
        lab._tap = Port(SERVER_PORT, lab.server.mac, namespace=lab._segment, bpf=EVERYTHING)
        yield


@contextlib.contextmanager
def wire_at_the_host(lab: NetnsLab, host: str, fault: str) -> Iterator[None]:
    """The same before another machine, from the moment that it is plugged in."""
    plain = lab._plug_in
    with contextlib.ExitStack() as laid:

        def plug_in(end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
            before = ports(lab)
            unplug = plain(end, mac)
            if end.namespace.endswith(f"-{host}"):
                [port] = ports(lab) - before
                laid.enter_context(_wire(lab, port, mac, fault))
            return unplug

        lab._plug_in = plug_in  # type: ignore[method-assign]
        yield


@contextlib.contextmanager
def _wire(lab: NetnsLab, port: str, mac: MacAddress, fault: str) -> Iterator[None]:
    namespace = f"edgeboot-{lab.journal.run}-between-{port}"
    made = Made(Kind.NAMESPACE, namespace)
    lab.journal.about_to_make(made)
    create_namespace(namespace)
    _move(LinkEnd(lab._segment, port), namespace)
    near, far = LinkEnd(namespace, OUTSIDE), LinkEnd(lab._segment, port)
    links.add_veth(near, far, mac=mac, bridge=lab._edge.bridge)
    command = [sys.executable, "-m", "tests.faults.wire", namespace, port, fault]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline().strip()
            assert said == READY, f"tests.faults.wire said {said!r}"
            yield
        finally:
            process.kill()
    lab.journal.remove(made)


def _move(end: LinkEnd, namespace: str) -> None:
    """Take a port of the bridge into another namespace, where it comes up again."""

    def take(netlink: Any) -> None:
        [index] = netlink.link_lookup(ifname=end.interface)
        netlink.link("set", index=index, net_ns_fd=namespace)

    def rise(netlink: Any) -> None:
        [index] = netlink.link_lookup(ifname=end.interface)
        netlink.link("set", index=index, state="up")

    netlink_in(end.namespace, take)
    netlink_in(namespace, rise)


def ports(lab: NetnsLab) -> set[str]:
    """The interfaces of the bridge's namespace."""

    def names(netlink: Any) -> set[str]:
        return {link.get("ifname") for link in netlink.get_links()}

    found: set[str] = netlink_in(lab._segment, names)
    return found


def netlink_in(namespace: str, act: Callable[[Any], Any]) -> Any:
    """``act`` with a netlink socket of the namespace."""

    def with_socket() -> Any:
        with IPRoute() as netlink:
            return act(netlink)

    return in_namespace(namespace, with_socket)
