"""A segment for one client under test: its namespace, the servers' interface, and a place for the client."""

from __future__ import annotations

import os
import secrets
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any, Final

from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace, in_namespace, may_make_namespaces
from edgeboot.host.user_namespace import enter_user_namespace
from edgeboot.host.wire.port import Port
from tests.firmware.offer import HOSTS

SERVER_MAC: Final = MacAddress.parse("52:54:00:99:00:01")
BRIDGE: Final = "br0"
_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""Of SO_LINGER (socket(7)): the end of a connection is an RST, and nothing of it stays."""
_SWALLOWED: Final = (53, 67, 69, 4011)
"""Ports on which the kernel would otherwise say that nobody listens."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A bridge in a namespace of its own, with the servers' interface."""

    journal: Journal
    namespace: str
    """The bridge and the servers are in it."""
    port: Port
    """The servers' interface."""
    directory: Path
    """For files of machines on it."""

    @contextmanager
    def plugged_in(self, mac: MacAddress) -> Iterator[LinkEnd]:
        """An interface in a new namespace, for a client of this machine's kernel, until the end of the block.

        Its processes end with it.
        """
        namespace = Namespace(f"{self.namespace}-client")
        self.journal.about_to_make(namespace)
        create_namespace(namespace.name)
        end, port = LinkEnd(namespace.name, "eth0"), LinkEnd(self.namespace, "client")
        try:
            links.bring_up(LinkEnd(namespace.name, "lo"))
            links.add_veth(end, port, mac=mac, bridge=BRIDGE)
            yield end
        finally:
            # The kernel removes a namespace's interfaces some time after it: the next one has the same name.
            links.remove(port)
            self.journal.remove(namespace)


@contextmanager
def segment() -> Iterator[Segment]:
    """Bring one up, and remove everything of it at the end.

    Raises:
        LabError: this machine allows no namespaces.
    """
    if not may_make_namespaces():
        enter_user_namespace()
    run = f"firmware-{os.getpid()}-{secrets.token_hex(2)}"
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(run))
        namespace, of_servers = f"edgeboot-{run}", f"edgeboot-{run}-servers"
        for name in (namespace, of_servers):
            journal.about_to_make(Namespace(name))
            create_namespace(name)
        # With the bridge in the servers' namespace the kernel would answer ARP by that one's address, too.
        links.add_bridge(LinkEnd(namespace, BRIDGE), None)
        _forgets_where_machines_are(LinkEnd(namespace, BRIDGE))
        end = LinkEnd(of_servers, "servers")
        links.add_veth(end, LinkEnd(namespace, "port0"), mac=SERVER_MAC, bridge=BRIDGE)
        for host in HOSTS:
            links.add_address(end, IPv4Interface(f"{host}/24"))
        for number in _SWALLOWED:
            stack.enter_context(in_namespace(of_servers, lambda number=number: _listener(number)))  # type: ignore[misc]
        stack.enter_context(_http(of_servers))
        port = Port(end.interface, SERVER_MAC, namespace=of_servers, bpf="arp or udp or tcp or icmp6")
        stack.callback(port.close)
        directory = Directory(Path(tempfile.gettempdir()) / namespace)
        journal.about_to_make(directory)
        directory.path.mkdir()
        yield Segment(journal, namespace, port, directory.path)


def _forgets_where_machines_are(bridge: LinkEnd) -> None:
    """It sends each frame to all its ports, as a hub: the servers' interface sees what others answer."""

    def forget(netlink: Any) -> None:
        index = links.index_of(netlink, bridge.interface)
        netlink.link("set", index=index, kind="bridge", br_ageing_time=0)

    links.with_netlink(bridge.namespace, forget)


def _listener(number: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("", number))
    return listener


class _NotFound(BaseHTTPRequestHandler):
    """No file is there: a row is about what is asked for."""

    def setup(self) -> None:
        """Forget it when it is closed: a machine that is set back begins one with the same ports."""
        super().setup()
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)

    def do_GET(self) -> None:
        """Refuse."""
        self.send_error(404)

    def do_HEAD(self) -> None:
        """As GET; the method has the name that http.server looks for."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """The wire shows it."""


@contextmanager
def _http(namespace: str) -> Iterator[None]:
    server = in_namespace(namespace, lambda: ThreadingHTTPServer(("", 80), _NotFound))
    thread = threading.Thread(target=server.serve_forever, name="HTTP", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
