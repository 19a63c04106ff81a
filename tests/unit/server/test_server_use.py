"""What is seen of a server while many nodes ask it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import cast

import pytest

from edgeboot.host.processes import Process, descendants
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.server.log import ServerLog
from edgeboot.server.protocol import DhcpServer
from edgeboot.server.server_use import UseObserver

WRITER = """
import sys
for line in sys.stdin:
    with open("/dev/null", "wb", 0) as file:
        file.write(bytes(5000))
    print()
"""


@dataclass
class ServerStandIn:
    """The parts of a server that are looked at, around a real process."""

    processes: tuple[Process, ...] = ()
    instance: str = "7"
    running: bool = True
    address: IPv4Address | None = None
    mac: str = "52:54:00:00:00:10"
    log: ServerLog = field(default_factory=ServerLog)


@pytest.fixture
def writer() -> Iterator[subprocess.Popen[str]]:
    """A program that writes 5,000 octets for each line that it is given."""
    command = [sys.executable, "-u", "-c", WRITER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def let_write(process: subprocess.Popen[str]) -> None:
    """Once, and wait until it has."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    process.stdout.readline()


def observed(server: ServerStandIn) -> UseObserver:
    """From now on."""
    return UseObserver(cast(DhcpServer, server))


def test_only_what_was_added_counts(writer: subprocess.Popen[str]) -> None:
    """What the server had written before belongs to others."""
    let_write(writer)
    observer = observed(ServerStandIn((Process(writer.pid),)))
    let_write(writer)
    observer.sample(0.25)
    use = observer.use()
    assert use.written is not None
    assert 5000 <= use.written < 6000
    assert [each.written for each in use.samples] == [use.written]
    assert (use.drops, use.restarts, use.ended) == (0, 0, False)


def test_a_restarted_server_s_use_is_that_of_both(writer: subprocess.Popen[str]) -> None:
    """Its new process counts from its own beginning."""
    server = ServerStandIn()
    observer = observed(server)
    server.instance, server.processes = "8", (Process(writer.pid),)
    let_write(writer)
    observer.sample(0.25)
    use = observer.use()
    assert use.restarts == 1
    assert use.written is not None
    assert use.written >= 5000


def test_what_was_seen_last_of_a_process_remains(writer: subprocess.Popen[str]) -> None:
    """It has died: that is known of its end."""
    server = ServerStandIn((Process(writer.pid),))
    observer = observed(server)
    let_write(writer)
    observer.sample(0.25)
    writer.kill()
    writer.wait()
    server.running, server.processes = False, ()
    observer.sample(2.5)
    assert observer.use().ended
    assert (observer.use().written or 0) >= 5000


def test_a_server_elsewhere_shows_its_log_alone() -> None:
    """What was logged before is left out, but for what dnsmasq says at its start."""
    server = ServerStandIn()
    for line in (
        "restricting maximum simultaneous TFTP transfers to 5",
        "1 DHCPDISCOVER no address available",
    ):
        server.log.add(f"dnsmasq-dhcp: {line}")
    observer = observed(server)
    server.log.add("dnsmasq-dhcp: DHCPNAK(ens3) 10.0.0.2 02:eb:57:00:00:07 no leases left")
    observer.sample(0.25)
    use = observer.use()
    assert use.logged == {Telling.TFTP_RESTRICTED: 1, Telling.NO_LEASE: 1, Telling.NAK: 1}
    assert (use.processor, use.written, use.drops, use.samples) == (None, None, None, ())


def test_messages_of_other_machines_are_not_counted() -> None:
    """Of a segment on which others boot meanwhile."""
    server = ServerStandIn()
    observer = UseObserver(cast(DhcpServer, server), "02:eb:57")
    server.log.add("dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) 02:eb:57:00:00:07")
    server.log.add("dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) 52:54:00:00:00:07")
    server.log.add("dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) 52:54:00:00:00:07 no address available")
    server.log.add("dnsmasq-dhcp: 1 DHCPNAK(ens3) 10.0.0.2 52:54:00:00:00:07 address in use")
    observer.sample(0.25)
    server.log.add("dnsmasq-dhcp: 1 DHCPOFFER(ens3) 10.0.0.7 02:eb:57:00:00:07")
    use = observer.use()
    assert use.logged == {Telling.DISCOVER: 1, Telling.OFFER: 1}
    assert use.logged_in_time == {Telling.DISCOVER: 1}


def test_descendants_are_those_of_any_depth() -> None:
    """A server may be started by a shell."""
    shell = ["sh", "-c", "sh -c 'echo; read line; :'; :"]
    with subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert [each.name for each in descendants(process.pid)] == ["sh"]
        process.communicate(b"\n")
