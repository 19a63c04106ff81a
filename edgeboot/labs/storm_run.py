"""A storm in a lab: its port, its leases in the journal, and their release at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address

from edgeboot.base.errors import LabError
from edgeboot.base.paths import state_directory
from edgeboot.host.wire import arp
from edgeboot.labs.protocol import Lab
from edgeboot.stress.storm.engine import Storm
from edgeboot.stress.storm.lease_table import LeaseTable, StormLeases
from edgeboot.stress.storm.numbering import mac_of
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.wire import REPLIES


def run_storm(
    lab: Lab, run: str, plan: StormPlan, on_progress: Callable[[Progress], None] = lambda _: None
) -> StormResult:
    """Run a storm on the lab's segment; every lease is released on return, an interrupted storm's, too.

    Args:
        lab: it is up, and its segment is its own.
        run: the run's id, for the name of the file with the leases.
        plan: the storm.
        on_progress: called now and then.

    Raises:
        EdgebootError: the leases cannot be recorded, or not released; or the port on the segment fails.
    """
    file = state_directory() / "storms" / f"{run}.leases"
    try:
        with lab.open_ring(mac_of(0), REPLIES) as (ring, end):
            leases = StormLeases(file, plan.client.name, end.interface, end.namespace)
            lab.journal.about_to_make(leases)
            table = LeaseTable(leases.path, plan.nodes)
            storm = Storm(plan, ring, table, on_progress)
            lab.captured()  # What was before it.
            before, interrupted = time.thread_time(), True
            try:
                with suppress(KeyboardInterrupt):
                    storm.run()
                    interrupted = False
                return result_of(
                    plan,
                    storm.nodes,
                    storm.counters,
                    began=storm.began,
                    elapsed=storm.elapsed,
                    lost_here=ring.dropped,
                    client_cpu=time.thread_time() - before,
                    interrupted=interrupted,
                    looked_for=_looked_for(lab, storm.epoch + storm.began),
                )
            finally:
                table.close()
                lab.journal.remove(leases)
    except OSError as error:
        hint = "see who changed the network meanwhile, and run it again"
        raise LabError("storm", f"its port on the segment failed ({error})", hint) from error


def _looked_for(lab: Lab, began: float) -> dict[int, float]:
    """When the server first asked by ARP for each address, in seconds from the storm's beginning.

    The capture holds the first thousands of a storm's frames; what is lost of it is no evidence.
    """
    first: dict[int, float] = {}
    for frame in lab.captured():
        request = arp.message(frame)
        if request is not None and request.op == arp.WHO_HAS and request.hwsrc == str(lab.server.mac):
            first.setdefault(int(IPv4Address(request.pdst)), frame.at - began)
    return first
