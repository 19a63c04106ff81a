"""Whose segment a storm is on: where other people's machines boot, it needs somebody's word."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.feature import Feature
from edgeboot.labs.settings import Settings
from edgeboot.spec.contract.storm_terms import Arrival
from edgeboot.stress.storm.arrival import POWER_RETURNS_WITHIN
from edgeboot.stress.storm.plan import StormPlan

_OPTION: Final = "--disruptive"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a storm may be at most."""

    nodes: int
    rate: float
    """First DHCPDISCOVERs in a second."""
    within: timedelta

    def __str__(self) -> str:
        minutes = self.within.total_seconds() / 60
        return f"{self.nodes} nodes, {self.rate:g} of them in a second, {minutes:g} minutes"

    def check(self, plan: StormPlan, segment: IPv4Network) -> None:
        """Return where the plan is within them; raises UsageError."""
        where = f"on {segment}, which is not the suite's own, a storm is {self} at most"
        if plan.nodes > self.nodes:
            raise UsageError(f"--nodes {plan.nodes}", "are too many", where)
        if peak_rate(plan) > self.rate:
            given = f"--rate {plan.rate:g}" if plan.arrival.has_rate else f"--arrival {plan.arrival}"
            raise UsageError(given, f"makes {peak_rate(plan):g} in a second, which are too many", where)
        if plan.within > self.within:
            raise UsageError("--within", "is too long", where)


SHARED: Final = Limits(1000, 200.0, timedelta(minutes=10))
"""On a segment with other people's machines: the thousand nodes of a site whose power returns."""


def peak_rate(plan: StormPlan) -> float:
    """How many nodes a plan switches on in a second."""
    match plan.arrival:
        case Arrival.BURST:
            return float(plan.nodes)
        case Arrival.POWER_RETURNS:
            return plan.nodes / POWER_RETURNS_WITHIN.total_seconds()
        case _:
            return min(plan.rate, plan.nodes)


def needs_consent(settings: Settings) -> bool:
    """Whether the lab's segment may have other machines on it."""
    return Feature.OWN_SEGMENT not in settings.features


def check_consent(settings: Settings, plan: StormPlan, named: str | None) -> None:
    """Return where a storm may be made on the lab's segment; nothing has been sent yet.

    Args:
        settings: without consent.
        plan: the largest storm that is going to be made.
        named: what ``--disruptive`` says; None where it is not given, and a terminal is asked then.

    Raises:
        UsageError: the segment has not been named, or another one, or the storm is too large for it.
    """
    segment = settings.contract.network
    if not needs_consent(settings):
        if named is not None:
            problem = f"is not for lab {settings.choice.name}, whose segment is its own"
            raise UsageError(f"{_OPTION} {named}", problem, "leave it out")
        return
    SHARED.check(plan, segment)
    told = _told(settings, plan)
    if named is None:
        if not sys.stdin.isatty():
            hint = f"say {_OPTION} {segment} where they may be"
            raise UsageError(f"--lab {settings.choice.name}", told, hint)
        question = "Type the segment's network, address/prefix, where they may be: "
        sys.stderr.write(f"edgeboot: {told}\n{question}")
        sys.stderr.flush()
        named = sys.stdin.readline().strip()
    if _network(named) != segment:
        hint = f"where they may be, name that of the contract, {segment}"
        raise UsageError(f"{_OPTION} {named}".rstrip(), f"is not the segment of this storm: {told}", hint)


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text)
    except ValueError:
        return None


def _told(settings: Settings, plan: StormPlan) -> str:
    pool, segment = len(settings.contract.pool), settings.contract.network
    return (
        f"a storm keeps other people's machines on {segment} from booting: its {plan.nodes} nodes take up to "
        f"{min(plan.nodes, pool)} of {pool} addresses, and the server's time"
    )
