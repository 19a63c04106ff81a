"""Interposes frame_forwarder.py between a machine and the bridge, to change the frames that pass.

::

    edgeboot-RUN-orchestrator     edgeboot-RUN-interposed-port0      edgeboot-RUN-segment
      ens3 --------------------- port0 <- forwarder -> outside ------------ port0 -- virbr1

Seen from the segment the real dnsmasq misbehaves in exactly one way. The lab's capture is taken
behind the forwarder, where the segment sees the frames.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.machine import links
from edgeboot.machine.links import LinkEnd
from edgeboot.machine.namespace import Namespace, create_namespace
from edgeboot.machine.wire.port import EVERYTHING, Port

OUTSIDE: Final = "outside"
READY: Final = "forwarding"
SERVER_PORT: Final = "port0"


@contextlib.contextmanager
def interposed_at_server(lab: NetnsLab, fault: str) -> Iterator[None]:
    """Applies the named rule of frame_injection.py at the DHCP server's port while the context lasts."""
    with _forwarder(lab, SERVER_PORT, lab.server.mac, fault):
        assert lab._tap is not None
        lab._tap.close()
        lab._tap = Port(SERVER_PORT, lab.server.mac, namespace=lab._segment, bpf=EVERYTHING)
        yield


@contextlib.contextmanager
def interposed_at_host(lab: NetnsLab, host: str, fault: str) -> Iterator[None]:
    """Applies the rule at the port of another host, as soon as that host is plugged in."""
    with contextlib.ExitStack() as forwarders:

        def interpose(port: str, end: LinkEnd, mac: MacAddress) -> None:
            if (end.namespace or "").endswith(f"-{host}"):
                forwarders.enter_context(_forwarder(lab, port, mac, fault))

        at_every_port(lab, interpose)
        yield


def at_every_port(lab: NetnsLab, act: Callable[[str, LinkEnd, MacAddress], None]) -> None:
    """Calls ``act`` with name, far end and MAC of each port that is plugged in from now on."""
    plain = lab._plug_in

    def plug_in(end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        before = _ports(lab)
        unplug = plain(end, mac)
        [port] = _ports(lab) - before
        act(port, end, mac)
        return unplug

    lab._plug_in = plug_in  # type: ignore[method-assign]


@contextlib.contextmanager
def _forwarder(lab: NetnsLab, port: str, mac: MacAddress, fault: str) -> Iterator[None]:
    namespace = f"edgeboot-{lab.journal.run}-interposed-{port}"
    made = Namespace(namespace)
    lab.journal.about_to_make(made)
    create_namespace(namespace)
    _move(LinkEnd(lab._segment, port), namespace)
    near, far = LinkEnd(namespace, OUTSIDE), LinkEnd(lab._segment, port)
    links.add_veth(near, far, mac=mac, bridge=lab._edge.bridge)
    command = [sys.executable, "-m", "tests.faults.frame_forwarder", namespace, port, fault]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first_line = process.stdout.readline().strip()
            assert first_line == READY, f"tests.faults.frame_forwarder printed {first_line!r}"
            yield
        finally:
            process.kill()
    lab.journal.remove(made)


def _move(end: LinkEnd, namespace: str) -> None:
    """Moves a port of the bridge into another namespace and sets it up there."""

    def take(netlink: Any) -> None:
        [index] = netlink.link_lookup(ifname=end.interface)
        netlink.link("set", index=index, net_ns_fd=namespace)

    def set_up(netlink: Any) -> None:
        [index] = netlink.link_lookup(ifname=end.interface)
        netlink.link("set", index=index, state="up")

    links.with_netlink(end.namespace, take)
    links.with_netlink(namespace, set_up)


def _ports(lab: NetnsLab) -> set[str]:
    return links.with_netlink(
        lab._segment, lambda netlink: {link.get("ifname") for link in netlink.get_links()}
    )
