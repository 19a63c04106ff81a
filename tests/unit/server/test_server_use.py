"""What is seen of a server while many nodes ask it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import cast

import pytest

from edgeboot.host.process_use import ProcessUse, Throttling
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


def test_what_happens_after_the_end_is_not_told(writer: subprocess.Popen[str]) -> None:
    """The server may be ended while the storm's leases are released."""
    server = ServerStandIn((Process(writer.pid),))
    observer = observed(server)
    observer.end()
    server.running, server.instance = False, "8"
    server.log.add("dnsmasq: started, version 2.90 DNS disabled")
    use = observer.use()
    assert (use.ended, use.restarts) == (False, 0)


def test_restarts_are_a_number() -> None:
    """Where another one runs, and its log has not said so yet."""
    server = ServerStandIn()
    observer = observed(server)
    server.instance = "8"
    assert type(observer.use().restarts) is int


def test_another_process_with_the_same_id_is_not_the_server(
    writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was seen last of the server's own remains."""
    observer = observed(ServerStandIn((Process(writer.pid),)))
    let_write(writer)
    monkeypatch.setattr(Process, "started", 4711)
    observer.sample(0.25)
    assert observer.use().written == 0


def test_the_last_sample_is_always_kept(writer: subprocess.Popen[str]) -> None:
    """Of many, most are left out."""
    observer = observed(ServerStandIn((Process(writer.pid),)))
    for number in range(450):
        observer.sample(float(number))
    seconds = [each.seconds for each in observer.use().samples]
    assert (seconds[0], seconds[-1]) == (0.0, 449.0)
    assert len(seconds) <= 201


def test_the_group_that_was_throttled_most_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One above it may have been throttled for longer before."""
    own, above = Path("/groups/pod/server"), Path("/groups/pod")
    looks = iter([(2, 0.5, 90, 60.0), (12, 3.5, 91, 60.25)])

    def look(_: Process) -> ProcessUse:
        periods, seconds, periods_above, seconds_above = next(looks)
        throttled = {
            own: Throttling(periods, seconds),
            above: Throttling(periods_above, seconds_above, str(above)),
        }
        return ProcessUse(0.0, None, None, throttled)

    monkeypatch.setattr(ProcessUse, "of", look)
    observer = observed(ServerStandIn((Process(os.getpid()),)))
    observer.sample(0.25)
    assert observer.use().throttled == Throttling(10, 3.0)


def test_a_servers_sockets_at_once_are_counted() -> None:
    """Those that it had from the beginning are none of its transfers; here they are this process's own."""
    server = ServerStandIn((Process(os.getpid()),))
    observer = observed(server)
    with ExitStack() as transfers:
        for _ in range(3):
            transfers.enter_context(socket.socket(type=socket.SOCK_DGRAM)).bind(("127.0.0.1", 0))
        observer.sample(0.25)
    observer.sample(0.5)
    assert observer.use().most_sockets == 3


def test_the_end_of_the_log_about_nodes_is_known() -> None:
    """In seconds from the beginning; what it says of others, or later, is left out."""
    server = ServerStandIn()
    observer = UseObserver(cast(DhcpServer, server), "02:eb:57")
    assert observer.use().logged_until is None
    server.log.add("dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) 02:eb:57:00:00:07")
    at = server.log.lines[-1].at
    server.log.add("dnsmasq-dhcp: 1 DHCPDISCOVER(ens3) 52:54:00:00:00:07")
    observer.end()
    server.log.add("dnsmasq-dhcp: 1 DHCPRELEASE(ens3) 10.0.0.7 02:eb:57:00:00:07")
    assert observer.use(at - 4.5).logged_until == pytest.approx(4.5)


def test_descendants_are_those_of_any_depth() -> None:
    """A server may be started by a shell."""
    shell = ["sh", "-c", "sh -c 'echo; read line; :'; :"]
    with subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert [each.name for each in descendants(process.pid)] == ["sh"]
        process.communicate(b"\n")
