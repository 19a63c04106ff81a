"""What a storm costs: how many exchanges a core makes, in how much memory, and beside perfdhcp.

usage: python -m benchmarks.storm_cost [PAIRS [TABLE...]]

The tables are ``sizes``, ``wires``, ``pairs``, ``delays`` and ``fastest``; without a name, all of them.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import timeit
from collections.abc import Callable, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from benchmarks.storm_bench import Bench, Figures
from benchmarks.storm_wires import WIRES
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.host.journal import Journal
from edgeboot.stress.storm.template import discover_template

SIZES: Final = (1_000, 10_000, 100_000)
AS_FAST_AS_IT_CAN: Final = 50_000.0
"""More nodes in a second than it manages."""
RATES: Final = (1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000)
_ON_TIME: Final = 1.1
"""A generator that takes a tenth longer than its rate says has not kept it."""
_SECONDS: Final = 2


def sizes(bench: Bench, _: int) -> None:
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


def delays(bench: Bench, count: int) -> None:
    """The mean time from DHCPDISCOVER to DHCPOFFER, as each says it and as the kernel saw the same frames."""
    print("\n| server | asked/s | client | ms, as it says | ms on the wire | difference, µs |")
    print("|---|---|---|---|---|---|")
    ours, theirs = partial(bench.ours, stamped=True), partial(bench.perfdhcp, stamped=True)
    clients: dict[str, Callable[[int, float], Figures]] = {
        "storm": ours,
        "storm, by the time at which it reads": partial(ours, wire="recv_into"),
        "perfdhcp": theirs,
        "perfdhcp, one thread": lambda nodes, rate: theirs(nodes, rate, "-g", "single"),
    }
    for server, nodes, rate in ((bench.null_responder, 2_000, 500.0), (bench.dnsmasq, 2_000, 500.0)):
        runs: dict[str, list[Figures]] = {client: [] for client in clients}
        for _ in range(count):
            for client, run in clients.items():
                with server():
                    runs[client].append(run(nodes, rate))
        for client, figures in runs.items():
            told, wire = _median([each.offer_delay for each in figures]), _median(_on_the_wire(figures))
            error = _median([each.error for each in figures])
            within = f" ± {1000 * error:.3f}" if error else ""
            more = 1e6 * _median([each.offer_delay - each.on_the_wire for each in figures])
            row = f"{client} | {1000 * told:.3f}{within} | {1000 * wire:.3f} | {more:.0f}"
            print(f"| {server.__name__} | {rate:.0f} | {row} |", flush=True)


def fastest(bench: Bench, count: int) -> None:
    """The highest rate at which each client keeps its rate and loses nothing, the responder being idle."""
    del count
    print("\n| client | kept up to, exchanges/s | the next one | lost at that | exchanges/s then |")
    print("|---|---|---|---|---|")
    clients: dict[str, Callable[[int, float], Figures]] = {
        "storm": bench.ours,
        "perfdhcp": partial(bench.perfdhcp, waits=0.3),
    }
    for client, run in clients.items():
        kept = 0
        for rate in RATES:
            nodes = _SECONDS * rate
            with bench.null_responder():
                figures = run(nodes, float(rate))
            if figures.bound < nodes or figures.took > _ON_TIME * _SECONDS:
                row = f"{kept} | {rate} | {nodes - figures.bound} | {figures.bound / figures.took:.0f}"
                print(f"| {client} | {row} |", flush=True)
                break
            kept = rate
        else:
            print(f"| {client} | {kept} | | | |")


def _median(numbers: Sequence[float]) -> float:
    return statistics.median(numbers)


def _on_the_wire(figures: Sequence[Figures]) -> list[float]:
    return [each.on_the_wire for each in figures]


TABLES: Final = MappingProxyType(
    {"sizes": sizes, "wires": wires, "pairs": pairs, "delays": delays, "fastest": fastest}
)


def main(count: int, names: Sequence[str]) -> None:
    """Print the tables."""
    with Journal(f"edgeboot-bench-{secrets.token_hex(3)}") as journal:
        bench = Bench(journal)
        for name in names or TABLES:
            TABLES[name](bench, count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, sys.argv[2:])
