"""The storm that a contract states."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.storm_terms import MacOrder, StormTerms
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.round import rounds_named

LISTED: Final = 1
"""The seed of the scattered MAC addresses that a list for machines with addresses of their own has."""


def with_listed_macs(plan: StormPlan, terms: StormTerms | None) -> StormPlan:
    """The plan with the MAC addresses of the contract's list, if it has one, whatever its arrivals are."""
    return plan if terms is None or terms.reserved is None else replace(plan, mac_seed=LISTED)


def stated_plan(contract: Contract, terms: StormTerms, macs: MacOrder) -> StormPlan:
    """The plan of a storm that the table ``[storm]`` of this contract states."""
    usual = StormPlan()
    firmware, *others = rounds_named(",".join(terms.rounds), contract.default_client)
    return StormPlan(
        nodes=terms.nodes,
        arrival=terms.arrival,
        rate=terms.rate or usual.rate,
        within=terms.within,
        macs=macs,
        rounds=(replace(firmware, fetches=terms.fetch), *others),
    )
