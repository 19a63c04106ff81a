"""What the server's log says of nodes without an address: pool, lease database, lines against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.clients.retransmission import AfterNak
from edgeboot.report.storm.cause import StormCause
from edgeboot.report.storm.cause_words import StormCauseKind
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.larger_pool import LARGER_POOL, with_larger_pool
from edgeboot.server.dnsmasq.pools import pools
from edgeboot.server.dnsmasq.telling import Telling
from edgeboot.spec.contract.address_pool import AddressRange
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.stress.storm.result import StormResult

_OTHERS_SHARE: Final = 10
"""Of a pool, a tenth may be the server's own, reserved, or in use: a storm cannot get it."""
_MORE_LEASES: Final = "dhcp-lease-max=100000"


def pool_causes(
    result: StormResult, logged: Mapping[Telling, int], config: ServerConfig
) -> Iterator[StormCause]:
    """Each of them, with the line that decides it.

    Args:
        result: the storm's.
        logged: how many lines of dnsmasq's log have its telling words.
        config: its configuration.
    """
    yield from _pool(result, logged, config)
    if requests := logged.get(Telling.NO_LEASE, 0):
        yield StormCause(
            StormCauseKind.LEASES_FULL, {"requests": requests}, (_lease_limit(config),), _MORE_LEASES
        )
    if discovers := logged.get(Telling.IGNORED, 0):
        lines = likely_causes("ignored", None, config)
        yield StormCause(StormCauseKind.IGNORED, {"discovers": discovers}, lines)


def _pool(result: StormResult, logged: Mapping[Telling, int], config: ServerConfig) -> Iterator[StormCause]:
    """An address in use may be one of a pool that is too small for all, or one that two nodes were offered.

    dnsmasq offers the last addresses to several nodes, and refuses all but the first who ask for them: it
    says nothing of the pool. So the nodes are counted that have had an address of it, or were refused one.
    """
    ranges = list(pools(config))
    size = sum(len(each) for _, each in ranges)
    lines = tuple(as_cause(line, config) for line, _ in ranges)
    discovers, requests = logged.get(Telling.NO_ADDRESS, 0), logged.get(Telling.IN_USE, 0)
    addresses = sum(_common(each, run) for _, each in ranges for run in result.granted)
    wanted = addresses + min(result.not_offered, discovers) + min(_refused(result), requests)
    used: dict[str, float | str] = {"addresses": addresses, "size": size}
    what_if = _widening(config)
    is_short = 0 < size < wanted
    if is_short:
        done = []
        if discovers:
            done.append(f"had no address for {counted(discovers, 'DHCPDISCOVER')}")
        if requests:
            meanwhile = "since another node had got the address meanwhile"
            done.append(f"refused {counted(requests, 'DHCPREQUEST')} {meanwhile}")
        counts: dict[str, float | str] = {"wanted": wanted, "did": ", and ".join(done)}
        yield StormCause(StormCauseKind.POOL_TOO_SMALL, {**used, **counts}, lines, what_if)
    elif discovers and not ranges:
        missing = Cause(shown(config.source), None, "has no dhcp-range for nodes without a reservation")
        yield StormCause(StormCauseKind.NO_RANGE, {"discovers": discovers}, (missing,))
    elif discovers and addresses >= size - size // _OTHERS_SHARE:
        yield StormCause(StormCauseKind.POOL_USED_UP, {"discovers": discovers, **used}, lines, what_if)
    elif discovers:
        yield StormCause(StormCauseKind.NO_ADDRESS, {"discovers": discovers, **used}, lines)
    if requests and not (is_short and addresses >= size):
        yield StormCause(StormCauseKind.ADDRESS_TAKEN, {"requests": requests, **used}, lines, what_if)


def _refused(result: StormResult) -> int:
    """How many nodes gave up by DHCPNAKs, or without a DHCPACK where they ignore those, as iPXE does."""
    ignoring = {
        name
        for name, each in CLIENTS.items()
        if each.retransmission is not None and each.retransmission.after_nak is AfterNak.IGNORES_IT
    }
    return result.refused + sum(each.not_acknowledged for each in result.rounds if each.client in ignoring)


def _common(pool: AddressRange, run: tuple[IPv4Address, IPv4Address]) -> int:
    """How many addresses of a run are in the pool."""
    first, last = max(int(pool.first), int(run[0])), min(int(pool.last), int(run[1]))
    return max(0, last - first + 1)


def _widening(config: ServerConfig) -> str | None:
    """The ``--what-if`` that measures a larger pool; None where there is no room for one."""
    try:
        with_larger_pool(config)
    except UsageError:
        return None
    return LARGER_POOL


def _lease_limit(config: ServerConfig) -> Cause:
    limit = next((line for line in every_line(config) if line.name == "dhcp-lease-max"), None)
    if limit is not None:
        return as_cause(limit, config)
    return Cause(shown(config.source), None, "has no dhcp-lease-max line: dnsmasq keeps 1000 leases")
