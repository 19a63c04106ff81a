"""A storm in a lab: its port, its leases in the journal, and their release at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import EdgebootError, LabError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import state_directory
from edgeboot.host.wire import arp
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.packet_ring import PacketRing
from edgeboot.labs.feature import Feature
from edgeboot.labs.protocol import Lab
from edgeboot.server.server_use import UseObserver
from edgeboot.stress.storm.engine import Storm
from edgeboot.stress.storm.lease_rewriting import LeaseRewriting
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.numbering import STORM_PREFIX, mac_of
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.release import AFTER_A_STORM, OnReleased, Release, Releasing
from edgeboot.stress.storm.repliers import repliers
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.storm_leases import StormLeases
from edgeboot.stress.storm.wire import FETCHES, REPLIES


def run_storm(
    lab: Lab,
    run: str,
    plan: StormPlan,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_released: OnReleased = lambda _: None,
    on_frames: Callable[[Sequence[Frame]], None] = lambda _: None,
) -> StormResult:
    """Run a storm on the lab's segment, and release its leases, those of an interrupted storm, too.

    Args:
        lab: it is up, and its segment is its own.
        run: the run's id, for the name of the file with the leases.
        plan: the storm.
        on_progress: called now and then.
        on_released: called now and then while its leases are released.
        on_frames: called with the storm's frames at the server's port, as far as the capture had room.

    Raises:
        EdgebootError: the leases cannot be recorded; or the port on the segment fails.
    """
    file = state_directory() / "storms" / f"{run}.leases"
    try:
        with lab.open_ring(mac_of(0), FETCHES if plan.fetches else REPLIES) as (ring, end):
            own_segment = Feature.OWN_SEGMENT in lab.features
            clients = tuple(each.client.name for each in plan.rounds)
            leases = StormLeases(file, clients, end.interface, end.namespace, plan.numbering, own_segment)
            lab.journal.about_to_make(leases)
            table = LeaseTable.made(leases.path, plan.nodes, len(plan.rounds), plan.numbering)
            observer = UseObserver(lab.server, STORM_PREFIX.hex(":"))

            def on_each(progress: Progress) -> None:
                observer.sample(progress.elapsed)
                on_progress(progress)

            storm = Storm(plan, ring, table, on_each)
            try:
                result = _stormed(lab, plan, ring, storm, observer, on_frames)
                release = _released(lab, plan, ring, table, on_released)
                table.forget()  # What could not be released now cannot be later: the port is taken away.
                use = observer.use(storm.epoch + storm.began)
                rewriting = LeaseRewriting.of(_acknowledged(storm), use.samples, _others(lab))
                return replace(result, release=release, server=use, rewriting=rewriting)
            finally:
                table.close()
                lab.journal.remove(leases)
    except OSError as error:
        hint = "see who changed the network meanwhile, and run it again"
        raise LabError("storm", f"its port on the segment failed ({error})", hint) from error


def _stormed(
    lab: Lab,
    plan: StormPlan,
    ring: PacketRing,
    storm: Storm,
    observer: UseObserver,
    on_frames: Callable[[Sequence[Frame]], None],
) -> StormResult:
    lab.captured()  # What was before it.
    before, interrupted = time.thread_time(), True
    with suppress(KeyboardInterrupt):
        storm.run()
        interrupted = False
    observer.end()
    frames = lab.captured()
    on_frames(frames)
    result = result_of(
        plan,
        storm.recorded,
        began=storm.began,
        elapsed=storm.elapsed,
        lost_here=ring.dropped,
        client_cpu=time.thread_time() - before,
        interrupted=interrupted,
        looked_for=_looked_for(frames, lab.server.mac, storm.epoch + storm.began),
        last_reply=storm.last_reply,
        clock_step=storm.clock_step,
    )
    return replace(result, repliers=repliers(frames))


def _released(
    lab: Lab, plan: StormPlan, ring: PacketRing, table: LeaseTable, on_released: OnReleased
) -> Release:
    """Release the leases, and see what the server's lease database shows then, or else its log."""
    recorded, said = _recorded(lab), _said(lab)
    clients = [each.client for each in plan.rounds]
    release = Releasing(table, clients, ring, AFTER_A_STORM, on_released).run()

    def seen() -> bool | None:
        done = not _recorded(lab) if recorded else _said(lab) - said >= release.released
        return True if done else None

    if recorded or _said(lab) > said:
        with suppress(EdgebootError):
            eventually("release", seen, Wait.LOG_LINE, "see the server's log")
    if recorded:
        return replace(release, remaining=_recorded(lab))
    return replace(release, logged=_said(lab) - said)


def _said(lab: Lab) -> int:
    """How many lines of the server's log are about a DHCPRELEASE: one for each, of dnsmasq, dhcpd and Kea."""
    return sum("RELEASE" in line.text for line in lab.server.log.lines)


def _acknowledged(storm: Storm) -> list[float]:
    """When each DHCPACK came, in seconds from the beginning, in order."""
    return sorted(at - storm.began for each in storm.recorded for at in each.nodes.bound_at if at)


def _recorded(lab: Lab) -> int | None:
    """How many leases of a storm's nodes are in the server's lease database; None where it cannot be read."""
    with suppress(EdgebootError, OSError):
        return sum(lease.mac.packed.startswith(STORM_PREFIX) for lease in lab.server.leases())
    return None


def _others(lab: Lab) -> int:
    """How many leases of other machines are in the server's lease database; 0 where it cannot be read."""
    with suppress(EdgebootError, OSError):
        return sum(not lease.mac.packed.startswith(STORM_PREFIX) for lease in lab.server.leases())
    return 0


def _looked_for(frames: Iterable[Frame], server: MacAddress, began: float) -> dict[int, float]:
    """When the server first asked by ARP for each address, in seconds from the storm's beginning.

    The capture holds the first thousands of a storm's frames; what is lost of it is no evidence.
    """
    first: dict[int, float] = {}
    for frame in frames:
        request = arp.message(frame)
        if request is not None and request.op == arp.WHO_HAS and request.hwsrc == server:
            first.setdefault(int(request.pdst), frame.at - began)
    return first
