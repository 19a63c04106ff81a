"""What held a storm's nodes back, where the result, the server's log or its machine shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.report.storm_cause import StormCause, StormCauseKind
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.pools import pools
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.server.server_use import ServerUse
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.stress.storm.result import StormResult

_OTHERS_SHARE: Final = 10
"""Of a pool, a tenth may be the server's own, reserved, or in use: a storm cannot get it."""


def storm_causes(result: StormResult, config: ServerConfig | None) -> tuple[StormCause, ...]:
    """Each thing that is known, with the line that decides it.

    Args:
        result: the storm's, with what was seen of the server meanwhile.
        config: the server's configuration; None where it is no dnsmasq.conf.
    """
    causes = list(_ping_check(result, config))
    if config is not None and result.server is not None:
        causes += _logged(result, result.server, config)
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
        yield StormCause(
            StormCauseKind.ADDRESS_TAKEN, {"requests": requests, **used}, lines if is_used_up else ()
        )
    if requests := logged.get(Telling.NO_LEASE, 0):
        yield StormCause(StormCauseKind.LEASES_FULL, {"requests": requests}, (_lease_limit(config),))


def _lease_limit(config: ServerConfig) -> Cause:
    limit = next((line for line in every_line(config) if line.name == "dhcp-lease-max"), None)
    if limit is not None:
        return as_cause(limit, config)
    return Cause(shown(config.source), None, "has no dhcp-lease-max line: dnsmasq keeps 1000 leases")
