"""Contract terms about many nodes at once: how many boot, when they come, and how long that may take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from pydantic import Field, field_validator, model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.clients import BootRules
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.terms import Limit

MOST_AT_ONCE: Final = 100_000
"""Nodes: more than any segment has, and what benchmarks/storm_cost.py has measured."""
LONGEST: Final = timedelta(hours=1)
USUAL_TIME: Final = timedelta(minutes=2)
"""After which a storm ends that is given no other time, whatever its nodes still wait for."""
POWER_RETURNS_WITHIN: Final = timedelta(seconds=5)
"""Machines of one feeder start so close together: their power supplies and self-tests differ."""
MOST_IN_A_SECOND: Final = 100_000.0
FETCHERS: Final = frozenset({BootRules.EDK2_PXE, BootRules.IPXE, BootRules.IPXE_BIOS})
"""Clients of which it is known how long they wait for a boot file."""


class Arrival(StrEnum):
    """When the nodes of a storm are switched on."""

    CONSTANT = "constant"
    """One after the other, at the same distance."""
    POISSON = "poisson"
    """Independent of each other, at a mean rate."""
    BURST = "burst"
    """All at once."""
    POWER_RETURNS = "power-returns"
    """All within five seconds."""

    @property
    def has_rate(self) -> bool:
        """Whether nodes come at a rate that has to be given."""
        return self in {Arrival.CONSTANT, Arrival.POISSON}

    def lasts(self, nodes: int, rate: float) -> timedelta:
        """Until the last node is switched on: at most, or in the mean where they come independently.

        Args:
            nodes: how many come.
            rate: nodes in a second, where the arrival has a rate.
        """
        match self:
            case Arrival.BURST:
                return timedelta()
            case Arrival.POWER_RETURNS:
                return POWER_RETURNS_WITHIN
            case _:
                return timedelta(seconds=(nodes - 1) / rate)


class MacOrder(StrEnum):
    """How the MAC addresses of a storm's nodes follow each other: some servers choose addresses by them."""

    CONSECUTIVE = "consecutive"
    """One after the other, as in one delivery of a maker."""
    SCATTERED = "scattered"
    """Without any order, as of machines that came one by one."""


class StormRound(StrEnum):
    """What asks the server on a node that boots, one after the other."""

    FIRMWARE = "firmware"
    IPXE = "ipxe"
    SYSTEM = "system"


class StormTerms(StrictModel):
    """A storm that the server must withstand; times that are not stated are not compared.

    That no address is given twice, and that nobody gives up, is required of each and has no term.
    """

    nodes: int = Field(strict=True, ge=1)
    arrival: Arrival = Arrival.POWER_RETURNS
    rate: float | None = Field(default=None, gt=0)
    """Nodes in a second, where the arrival has a rate."""
    macs: tuple[MacOrder, ...] = (MacOrder.SCATTERED,)
    """A storm is made for each."""
    rounds: tuple[StormRound, ...] = (StormRound.FIRMWARE,)
    """The first so many of a boot's."""
    reserved: AddressPool | None = None
    """The addresses that the server has reserved for its nodes; None where it takes them from its pool."""
    fetch: bool = Field(default=False, strict=True)
    """Whether each node fetches its boot file, too."""
    all_ready_within: Limit | None = None
    """From the beginning of the storm until the last node is ready."""
    offer_p99: Limit | None = None
    """From switching on to the first DHCPOFFER, for 99 of 100 nodes; so the two others."""
    ack_p99: Limit | None = None
    file_p99: Limit | None = None

    @field_validator("arrival", mode="before")
    @classmethod
    def _named(cls, arrival: object) -> object:
        if isinstance(arrival, str) and arrival not in set(Arrival):
            raise ValueError(f"no arrival is called {arrival!r}; there are {', '.join(Arrival)}")
        return arrival

    @field_validator("macs")
    @classmethod
    def _each_once(cls, macs: tuple[MacOrder, ...]) -> tuple[MacOrder, ...]:
        if not macs or len(set(macs)) < len(macs):
            raise ValueError(f"has to name each order once, of {', '.join(MacOrder)}")
        return macs

    @field_validator("rounds")
    @classmethod
    def _in_order(cls, rounds: tuple[StormRound, ...]) -> tuple[StormRound, ...]:
        if not rounds or rounds != tuple(StormRound)[: len(rounds)]:
            raise ValueError("has to be firmware, or firmware and ipxe, or firmware, ipxe and system")
        return rounds

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.arrival.has_rate != (self.rate is not None):
            needs = "needs a rate" if self.arrival.has_rate else "has no rate: leave it out"
            raise ValueError(f"arrival {self.arrival} {needs}")
        if self.file_p99 is not None and not self.fetch:
            raise ValueError("file_p99 is of a file that nobody fetches: state fetch = true, too")
        return self

    @property
    def within(self) -> timedelta:
        """When the storm that is made of it ends at the latest."""
        return max(USUAL_TIME, self.all_ready_within or USUAL_TIME)

    @property
    def limits(self) -> Mapping[str, timedelta]:
        """The times that are stated, by their names here."""
        limits = {name: getattr(self, name) for name in _LIMITS}
        return {name: limit for name, limit in limits.items() if limit is not None}

    def addresses_of_a_node(self, addresses_per_boot: int) -> int:
        """How many addresses one node holds at the least when its rounds are done.

        Args:
            addresses_per_boot: how many at the end of a boot, each stage of which may have added one.
        """
        return max(1, addresses_per_boot - len(StormRound) + len(self.rounds))


_LIMITS: Final = ("all_ready_within", "offer_p99", "ack_p99", "file_p99")
