"""For how many nodes of a storm the server has addresses."""

from __future__ import annotations

from edgeboot.base.counted import counted
from edgeboot.labs.settings import Settings
from edgeboot.server.dnsmasq.config import as_cause, unknown_includes
from edgeboot.server.dnsmasq.pools import pools
from edgeboot.spec.contract.storm_terms import StormRound, StormTerms
from edgeboot.stress.storm.plan import StormPlan


def nodes_with_addresses(settings: Settings, plan: StormPlan) -> int:
    """By the contract: a round after the first may take another address.

    Machines of a list have addresses beside the pool, for the MAC addresses and the rounds that the
    contract's storm states.
    """
    of_pool = len(settings.contract.pool) // addresses_of_a_node(settings, plan)
    storm = settings.contract.storm
    return max(of_pool, storm.nodes if storm is not None and _has_list(settings, plan) else 0)


def addresses_of_a_node(settings: Settings, plan: StormPlan) -> int:
    """How many a node holds at the least when its rounds are done."""
    rounds = tuple(StormRound)[: len(plan.rounds)]
    return StormTerms(nodes=1, rounds=rounds).addresses_of_a_node(settings.contract.addresses_per_boot)


def note_on_addresses(settings: Settings, plan: StormPlan) -> str | None:
    """That a storm needs more addresses than the server has, where that is so: it may be what is asked."""
    needed = plan.nodes * addresses_of_a_node(settings, plan)
    each = "" if needed == plan.nodes else f", {needed // plan.nodes} for each node in its rounds"
    rest = f"the storm needs {counted(needed, 'address')}{each}, and shows what becomes of the rest"
    if plan.nodes > nodes_with_addresses(settings, plan):
        return f"the contract's pool has {counted(len(settings.contract.pool), 'address')}: {rest}"
    config = settings.dnsmasq_config
    if config is None or _has_list(settings, plan) or next(unknown_includes(config), None) is not None:
        return None
    ranges = [(line, each) for line, each in pools(config) if each.first in settings.contract.network]
    size = sum(len(each) for _, each in ranges)
    if not ranges or needed <= size:
        return None
    lines = ", ".join(str(as_cause(line, config)) for line, _ in ranges)
    return f"the server's pool has {counted(size, 'address')} ({lines}): {rest}"


def _has_list(settings: Settings, plan: StormPlan) -> bool:
    """Whether the contract says that the server has an address for each of these machines."""
    storm = settings.contract.storm
    if storm is None or storm.reserved is None:
        return False
    return plan.macs in storm.macs and len(plan.rounds) <= len(storm.rounds)
