"""A storm in a lab: its port, its leases in the journal, and their release at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from edgeboot.base.paths import state_directory
from edgeboot.labs.protocol import Lab
from edgeboot.stress.storm.engine import REPLIES, Progress, Storm
from edgeboot.stress.storm.lease_table import LeaseTable, StormLeases
from edgeboot.stress.storm.numbering import mac_of
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult, result_of


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
        EdgebootError: the leases cannot be recorded, or not released.
    """
    directory = state_directory() / "storms"
    directory.mkdir(parents=True, exist_ok=True)
    with lab.open_ring(mac_of(0), REPLIES) as (ring, end):
        leases = StormLeases(directory / f"{run}.leases", plan.client.name, end.interface, end.namespace)
        lab.journal.about_to_make(leases)
        table = LeaseTable(leases.path, plan.nodes)
        storm = Storm(plan, ring, table, on_progress)
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
            )
        finally:
            table.close()
            lab.journal.remove(leases)
