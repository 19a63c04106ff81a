"""A segment with real servers of the test's choice, and ``edgeboot probe`` at a port of it."""

from __future__ import annotations

import itertools
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Interface
from typing import Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT
from edgeboot.host import links
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.labs.hosts.host import Host, host_on
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY

PORT: Final = "node1"
_BRIDGE: Final = "segment"
_CONFIG: Final = "/etc/edgeboot/dnsmasq.conf"
_NODE: Final = MacAddress.parse("02:eb:ff:00:00:01")


@dataclass
class ProbedSegment:
    """A bridge in a namespace of its own, whose port ``node1`` nobody uses but the probe."""

    namespace: str
    journal: Journal
    environment: dict[str, str]
    _hosts: ExitStack
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def serve(self, config: str, address: str, *further: str) -> Host:
        """Put a dnsmasq with this configuration on the segment; it serves on return."""
        number = next(self._numbers)
        mac = MacAddress.parse(f"52:54:00:00:00:{number:02x}")
        host = self._hosts.enter_context(
            host_on(self._plug_in, f"server{number}", IPv4Interface(address), mac, self.journal)
        )
        for each in further:
            links.add_address(LinkEnd(host.namespace, "eth0"), IPv4Interface(each))
        host.run("dnsmasq", "--no-daemon", f"--conf-file={_CONFIG}", files={_CONFIG: config})
        observe = lambda: host.log.find(DNSMASQ_READY)  # noqa: E731 - the condition of one wait
        eventually(f"server {address}", observe, Wait.SERVER_START, "see its log")
        return host

    def command(self, *arguments: str) -> list[str]:
        """The command line of a probe at the port."""
        return self._at_the_port("probe", "-i", PORT, *arguments)

    def draft(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Draft a contract from what is on the wire there."""
        command = self._at_the_port("contract", "-i", PORT, *arguments)
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=Wait.SUITE_START.total_seconds(),
        )

    def _at_the_port(self, *words: str) -> list[str]:
        enter = ["nsenter", f"--net=/run/netns/{self.namespace}", "unshare", "--mount"]
        own_sysfs = ["sh", "-c", 'mount -t sysfs sysfs /sys && exec "$@"', "sh"]
        return [*enter, *own_sysfs, sys.executable, "-m", "edgeboot.cli.main", *words]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a probe."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def probe(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Probe, and return what was printed with the exit status."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=Wait.SUITE_START.total_seconds())
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def _plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        far = LinkEnd(self.namespace, f"port{next(self._numbers)}")
        links.add_veth(end, far, mac=mac, bridge=_BRIDGE)
        return lambda: links.remove(end)


@contextmanager
def probed_segment(environment: dict[str, str]) -> Iterator[ProbedSegment]:
    """The segment as long as the context lasts."""
    run = f"{secrets.token_hex(3)}-probe"
    namespace = f"edgeboot-{run}"
    with Journal(run) as journal, ExitStack() as hosts:
        journal.about_to_make(Namespace(namespace))
        create_namespace(namespace)
        links.add_bridge(LinkEnd(namespace, _BRIDGE), None)
        near, far = LinkEnd(namespace, PORT), LinkEnd(namespace, "port0")
        links.add_veth(near, far, mac=_NODE, bridge=_BRIDGE)
        yield ProbedSegment(namespace, journal, os.environ | environment, hosts)
