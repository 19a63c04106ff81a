"""What held a storm's nodes back, where the result, the server's log or its machine shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.report.storm_cause import StormCause
from edgeboot.report.storm_cause_words import StormCauseKind
from edgeboot.report.storm_wire_causes import wire_causes
from edgeboot.report.throttled_group import is_of_the_pod, throttled_group
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.pools import pools
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.server.dnsmasq.what_if import WHAT_IFS, WITHOUT_PORT_RANGE
from edgeboot.server.pod.cpu_limit import NO_CPU_LIMIT, cpu_limit
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment, ServerConfig
from edgeboot.stress.storm.result import StormResult

_OTHERS_SHARE: Final = 10
"""Of a pool, a tenth may be the server's own, reserved, or in use: a storm cannot get it."""
_FEW_PORTS: Final = (Telling.NO_TFTP_PORT, Telling.TFTP_RESTRICTED)
_MORE_LEASES: Final = "dhcp-lease-max=100000"
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
        causes += _logged(result, server, config)
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


def _logged(result: StormResult, server: ServerUse, config: ServerConfig) -> Iterator[StormCause]:
    """By the words of dnsmasq's log."""
    logged, ranges = server.logged, list(pools(config))
    size = sum(len(each) for _, each in ranges)
    lines = tuple(as_cause(line, config) for line, _ in ranges)
    used = {"addresses": result.addresses, "size": size}
    is_used_up = size > 0 and result.addresses >= size - size // _OTHERS_SHARE
    if discovers := logged.get(Telling.NO_ADDRESS, 0):
        kind = StormCauseKind.POOL_USED_UP if is_used_up else StormCauseKind.NO_ADDRESS
        if not ranges:
            kind = StormCauseKind.NO_RANGE
            lines = (Cause(shown(config.source), None, "has no dhcp-range for nodes without a reservation"),)
        yield StormCause(kind, {"discovers": discovers, **used}, lines)
    if requests := logged.get(Telling.IN_USE, 0):
        yield StormCause(StormCauseKind.ADDRESS_TAKEN, {"requests": requests, **used}, lines)
    if requests := logged.get(Telling.NO_LEASE, 0):
        yield StormCause(
            StormCauseKind.LEASES_FULL, {"requests": requests}, (_lease_limit(config),), _MORE_LEASES
        )
    yield from _tftp_ports(result, server, config)


def _tftp_ports(result: StormResult, server: ServerUse, config: ServerConfig) -> Iterator[StormCause]:
    """Where nodes have waited for packets: of few ports the log tells at every start."""
    words = next((each for each in _FEW_PORTS if server.logged.get(each)), None)
    waited = result.counters.repeated_packets or result.not_fetched
    if words is None or not waited or not any(each.fetches for each in result.rounds):
        return
    lines = [as_cause(line, config) for line in every_line(config) if line.name == "tftp-port-range"]
    yield StormCause(
        StormCauseKind.TFTP_PORTS,
        {
            "words": words.value,
            "repeated": result.counters.repeated_packets,
            "not_fetched": result.not_fetched,
        },
        tuple(lines),
        WITHOUT_PORT_RANGE if lines else None,
    )


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


def _lease_limit(config: ServerConfig) -> Cause:
    limit = next((line for line in every_line(config) if line.name == "dhcp-lease-max"), None)
    if limit is not None:
        return as_cause(limit, config)
    return Cause(shown(config.source), None, "has no dhcp-lease-max line: dnsmasq keeps 1000 leases")
