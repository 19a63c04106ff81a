"""Where a storm's cost is measured: client and server in namespaces of their own, joined by a veth pair.

"Null" is a responder in a process of its own that answers at once (null_responder.py); dnsmasq runs with
no-ping and leasefile-ro, started anew for each run. An exchange is DHCPDISCOVER, DHCPOFFER, DHCPREQUEST,
DHCPACK.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any, Final

from benchmarks.null_responder import CLIENT, SERVER
from benchmarks.wire_times import WireTimes, wire_times
from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT, cache_directory
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd, add_address, add_veth, bring_up
from edgeboot.host.namespace import Namespace, create_namespace

_PERFDHCP: Final = cache_directory() / "clients" / "perfdhcp" / "program"
_DNSMASQ: Final = (
    "dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --port=0 --interface=server --no-ping "
    "--leasefile-ro --dhcp-lease-max=100000 --dhcp-range=10.55.1.0,10.55.200.254,255.255.0.0 --pid-file"
)
_DELAY: Final = re.compile(r"avg delay: ([\d.]+) ms")
_DEVIATION: Final = re.compile(r"std deviation: ([\d.]+) ms")
_RATE: Final = re.compile(r"Rate: ([\d.]+)")
_RECEIVED: Final = re.compile(r"received packets: (\d+)")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run of a generator."""

    bound: int
    cpu: float
    """Seconds of processor time."""
    took: float
    """Seconds from the first message to the last."""
    offer_delay: float
    """Seconds from DHCPDISCOVER to DHCPOFFER, in the mean, as the generator says."""
    error: float = 0.0
    """Standard error of that mean, where the generator tells it."""
    on_the_wire: float = 0.0
    """The same by the kernel's time stamps of the same frames."""

    @property
    def cost(self) -> float:
        """Microseconds of processor time for an exchange."""
        return 1e6 * self.cpu / max(1, self.bound)


class Bench:
    """Two namespaces and a cable."""

    def __init__(self, journal: Journal) -> None:
        self.client, self.server = (f"{journal.run}-{end}" for end in ("client", "server"))
        for namespace in (self.client, self.server):
            journal.about_to_make(Namespace(namespace))
            create_namespace(namespace)
            bring_up(LinkEnd(namespace, "lo"))
        ends = LinkEnd(self.client, "client"), LinkEnd(self.server, "server")
        add_veth(*ends, mac=MacAddress.parse("02:eb:57:ff:ff:01"))
        for end, address in zip(ends, (CLIENT, SERVER), strict=True):
            add_address(end, IPv4Interface((address, 16)))

    @contextmanager
    def null_responder(self) -> Iterator[None]:
        """The responder answers within it."""
        command = (sys.executable, "-m", "benchmarks.null_responder", "server")
        with self._running(*command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            yield

    @contextmanager
    def dnsmasq(self) -> Iterator[None]:
        """A new dnsmasq answers within it."""
        with self._running(*_DNSMASQ.split(), stderr=subprocess.DEVNULL):
            eventually("dnsmasq", self._listens, Wait.SERVER_START, "see what dnsmasq says")
            yield

    def storm(
        self, nodes: int, rate: float, wire: str = "ring", profile: Path | None = None
    ) -> dict[str, Any]:
        """The figures of a storm."""
        run = ("benchmarks.storm_run", "client", str(nodes), str(rate), wire)
        given = () if profile is None else (str(profile),)
        data: dict[str, Any] = json.loads(self._output(sys.executable, "-m", *run, *given)[0])
        return data

    def ours(self, nodes: int, rate: float, wire: str = "ring", *, stamped: bool = False) -> Figures:
        """A storm, as perfdhcp's figures are; ``stamped`` if the wire is looked at, which takes time."""
        with self._times(stamped) as times:
            data = self.storm(nodes, rate, wire)
            on_the_wire = 0.0 if times is None else times.to_offer()
        bound, delay = data["bound"] - data["lost_here"], data["offer_answers"]["mean"]
        return Figures(bound, data["client_cpu"], data["elapsed"], delay, on_the_wire=on_the_wire)

    def perfdhcp(
        self, nodes: int, rate: float, *options: str, waits: float = 0.0, stamped: bool = False
    ) -> Figures:
        """As many clients of perfdhcp, one exchange each; its processor time is that of its process.

        Args:
            nodes: how many clients.
            rate: in a second.
            options: further ones.
            waits: seconds for which it waits at its end: without any it leaves the last replies unread; with
                some it takes processor time for them.
            stamped: whether the wire is looked at.
        """
        clients = ("-R", str(nodes), "-n", str(nodes), "-r", f"{rate:.0f}", "-b", "mac=02:eb:57:00:00:00")
        given = (*clients, "-W", f"{1e6 * waits:.0f}", *options)
        with self._times(stamped) as times:
            output, cpu = self._output(str(_PERFDHCP), "-4", "-l", "client", "-B", *given)
            on_the_wire = 0.0 if times is None else times.to_offer()
        offers, acks = (int(each) for each in _RECEIVED.findall(output))
        delay, deviation = (float(each.findall(output)[0]) / 1000 for each in (_DELAY, _DEVIATION))
        took = acks / max(1.0, float(_RATE.findall(output)[0])) - waits
        return Figures(acks, cpu, took, delay, deviation / math.sqrt(max(1, offers)), on_the_wire)

    def _times(self, stamped: bool) -> AbstractContextManager[WireTimes | None]:
        if not stamped:
            return nullcontext()
        return wire_times((self.client, "client"), (self.server, "server"))

    def _output(self, *command: str) -> tuple[str, float]:
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.client, *command], cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        output = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        return output, usage.ru_utime + usage.ru_stime

    @contextmanager
    def _running(self, *command: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(["ip", "netns", "exec", self.server, *command], cwd=PROJECT, **options)
        try:
            yield process
        finally:
            process.terminate()
            process.communicate()

    def _listens(self) -> bool | None:
        listed = subprocess.run(
            ["ip", "netns", "exec", self.server, "cat", "/proc/net/udp"],
            capture_output=True,
            text=True,
            check=True,
        )
        return True if ":0043 " in listed.stdout else None
