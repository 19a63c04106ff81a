"""What a storm costs: how many exchanges a core makes, in how much memory, and beside perfdhcp.

usage: python -m benchmarks.storm_cost [PAIRS]

Client and server are in namespaces of their own, joined by a veth pair. "Null" is a responder in a process
of its own that answers at once (null_responder.py); dnsmasq runs with no-ping and leasefile-ro, started
anew for each run. An exchange is DHCPDISCOVER, DHCPOFFER, DHCPREQUEST, DHCPACK.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import timeit
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Interface
from typing import Any, Final

from benchmarks.null_responder import CLIENT, SERVER
from benchmarks.storm_wires import WIRES
from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import PROJECT, cache_directory
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd, add_address, add_veth, bring_up
from edgeboot.host.namespace import Namespace, create_namespace
from edgeboot.stress.storm.template import discover_template

SIZES: Final = (1_000, 10_000, 100_000)
AS_FAST_AS_IT_CAN: Final = 50_000.0
"""More nodes in a second than it manages."""
_PERFDHCP: Final = cache_directory() / "clients" / "perfdhcp" / "program"
_DNSMASQ: Final = (
    "dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --port=0 --interface=server --no-ping "
    "--leasefile-ro --dhcp-lease-max=100000 --dhcp-range=10.55.1.0,10.55.200.254,255.255.0.0 --pid-file"
)
_DELAY: Final = re.compile(r"avg delay: ([\d.]+) ms")
_RECEIVED: Final = re.compile(r"received packets: (\d+)")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run of a generator."""

    bound: int
    cpu: float
    """Seconds of processor time."""
    offer_delay: float
    """Seconds from DHCPDISCOVER to DHCPOFFER, in the mean."""

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

    def storm(self, nodes: int, rate: float, wire: str = "ring") -> dict[str, Any]:
        """The figures of a storm."""
        command = (sys.executable, "-m", "benchmarks.storm_run", "client", str(nodes), str(rate), wire)
        data: dict[str, Any] = json.loads(self._output(*command)[0])
        return data

    def ours(self, nodes: int, rate: float) -> Figures:
        """A storm, as perfdhcp's figures are."""
        data = self.storm(nodes, rate)
        return Figures(data["bound"], data["client_cpu"], data["offer_answers"]["mean"])

    def perfdhcp(self, nodes: int, rate: float) -> Figures:
        """As many clients of perfdhcp, one exchange each; its processor time is that of its process."""
        clients = ("-R", str(nodes), "-n", str(nodes), "-r", f"{rate:.0f}", "-b", "mac=02:eb:57:00:00:00")
        output, cpu = self._output(str(_PERFDHCP), "-4", "-l", "client", "-B", *clients)
        _, acks = (int(each) for each in _RECEIVED.findall(output))
        return Figures(acks, cpu, float(_DELAY.findall(output)[0]) / 1000)

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


def sizes(bench: Bench) -> None:
    """What grows with the number of nodes."""
    print("| nodes | exchanges/s | µs of processor time for each | peak memory, MB |\n|---|---|---|---|")
    with bench.null_responder():
        for nodes in SIZES:
            data = bench.storm(nodes, AS_FAST_AS_IT_CAN)
            rate, cost = data["bound"] / data["elapsed"], 1e6 * data["client_cpu"] / data["bound"]
            print(f"| {nodes} | {rate:.0f} | {cost:.1f} | {data['memory'] / 1e6:.0f} |")


def wires(bench: Bench, count: int) -> None:
    """What another way to send and receive would cost, each in turn."""
    print(
        "\n| frames by | exchanges/s | µs of processor time for each | beside the ring |\n|---|---|---|---|"
    )
    runs: dict[str, list[dict[str, Any]]] = {wire: [] for wire in WIRES}
    with bench.null_responder():
        for _ in range(count):
            for wire, results in runs.items():
                results.append(bench.storm(20_000, AS_FAST_AS_IT_CAN, wire))
    for wire, results in runs.items():
        costs = [1e6 * each["client_cpu"] / each["bound"] for each in results]
        rings = [1e6 * each["client_cpu"] / each["bound"] for each in runs["ring"]]
        ratio = statistics.median(cost / ring for cost, ring in zip(costs, rings, strict=True))
        rate = statistics.median(each["bound"] / each["elapsed"] for each in results)
        print(f"| {wire} | {rate:.0f} | {statistics.median(costs):.1f} | {ratio:.2f} |")
    template = discover_template(EDK2_PXE_X86_64, 1)
    took = timeit.timeit(lambda: template.fill(0x123456), number=100_000) / 100_000
    print(f"\nfilling a frame: {1e6 * took:.2f} µs, twice for an exchange")


def pairs(bench: Bench, count: int) -> None:
    """Beside perfdhcp, in turn."""
    print(
        "\n| server | asked/s | µs, storm | µs, perfdhcp | ratio (pairs) | ms to OFFER, both | lost, both |"
    )
    print("|---|---|---|---|---|---|---|")
    for server, nodes, rate in (
        (bench.null_responder, 4_000, 2_000.0),
        (bench.dnsmasq, 2_000, 500.0),
        (bench.dnsmasq, 4_000, 1_500.0),
    ):
        runs: list[tuple[Figures, Figures]] = []
        for _ in range(count):
            with server():
                ours = bench.ours(nodes, rate)
            with server():
                runs.append((ours, bench.perfdhcp(nodes, rate)))
        costs = [statistics.median(each[which].cost for each in runs) for which in (0, 1)]
        delays = [statistics.median(each[which].offer_delay for each in runs) * 1000 for which in (0, 1)]
        lost = [sum(nodes - each[which].bound for each in runs) for which in (0, 1)]
        ratios = sorted(ours.cost / theirs.cost for ours, theirs in runs)
        spread = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(
            f"| {server.__name__} | {rate:.0f} | {costs[0]:.0f} | {costs[1]:.0f} | {spread} | "
            f"{delays[0]:.3f}, {delays[1]:.3f} | {lost[0]}, {lost[1]} |"
        )


def main(count: int) -> None:
    """Print the tables."""
    with Journal(f"edgeboot-bench-{secrets.token_hex(3)}") as journal:
        bench = Bench(journal)
        sizes(bench)
        wires(bench, count)
        pairs(bench, count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
