"""Another machine on the segment: an address, a kernel's stack, and the programs it runs."""

from __future__ import annotations

import contextlib
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Final, TypeVar

from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.capabilities import RUNTIME_DEFAULT
from edgeboot.host.container import DEFAULT_PATH, WRITABLE, Container, ContainerSpec, Mount
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace, in_namespace
from edgeboot.host.wire import arp
from edgeboot.host.wire.port import Port
from edgeboot.server.log import ServerLog

T = TypeVar("T")

INTERFACE: Final = "eth0"


@dataclass
class Host:
    """A network namespace on the segment; unlike an edge node it uses the kernel's IP stack.

    The kernel answers ARP and ping, and programs in it have sockets as on any machine.
    """

    name: str
    mac: MacAddress
    address: IPv4Interface
    namespace: str
    directory: Path
    log: ServerLog = field(default_factory=ServerLog)
    """The output of its programs."""
    _running: list[Container] = field(default_factory=list)

    @property
    def sender(self) -> str:
        """Address and MAC, as error messages name a server."""
        return f"{self.address.ip} ({self.mac})"

    def run(
        self, *command: str, files: dict[str, str] | None = None, mounts: tuple[Mount, ...] = ()
    ) -> Container:
        """Start a program on it; ``files`` are texts by their paths as the program sees them."""
        spec = ContainerSpec(
            command=command,
            namespace=self.namespace,
            files=files or {},
            scratch=WRITABLE,
            capabilities=RUNTIME_DEFAULT | {"NET_ADMIN"},
            environment={"PATH": DEFAULT_PATH},
            mounts=mounts,
        )
        self._running.append(Container(spec, self.directory / str(len(self._running)), self.log.add))
        return self._running[-1]

    def do(self, act: Callable[[], T]) -> T:
        """Call ``act`` in this host's network namespace; returns its result."""
        return in_namespace(self.namespace, act)

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """SIGSTOP for everything it runs as long as the context lasts: it takes requests and answers none."""
        for each in self._running:
            each.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for each in self._running:
                each.signal(signal.SIGCONT)

    def stop(self) -> None:
        """End everything it runs."""
        while self._running:
            self._running.pop().kill()


@contextlib.contextmanager
def host_on(
    plug_in: Callable[[LinkEnd, MacAddress], Callable[[], None]],
    name: str,
    address: IPv4Interface,
    mac: MacAddress,
    journal: Journal,
) -> Iterator[Host]:
    """A host as long as the context lasts.

    Args:
        plug_in: connects an end to the segment, and returns what removes it.
        name: unique among the hosts of a lab.
        address: its own on the segment.
        mac: its Ethernet address.
        journal: records what is made first.
    """
    namespace = f"edgeboot-{journal.run}-{name}"
    directory = Path(tempfile.gettempdir()) / namespace
    made = (Namespace(namespace), Directory(directory))
    for each in made:
        journal.about_to_make(each)
    try:
        create_namespace(namespace)
        directory.mkdir()
        end = LinkEnd(namespace, INTERFACE)
        unplug, host = plug_in(end, mac), Host(name, mac, address, namespace, directory)
        try:
            links.add_address(end, address)
            with contextlib.closing(Port(INTERFACE, mac, namespace=namespace)) as port:
                # As systems do: another machine's kernel may know the one that had the address before.
                arp.announce(port, address.ip)
            yield host
        finally:
            host.stop()
            unplug()
    finally:
        for each in reversed(made):
            journal.remove(each)
