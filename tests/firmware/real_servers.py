"""Real DHCP servers on the segment, a dnsmasq each: what they say, and to whom, no script says."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import IO, Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace, in_namespace
from edgeboot.machines.console import Console
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from tests.firmware.offer import Dnsmasq
from tests.firmware.segment import BRIDGE, Segment

_READY: Final = timedelta(seconds=30)
_PROXY_READY: Final = r"DHCP, proxy on subnet"
_COMMAND: Final = ("dnsmasq", "--no-daemon", "--user=root", "--port=0", "--log-dhcp", "--leasefile-ro")
_LINES: Final = ("interface=eth0", "bind-interfaces")


@dataclass(frozen=True, slots=True)
class Plug:
    """A server's place on the segment."""

    end: LinkEnd
    address: IPv4Address


@contextmanager
def plugs(segment: Segment, addresses: Sequence[IPv4Address]) -> Iterator[tuple[Plug, ...]]:
    """A namespace for each address, whose interface is a port of the segment's bridge, until the end."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(_plug(segment, address)) for address in addresses)


@contextmanager
def _plug(segment: Segment, address: IPv4Address) -> Iterator[Plug]:
    number = address.packed[-1]
    namespace = Namespace(f"{segment.namespace}-{number}")
    end, port = LinkEnd(namespace.name, "eth0"), LinkEnd(segment.namespace, f"server{number}")
    segment.journal.about_to_make(namespace)
    create_namespace(namespace.name)
    try:
        links.bring_up(LinkEnd(namespace.name, "lo"))
        links.add_veth(end, port, mac=MacAddress(b"\x52\x54\0\x99\x01" + bytes((number,))), bridge=BRIDGE)
        links.add_address(end, IPv4Interface(f"{address}/24"))
        yield Plug(end, address)
    finally:
        # The kernel removes a namespace's interfaces some time after it: the next one has the same name.
        links.remove(port)
        segment.journal.remove(namespace)


@contextmanager
def serving(servers: Sequence[Dnsmasq], plugged: Sequence[Plug], directory: Path) -> Iterator[None]:
    """Each server at its plug, with no lease, until the end of the block.

    Raises:
        AssertionError: dnsmasq does not serve; with what it said.
    """
    with ExitStack() as stack:
        for server in servers:
            [plug] = (each for each in plugged if each.address == server.address)
            stack.enter_context(_serving(server, plug, directory))
        yield


@contextmanager
def _serving(server: Dnsmasq, plug: Plug, directory: Path) -> Iterator[None]:
    configuration = directory / f"dnsmasq-{server.address}.conf"
    configuration.write_text("\n".join((*_LINES, *server.lines)) + "\n", encoding="utf-8")
    command = (*_COMMAND, f"--conf-file={configuration}")
    assert plug.end.namespace is not None
    process = in_namespace(
        plug.end.namespace,
        lambda: subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ),
    )
    console = Console()
    reader = threading.Thread(target=_read, args=(process.stderr, console), daemon=True)
    reader.start()
    try:
        ready = console.wait_for(f"{DNSMASQ_READY}|{_PROXY_READY}", Deadline.after(_READY))
        assert ready is not None, [each.text for each in console.lines]
        yield
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        reader.join()


def _read(output: IO[bytes], console: Console) -> None:
    with output:
        for line in output:
            console.feed(line)
