"""What held a storm's nodes back, where the result, the server's log or its machine shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.report.storm.cause import StormCause
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.report.storm.fetch_causes import fetch_causes
from edgeboot.report.storm.pool_causes import pool_causes
from edgeboot.report.storm.wire_causes import wire_causes
from edgeboot.report.throttled_group import is_of_the_pod, throttled_group
from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.server.pod.cpu_limit import NO_CPU_LIMIT, cpu_limit
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment, ServerConfig
from edgeboot.stress.storm.result import StormResult

_THROTTLED: Final = 0.5
"""Seconds for which a server may be kept from its processor without a word."""
_SLOW: Final = 0.5
"""Seconds to a DHCPACK that one node in a hundred may wait."""
_DEARER: Final = 0.001
"""Seconds of processor time by which an answer's grows with some hundred lines of a lease file."""


def storm_causes(
    result: StormResult, config: ServerConfig | None, deployment: Deployment | None = None
) -> tuple[StormCause, ...]:
    """Each thing that is known, with the line that decides it.

    Args:
        result: the storm's, with what was seen of the server meanwhile.
        config: the server's configuration; None where it is no dnsmasq.conf.
        deployment: its Pod; None where it is not known.
    """
    causes = list(_ping_check(result, config))
    server = result.server
    if server is not None and config is not None:
        causes += pool_causes(result, server.logged, config)
    causes += fetch_causes(result, server, config)
    if server is not None:
        causes += _throttled(result, server, deployment)
        causes += _lease_file(result, server, config)
        causes += wire_causes(result, server)
    return tuple(causes)


def _ping_check(result: StormResult, config: ServerConfig | None) -> Iterator[StormCause]:
    steps = result.staircase
    if steps is None:
        return
    figures: dict[str, float | str] = {
        "steps": steps.steps,
        "mean": steps.mean,
        "ended": steps.ended,
        "waiting": steps.waiting,
        "looked_for": steps.looked_for,
    }
    if not steps.is_ping_check:
        yield StormCause(StormCauseKind.STEPS, figures)
    elif config is None:
        yield StormCause(StormCauseKind.PING_CHECK, figures)
    else:
        mend = WHAT_IFS["no-ping"]
        figures |= {"gains": mend.gains, "costs": mend.costs}
        missing = Cause(shown(config.source), None, "has no no-ping line: a new address is pinged for 3 s")
        yield StormCause(StormCauseKind.PING_CHECK, figures, (missing,), mend.line)


def _throttled(result: StormResult, server: ServerUse, deployment: Deployment | None) -> Iterator[StormCause]:
    throttled = server.throttled
    if throttled is None or not _was_throttled(server):
        return
    figures: dict[str, float | str] = {
        "group": throttled_group(throttled),
        "periods": throttled.periods,
        "seconds": min(throttled.waited, result.elapsed),
        "elapsed": result.elapsed,
    }
    limit = cpu_limit(deployment) if deployment is not None and is_of_the_pod(throttled) else None
    lines, what_if = ((), None) if limit is None else ((limit,), NO_CPU_LIMIT)
    yield StormCause(StormCauseKind.THROTTLED, figures, lines, what_if)


def _was_throttled(server: ServerUse) -> bool:
    return server.throttled is not None and server.throttled.waited >= _THROTTLED


def _lease_file(result: StormResult, server: ServerUse, config: ServerConfig | None) -> Iterator[StormCause]:
    """Where nodes have waited for their DHCPACKs: at few leases it is written in no time."""
    rewriting, answers = result.rewriting, result.ack_answers
    is_slow = answers is not None and answers.p99 > _SLOW
    waited = is_slow or bool(server.drops) or result.bound < result.nodes
    if rewriting is None or not waited:
        return
    # Without its processor a server is slow by that alone, unless the file takes the time that it has.
    dearer = rewriting.processor_at_last - rewriting.processor_at_first
    if _was_throttled(server) and dearer < _DEARER:
        return
    figures: dict[str, float | str] = dict(asdict(rewriting))
    if config is None:
        yield StormCause(StormCauseKind.LEASE_FILE, figures)
        return
    mend = WHAT_IFS["leasefile-ro"]
    figures |= {"gains": mend.gains, "costs": mend.costs}
    missing = Cause(shown(config.source), None, "has no leasefile-ro line: each lease is written to the file")
    yield StormCause(StormCauseKind.LEASE_FILE, figures, (missing,), mend.line)
