"""What one exchange costs us, beside scapy's srp1, against the same server in one run.

usage: python benchmarks/exchange_cost.py [ROUNDS]

The server's own time is in both figures; a node that holds a lease is asked, so that no
ping check is. "ours" is a whole ``EdgeNode.discover``: building, sending, receiving,
dissecting and matching, without the window that waits for a second server. "silence" is
``EdgeNode.ignored``: a message that must stay unanswered, and its proof by a sentinel.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from scapy.config import conf
from scapy.layers.dhcp import BOOTP
from scapy.layers.l2 import Ether
from scapy.sendrecv import srp1

from edgeboot.base.deadline import Wait
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.namespace import in_namespace
from edgeboot.labs.netns.lab import NetnsLab
from edgeboot.labs.protocol import NodeContent
from edgeboot.node.edge_node import EdgeNode
from edgeboot.spec.manifests.deployment import load_deployment

_WINDOW: Final = Wait.GRACE.total_seconds() * 1000


def median_milliseconds(act: Callable[[], object], rounds: int) -> float:
    """The median time of one call."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main(rounds: int) -> None:
    """Measure both and print one table."""
    lab = NetnsLab("benchmark", NodeContent(load_deployment("poc")))
    lab.up()
    try:
        identity = EdgeNodeIdentity.numbered(1)
        node = EdgeNode(identity, lab.open_port(identity.mac))
        node.boot()
        other = EdgeNodeIdentity.numbered(2)
        sentinel = EdgeNode(other, lab.open_port(other.mac))
        sentinel.boot()
        silent = replace(identity.discover(1), op=2)
        request = node.discover().sent.octets
        server = statistics.median(
            round_trip.total_seconds() * 1000
            for _ in range(rounds)
            if (round_trip := node.discover().round_trip) is not None
        )
        ours = median_milliseconds(lambda: node.discover(grace=None), rounds)
        proof = median_milliseconds(lambda: node.ignored(silent, sentinel), rounds)

        def by_scapy() -> None:
            conf.checkIPaddr = False
            reply = srp1(Ether(request), iface=node.port.interface, timeout=5, verbose=False)
            assert reply is not None
            assert reply[BOOTP].op == 2

        theirs = in_namespace(
            lab.nodes_namespace, lambda: median_milliseconds(by_scapy, max(10, rounds // 10))
        )
    finally:
        lab.down()
    print(f"server's answer, from wire to wire  {server:7.2f} ms")
    print(f"EdgeNode.discover                   {ours:7.2f} ms   our own cost {ours - server:.2f} ms")
    print(f"silence proven by a sentinel        {proof:7.2f} ms   of which we wait {_WINDOW:.0f} ms")
    print(f"scapy srp1                          {theirs:7.2f} ms   {theirs / ours:.1f} times as long")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
