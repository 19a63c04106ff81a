"""One storm whose nodes take the first offer at once, as perfdhcp does; prints its figures as JSON.

usage: python -m benchmarks.storm_run INTERFACE NODES RATE [WIRE [PROFILE]]

With a file for it, the storm is profiled by cProfile.
"""

from __future__ import annotations

import cProfile
import json
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.storm_wires import WIRES
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.dhcp.clients.retransmission import EDK2_RETRANSMISSION
from edgeboot.host.wire.packet_ring import PacketRing
from edgeboot.spec.contract.storm_terms import Arrival
from edgeboot.stress.storm.engine import Storm
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import result_of
from edgeboot.stress.storm.round import Round


def main(interface: str, nodes: int, rate: float, wire: str = "ring", profile: str | None = None) -> None:
    """Run it, and print."""
    patience = replace(EDK2_RETRANSMISSION, waits_for_other_offers=False)
    plan = StormPlan(
        nodes=nodes,
        arrival=Arrival.CONSTANT,
        rate=rate,
        within=timedelta(seconds=nodes / rate + 20),
        rounds=(Round(replace(EDK2_PXE_X86_64, retransmission=patience)),),
    )
    port = WIRES[wire](interface)
    with tempfile.TemporaryDirectory() as directory:
        table = LeaseTable.made(Path(directory) / "leases", nodes)
        storm = Storm(plan, port, table)
        profiler = cProfile.Profile() if profile is not None else None
        before, cpu_before = resource.getrusage(resource.RUSAGE_THREAD), time.thread_time()
        if profiler is None:
            storm.run()
        else:
            profiler.runcall(storm.run)
            profiler.dump_stats(str(profile))
        after, cpu = resource.getrusage(resource.RUSAGE_THREAD), time.thread_time() - cpu_before
        result = result_of(
            plan,
            storm.recorded,
            began=storm.began,
            elapsed=storm.elapsed,
            lost_here=port.dropped if isinstance(port, PacketRing) else 0,
            client_cpu=cpu,
        )
    memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = {"user": after.ru_utime - before.ru_utime, "system": after.ru_stime - before.ru_stime}
    print(json.dumps(result.to_json() | times | {"memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), *sys.argv[4:])
