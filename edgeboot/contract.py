"""What an edge node must get, stated independently of what is deployed (``contracts/``)."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from edgeboot.errors import UsageError
from edgeboot.paths import CONTRACTS
from edgeboot.validation import StrictModel, read_toml, validated

_MEND: Final = "see docs/contract.md for every field and its form"
_DURATION: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_LONGEST: Final = 2**32 - 1


def _duration(value: object) -> object:
    """A duration as people write it, ``10h30m``; anything else is pydantic's to judge."""
    if isinstance(value, bool | int | float):
        raise ValueError(f"a bare number has no unit, found {value}; write {value}s or 12h")  # noqa: TRY004
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value)
    if not value or match is None:
        raise ValueError(f"is no duration such as 12h, 10h30m or 90s, found {value!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > _LONGEST:
        raise ValueError(f"is longer than the {_LONGEST} s that DHCP can say, found {value!r}")
    return timedelta(seconds=total)


def _written(value: object) -> object:
    """An address as text; a number would be taken for its 32 bits."""
    if not isinstance(value, str | IPv4Address):
        raise ValueError(f"is no address such as 192.168.99.1, found {value!r}")  # noqa: TRY004
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Address = Annotated[IPv4Address, BeforeValidator(_written)]
OptionNumber = Annotated[int, Field(strict=True, ge=1, le=254)]


class AddressPool(StrictModel):
    """An inclusive range of addresses."""

    first: Address
    last: Address

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError(f"first {self.first} comes after last {self.last}")
        return self

    def __contains__(self, address: object) -> bool:
        return isinstance(address, IPv4Address) and self.first <= address <= self.last

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __repr__(self) -> str:
        return f"the pool {self.first}-{self.last}"


class AdvisoryLevel(Enum):
    """What a finding that breaks no field of the contract does to the run."""

    ADVISE = "advise"
    ERROR = "error"


class Advisories(StrictModel):
    """The level of each advisory (edgeboot/advisories.py)."""

    no_domain_name_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    router_is_the_dhcp_server: AdvisoryLevel = AdvisoryLevel.ADVISE


class DeploymentTerms(StrictModel):
    """What the Pod must be, whoever deploys it."""

    host_network: bool = Field(strict=True)
    host_ports: frozenset[str]
    """Port and protocol, as ``67/UDP``."""
    capabilities: frozenset[str]
    seccomp_profile: str
    restart_policy: Literal["Always", "OnFailure", "Never"]
    closed_ports: dict[Annotated[int, Field(ge=1, le=65535)], str] = Field(default_factory=dict)
    """UDP ports of the server on which nobody may listen, with the reason."""


class KnownDefect(StrictModel):
    """A check that fails for a known reason; when it stops failing, the entry must go."""

    test: str
    """The test's name, with its parameters in brackets where only that case fails."""
    reason: str = Field(min_length=10)


class Contract(StrictModel):
    """The terms; the names are those of ``Reply``, whose values they are compared with."""

    summary: str
    pool: AddressPool
    netmask: Address
    broadcast_address: Address
    routers: tuple[Address, ...]
    server_identifier: Address
    servers: int = Field(strict=True, ge=1)
    """How many servers answer one DHCPDISCOVER."""
    lease_time: Duration
    minimum_lease_time: Duration
    """What a client gets that asks for less."""
    renewal_time: Duration
    rebinding_time: Duration
    next_server: Address
    server_name: str
    bootfile: str
    options: frozenset[OptionNumber]
    """Every option code a reply may carry."""
    deployment: DeploymentTerms
    advisories: Advisories = Advisories()
    known_defects: tuple[KnownDefect, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.renewal_time < self.rebinding_time < self.lease_time:
            raise ValueError(
                "renewal_time < rebinding_time < lease_time does not hold (RFC 2131 section 4.4.5)"
            )
        if self.minimum_lease_time > self.lease_time:
            raise ValueError("minimum_lease_time is longer than lease_time")
        return self

    def granted_lease_time(self, asked: timedelta) -> timedelta:
        """What a client that asks for this time gets: never more than ``lease_time``."""
        return max(min(asked, self.lease_time), self.minimum_lease_time)


def contract_path(profile: str) -> Path:
    """The contract that belongs to a profile."""
    return CONTRACTS / f"{profile}.toml"


def load_contract(path: Path, option: str = "--contract") -> Contract:
    """Read a contract.

    Raises:
        UsageError: unreadable, or a field is missing, wrong or unknown.
    """
    if not path.is_file():
        raise UsageError(f"{option} {path}", "no such file", "name a contract such as contracts/poc.toml")
    return validated(Contract, read_toml(path, option), path, _MEND)
