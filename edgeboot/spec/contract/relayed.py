"""Contract terms about a network whose nodes are served through a relay."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any, Self

from pydantic import Field, model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.option_terms import OptionTerms
from edgeboot.spec.contract.terms import Address, LeaseTime


class RelayedNetwork(StrictModel):
    """What the nodes of a relayed network get; what is not stated is only bound to fit the network."""

    network: IPv4Network
    pool: AddressPool | None = None
    routers: tuple[Address, ...] | None = None
    lease_time: LeaseTime | None = None
    next_server: Address | None = None
    bootfile: str | None = None
    options: OptionTerms = Field(default_factory=OptionTerms)
    """Values only; which options a reply may carry is stated for all networks together."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.network.prefixlen > 30:
            raise ValueError(f"{self.network} has no room for a relay and a node")
        if self.pool is not None and not self.pool.lies_in(self.network):
            raise ValueError(f"the pool {self.pool} is not in {self.network}")
        if self.options.allowed:
            raise ValueError("options is a table of values here; codes are allowed for all networks together")
        return self

    @property
    def relay(self) -> IPv4Address:
        """The address (``giaddr``) of a relay in it: its first router, else the first that is not leased."""
        inside = [router for router in self.routers or () if router in self.network]
        hosts = (address for address in self.network.hosts() if self.pool is None or address not in self.pool)
        return inside[0] if inside else next(hosts)

    @property
    def terms(self) -> dict[str, Any]:
        """The terms that are stated and compared with a reply, by the names of the contract's."""
        names = ("routers", "lease_time", "next_server", "bootfile")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def __str__(self) -> str:
        return str(self.network)
