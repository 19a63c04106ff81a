"""Whose segment a storm is on: where other people's machines boot, it needs somebody's word."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.base.errors import UsageError
from edgeboot.labs.feature import Feature
from edgeboot.labs.settings import Settings
from edgeboot.spec.contract.storm_terms import Arrival
from edgeboot.spec.contract.terms import written_duration
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
        time = written_duration(self.within)
        return f"{counted(self.nodes, 'node')}, {self.rate:g} of them in a second, {time}"

    def largest(self, arrival: Arrival) -> int:
        """How many nodes in a second such a storm may have, or how many at all where it has no rate."""
        if arrival.has_rate:
            return round(self.rate)
        seconds = max(1.0, arrival.lasts(self.nodes, self.rate).total_seconds())
        return min(self.nodes, round(self.rate * seconds))

    def check(self, plan: StormPlan, segment: IPv4Network) -> None:
        """Return where the plan is within them; raises UsageError."""
        where = f"on {segment}, which is not the suite's own, a storm is {self} at most"
        if plan.nodes > self.nodes:
            raise UsageError(f"--nodes {plan.nodes}", "are too many", where)
        if peak_rate(plan) > self.rate:
            given = f"--rate {plan.rate:g}" if plan.arrival.has_rate else f"--arrival {plan.arrival}"
            raise UsageError(given, f"makes {peak_rate(plan):g} in a second, which are too many", where)
        if plan.within > self.within:
            raise UsageError(f"--within {written_duration(plan.within)}", "is too long", where)


SHARED: Final = Limits(1000, 200.0, timedelta(minutes=10))
"""On a segment with other people's machines: the thousand nodes of a site whose power returns."""


def peak_rate(plan: StormPlan) -> float:
    """How many nodes a plan switches on in a second."""
    match plan.arrival:
        case Arrival.BURST:
            return float(plan.nodes)
        case Arrival.POWER_RETURNS:
            return plan.nodes / plan.arrival.lasts(plan.nodes, plan.rate).total_seconds()
        case _:
            return min(plan.rate, plan.nodes)


def needs_consent(settings: Settings) -> bool:
    """Whether the lab's segment may have other machines on it."""
    return Feature.OWN_SEGMENT not in settings.features


def check_named(settings: Settings, plan: StormPlan, named: str | None) -> None:
    """Return where a storm may be as large as this, and the segment that is named is the storm's.

    It looks at nothing of this machine, so that a wrong name is told before what is wrong with the lab.

    Args:
        settings: without consent.
        plan: the largest storm that is going to be made.
        named: what ``--disruptive`` says; None where it is not given.

    Raises:
        UsageError: another segment is named, or one for nothing, or the storm is too large for it.
    """
    if needs_consent(settings):
        SHARED.check(plan, settings.contract.network)
        if named is not None:
            _check_name(settings, plan, named)
    elif named is not None:
        problem = f"is not for lab {settings.choice.name}, whose segment is its own"
        raise UsageError(f"{_OPTION} {named}", problem, "leave it out")


def ask_for_consent(settings: Settings, plan: StormPlan) -> None:
    """Ask at the terminal for the segment's name; nothing has been sent yet.

    Args:
        settings: of a lab on whose segment other machines may be, checked.
        plan: the largest storm that is going to be made.

    Raises:
        UsageError: another one is named, or there is no terminal.
    """
    segment, told = settings.contract.network, _told(settings, plan)
    if not sys.stdin.isatty():
        hint = f"say {_OPTION} {segment} where they may be"
        raise UsageError(f"--lab {settings.choice.name}", told, hint)
    question = "Type the segment's network, address/prefix, where they may be: "
    sys.stderr.write(f"edgeboot: {told}\n{question}")
    sys.stderr.flush()
    _check_name(settings, plan, sys.stdin.readline().strip())


def _check_name(settings: Settings, plan: StormPlan, named: str) -> None:
    segment = settings.contract.network
    if _network(named) != segment:
        hint = f"where they may be, name that of the contract, {segment}"
        problem = f"is not the segment of this storm: {_told(settings, plan)}"
        raise UsageError(f"{_OPTION} {named}".rstrip(), problem, hint)


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text)
    except ValueError:
        return None


def _told(settings: Settings, plan: StormPlan) -> str:
    pool, segment = len(settings.contract.pool), settings.contract.network
    return (
        f"a storm of {counted(plan.nodes, 'node')} keeps other people's machines on {segment} from booting: "
        f"it takes up to {min(plan.nodes, pool)} of {counted(pool, 'address')}, and the server's time"
    )
