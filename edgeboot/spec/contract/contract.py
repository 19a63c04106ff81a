"""The contract: what DHCP replies must contain, independent of what is deployed (``contracts/``)."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import CONTRACTS, shown
from edgeboot.base.strict_model import StrictModel, read_toml, validated
from edgeboot.spec.contract.client_terms import ClientTerms
from edgeboot.spec.contract.server_terms import Answer, ServerTerms
from edgeboot.spec.contract.terms import (
    MINIMUM_REASON_LENGTH,
    Address,
    AddressPool,
    Duration,
    OptionNumber,
)

_BASED_ON: Final = "based_on"
_REASONS: Final = {"nothing", "no_offer"}
_HINT: Final = "see docs/contract.md for every field and its form"


class AdvisoryLevel(Enum):
    """The effect of an advisory, a finding that violates no contract field, on the run."""

    ADVISE = "advise"
    ERROR = "error"


class Advisories(StrictModel):
    """The level of each advisory (``edgeboot.report.advisories``)."""

    no_domain_name_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    router_is_the_dhcp_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    ipxe_reloads_itself: AdvisoryLevel = AdvisoryLevel.ADVISE
    one_file_for_all_architectures: AdvisoryLevel = AdvisoryLevel.ADVISE


class Role(Enum):
    """The task of the server under test."""

    SERVER = "server"
    """It leases addresses and sends boot data."""
    PROXY = "proxy"
    """It only sends boot data; another server leases the addresses (PXE 2.1 section 2.2.3)."""


class PodSecurity(StrictModel):
    """Why the API server refuses the Pod under a stricter Pod Security level, in its own words."""

    baseline: tuple[str, ...] = Field(min_length=1)
    restricted: tuple[str, ...] = Field(min_length=1)


class DeploymentTerms(StrictModel):
    """The required fields of the Pod, independent of how it is deployed."""

    host_network: bool = Field(strict=True)
    host_ports: frozenset[str]
    """Port and protocol, such as ``67/UDP``."""
    capabilities: frozenset[str]
    seccomp_profile: str
    restart_policy: Literal["Always", "OnFailure", "Never"]
    refused_by: PodSecurity
    closed_ports: dict[Annotated[int, Field(ge=1, le=65535)], str] = Field(default_factory=dict)
    """UDP ports on which the server must not listen, with the reason."""


class KnownDefect(StrictModel):
    """A test that fails for a known reason; once it passes, the entry has to be removed."""

    test: str
    """The test's name, with its parameters in brackets if only that case fails."""
    cases: tuple[str, ...] = ()
    """The parameters of each failing case, without brackets, if several fail for one reason."""
    reason: str = Field(min_length=MINIMUM_REASON_LENGTH)
    always: bool = Field(default=True, strict=True)
    """False if it fails only sometimes; the run then does not complain when it passes."""
    field: str | None = None
    """The field that is not as expected, as a finding names it; any other failure of the test counts."""
    words: str | None = Field(default=None, min_length=1)
    """Words of the failure's message; a failure whose message lacks them counts."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the failing tests or cases."""
        return frozenset(f"{self.test}[{case}]" for case in self.cases) or frozenset({self.test})


class Contract(ClientTerms):
    """All terms of one deployment; fields named as in ``Reply`` are compared with replies."""

    summary: str
    role: Role = Role.SERVER
    pool: AddressPool
    netmask: Address
    broadcast_address: Address
    routers: tuple[Address, ...]
    server_identifier: Address
    servers: int = Field(strict=True, ge=1)
    """How many servers answer one DHCPDISCOVER."""
    answer_time: Duration
    """Time limit of an answer to a client that the server knows."""
    first_answer_time: Duration
    """Time limit of an offer to an unknown client: firmware retransmits after 4 s."""
    lease_time: Duration
    minimum_lease_time: Duration
    """The lease time of a client that requests less."""
    renewal_time: Duration
    rebinding_time: Duration
    authoritative: bool = Field(strict=True)
    """Whether it is authoritative for the segment and answers for leases it has no record of."""
    addresses_per_boot: int = Field(strict=True, ge=1)
    """Leases per node from PXE over iPXE to its system, each with another client identifier."""
    relay_networks: tuple[IPv4Network, ...]
    """Networks whose relays (``giaddr``) are answered; relays of other networks are not."""
    next_server: Address
    server_name: str
    bootfile: str
    options: frozenset[OptionNumber]
    """Every option code a reply may contain."""
    deployment: DeploymentTerms
    server: ServerTerms = ServerTerms()
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
        if (self.role is Role.PROXY) != (self.proxy is not None):
            raise ValueError('role = "proxy" and a table [proxy] belong together')
        return self

    @property
    def address_server(self) -> IPv4Address:
        """IP address of the server that leases addresses: the one under test, unless that is a proxy."""
        return self.server_identifier if self.proxy is None else self.proxy.address_server

    @property
    def unknown_reboot(self) -> Answer:
        """The answer to a node in INIT-REBOOT whose address the server has no record of."""
        default = Answer.GRANTED if self.authoritative else Answer.IGNORED
        return self.server.unknown_reboot or default

    @property
    def unknown_renewal(self) -> Answer:
        """The answer to a node in RENEWING whose lease the server has no record of."""
        default = Answer.GRANTED if self.authoritative else Answer.REFUSED
        return self.server.unknown_renewal or default

    @property
    def unknown_rebinding(self) -> Answer:
        """The answer to a node in REBINDING, by broadcast, whose lease it has no record of."""
        default = Answer.GRANTED if self.authoritative else Answer.IGNORED
        return self.server.unknown_rebinding or default

    def granted_lease_time(self, requested: timedelta) -> timedelta:
        """The lease time granted for a requested one, between minimum and ``lease_time``."""
        return max(min(requested, self.lease_time), self.minimum_lease_time)


def contract_path(profile: str) -> Path:
    """The path of the contract of a profile."""
    return CONTRACTS / f"{profile}.toml"


def load_contract(path: Path, option: str = "--contract") -> Contract:
    """Read a contract from a TOML file.

    Raises:
        UsageError: the file is unreadable, or a field is missing, invalid or unknown.
    """
    if not path.is_file():
        raise UsageError(f"{option} {path}", "no such file", "name a contract such as contracts/poc.toml")
    return validated(Contract, _terms(path, option, ()), path, _HINT)


def _terms(path: Path, option: str, derived: tuple[Path, ...]) -> dict[str, Any]:
    """The file's terms, merged over those of the contract named by ``based_on``."""
    terms = read_toml(path, option)
    if _BASED_ON not in terms:
        return terms
    name, field = terms.pop(_BASED_ON), f"{shown(path)}: field {_BASED_ON}"
    if not isinstance(name, str):
        raise UsageError(field, f"is no file, found {name!r}", "name a contract beside this one")
    base = (path.parent / name).resolve()
    if base in (path.resolve(), *derived):
        raise UsageError(field, f"leads back to {name}", "name a contract that is not based on this one")
    if not base.is_file():
        raise UsageError(field, f"no such file as {name!r} from here", "name a contract beside this one")
    return _merged(_terms(base, field, (*derived, path.resolve())), terms)


def _merged(base: dict[str, Any], terms: dict[str, Any]) -> dict[str, Any]:
    """Merge tables field by field and replace anything else; a reason (``nothing``) is one value."""
    merged = dict(base)
    for name, value in terms.items():
        tables = isinstance(value, dict) and isinstance(base.get(name), dict) and not _REASONS & value.keys()
        merged[name] = _merged(base[name], value) if tables else value
    return merged
