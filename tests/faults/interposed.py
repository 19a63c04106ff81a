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
from collections.abc import Iterator
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.labs.netns.lab import NetnsLab

OUTSIDE: Final = "outside"
READY: Final = "forwarding"


@contextlib.contextmanager
def interposed_at_server(lab: NetnsLab, fault: str) -> Iterator[None]:
    """Applies the named rule of frame_injection.py at the DHCP server's port while the context lasts."""
    with _forwarder(lab, lab.server_port, lab.server.mac, fault):
        lab.capture_at_server_port()
        yield


@contextlib.contextmanager
def interposed_at_host(lab: NetnsLab, host: str, fault: str) -> Iterator[None]:
    """Applies the rule at the port of another host, as soon as that host is plugged in."""
    with contextlib.ExitStack() as forwarders:

        def interpose(port: LinkEnd, end: LinkEnd, mac: MacAddress) -> None:
            if (end.namespace or "").endswith(f"-{host}"):
                forwarders.enter_context(_forwarder(lab, port, mac, fault))

        lab.interpose(interpose)
        yield


@contextlib.contextmanager
def _forwarder(lab: NetnsLab, port: LinkEnd, mac: MacAddress, fault: str) -> Iterator[None]:
    namespace = f"edgeboot-{lab.journal.run}-interposed-{port.interface}"
    leftover = Namespace(namespace)
    lab.journal.about_to_make(leftover)
    create_namespace(namespace)
    links.move(port, namespace)
    links.add_veth(LinkEnd(namespace, OUTSIDE), port, mac=mac, bridge=lab.bridge.bridge)
    command = [sys.executable, "-m", "tests.faults.frame_forwarder", namespace, port.interface, fault]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first_line = process.stdout.readline().strip()
            assert first_line == READY, f"tests.faults.frame_forwarder printed {first_line!r}"
            yield
        finally:
            process.kill()
    lab.journal.remove(leftover)
