"""The wire between a server and the bridge, led through a program that changes what passes.

::

    edgeboot-RUN-orchestrator     edgeboot-RUN-between          edgeboot-RUN-segment
      ens3 --------------------- port0 <- forwarder -> outside ------- port0 -- virbr1

For whoever is on the segment the server misbehaves, in that one way; otherwise it is the
real dnsmasq. The lab's capture is taken beyond the program, as the segment sees it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.labs.clean import Kind, Made
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.machine import links
from edgeboot.machine.links import LinkEnd
from edgeboot.machine.namespace import create_namespace
from edgeboot.machine.wire.port import EVERYTHING, Port

OUTSIDE: Final = "outside"
READY: Final = "the wire is laid"
SERVER_PORT: Final = "port0"


@contextlib.contextmanager
def interposed_at_server(lab: NetnsLab, fault: str) -> Iterator[None]:
    """The fault of frame_injection.py of this name before the DHCP server, as long as the context lasts."""
    with _wire(lab, SERVER_PORT, lab.server.mac, fault):
        assert lab._tap is not None
        lab._tap.close()
        lab._tap = Port(SERVER_PORT, lab.server.mac, namespace=lab._segment, bpf=EVERYTHING)
        yield


@contextlib.contextmanager
def interposed_at_host(lab: NetnsLab, host: str, fault: str) -> Iterator[None]:
    """The same before another machine, from the moment that it is plugged in."""
    with contextlib.ExitStack() as laid:

        def lay(port: str, end: LinkEnd, mac: MacAddress) -> None:
            if (end.namespace or "").endswith(f"-{host}"):
                laid.enter_context(_wire(lab, port, mac, fault))

        at_every_port(lab, lay)
        yield


def at_every_port(lab: NetnsLab, act: Callable[[str, LinkEnd, MacAddress], None]) -> None:
    """Do something with every port of the bridge that is plugged in from now on, and what is at its end."""
    plain = lab._plug_in

    def plug_in(end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        before = _ports(lab)
        unplug = plain(end, mac)
        [port] = _ports(lab) - before
        act(port, end, mac)
        return unplug

    lab._plug_in = plug_in  # type: ignore[method-assign]


@contextlib.contextmanager
def _wire(lab: NetnsLab, port: str, mac: MacAddress, fault: str) -> Iterator[None]:
    namespace = f"edgeboot-{lab.journal.run}-between-{port}"
    made = Made(Kind.NAMESPACE, namespace)
    lab.journal.about_to_make(made)
    create_namespace(namespace)
    _move(LinkEnd(lab._segment, port), namespace)
    near, far = LinkEnd(namespace, OUTSIDE), LinkEnd(lab._segment, port)
    links.add_veth(near, far, mac=mac, bridge=lab._edge.bridge)
    command = [sys.executable, "-m", "tests.faults.frame_forwarder", namespace, port, fault]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline().strip()
            assert said == READY, f"tests.faults.frame_forwarder said {said!r}"
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

    links.with_netlink(end.namespace, take)
    links.with_netlink(namespace, rise)


def _ports(lab: NetnsLab) -> set[str]:
    return links.with_netlink(
        lab._segment, lambda netlink: {link.get("ifname") for link in netlink.get_links()}
    )
