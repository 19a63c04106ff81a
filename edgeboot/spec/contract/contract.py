"""What an edge node must get, stated independently of what is deployed (``contracts/``)."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import CONTRACTS, shown
from edgeboot.base.strict_model import StrictModel, read_toml, validated
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.spec.contract.server_terms import Answer, ServerTerms
from edgeboot.spec.contract.terms import (
    SHORTEST_REASON,
    Address,
    AddressPool,
    Boots,
    Duration,
    OptionNumber,
    every_client,
)

_BASED_ON: Final = "based_on"
_HINT: Final = "see docs/contract.md for every field and its form"


class AdvisoryLevel(Enum):
    """What a finding that breaks no field of the contract does to the run."""

    ADVISE = "advise"
    ERROR = "error"


class Advisories(StrictModel):
    """The level of each advisory (edgeboot/report/advisories.py)."""

    no_domain_name_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    router_is_the_dhcp_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    ipxe_reloads_itself: AdvisoryLevel = AdvisoryLevel.ADVISE
    one_file_for_all_architectures: AdvisoryLevel = AdvisoryLevel.ADVISE


class Role(Enum):
    """What the server under test is for."""

    SERVER = "server"
    """It gives addresses and boot data."""
    PROXY = "proxy"
    """It gives boot data; another server of the segment gives the addresses (PXE 2.1 section 2.2.3)."""


class ProxyOffer(Enum):
    """What a ProxyDHCP server has for a client."""

    FILE = "file"
    """An offer, and on port 4011 the boot file."""
    NO_FILE = "no file"
    """An offer, and then nothing to boot."""
    NONE = "none"
    """No offer: the client is not its business."""


class ProxyTerms(StrictModel):
    """What holds where the server under test is a ProxyDHCP."""

    address_server: Address
    """Who gives the addresses, and speaks from this one."""
    tftp_ports: tuple[Annotated[int, Field(ge=1, le=65535)], Annotated[int, Field(ge=1, le=65535)]]
    """First and last of the ports its TFTP transfers come from: what a firewall must let pass."""
    offers: Annotated[dict[str, ProxyOffer], BeforeValidator(every_client)]
    """What it has for each client, by the client's name (edgeboot/dhcp/clients.py)."""


class PodSecurity(StrictModel):
    """For what the Pod is refused where a lower Pod Security level is enforced, by the API server's words."""

    baseline: tuple[str, ...] = Field(min_length=1)
    restricted: tuple[str, ...] = Field(min_length=1)


class DeploymentTerms(StrictModel):
    """What the Pod must be, whoever deploys it."""

    host_network: bool = Field(strict=True)
    host_ports: frozenset[str]
    """Port and protocol, as ``67/UDP``."""
    capabilities: frozenset[str]
    seccomp_profile: str
    restart_policy: Literal["Always", "OnFailure", "Never"]
    refused_by: PodSecurity
    closed_ports: dict[Annotated[int, Field(ge=1, le=65535)], str] = Field(default_factory=dict)
    """UDP ports of the server on which nobody may listen, with the reason."""


class KnownDefect(StrictModel):
    """A check that fails for a known reason; when it stops failing, the entry must go."""

    test: str
    """The test's name, with its parameters in brackets where only that case fails."""
    cases: tuple[str, ...] = ()
    """The parameters of each case that fails, without brackets, where several do for one reason."""
    reason: str = Field(min_length=SHORTEST_REASON)
    always: bool = Field(default=True, strict=True)
    """False where it fails now and then: when it stops failing nobody will be told."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the tests or cases that fail."""
        return frozenset(f"{self.test}[{case}]" for case in self.cases) or frozenset({self.test})


class Contract(StrictModel):
    """The terms; the names are those of ``Reply``, whose values they are compared with."""

    summary: str
    role: Role = Role.SERVER
    proxy: ProxyTerms | None = None
    pool: AddressPool
    netmask: Address
    broadcast_address: Address
    routers: tuple[Address, ...]
    server_identifier: Address
    servers: int = Field(strict=True, ge=1)
    """How many servers answer one DHCPDISCOVER."""
    answer_time: Duration
    """Within which a client that the server knows has its answer."""
    first_answer_time: Duration
    """Within which a client never seen before has its offer: its firmware asks again after 4 s."""
    lease_time: Duration
    minimum_lease_time: Duration
    """What a client gets that asks for less."""
    renewal_time: Duration
    rebinding_time: Duration
    authoritative: bool = Field(strict=True)
    """Whether it speaks for the whole segment: answers for leases it has no record of."""
    addresses_per_boot: int = Field(strict=True, ge=1)
    """How many one node takes from PXE through iPXE to its system, each asking by another client id."""
    relay_networks: tuple[IPv4Network, ...]
    """Relays of these (``giaddr``) are answered, those of others not."""
    next_server: Address
    server_name: str
    bootfile: str
    options: frozenset[OptionNumber]
    """Every option code a reply may carry."""
    boots: Boots
    """What each client fetches and starts, by the client's name (edgeboot/dhcp/clients.py)."""
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
        """Who gives the addresses: the server under test, unless that is a ProxyDHCP."""
        return self.server_identifier if self.proxy is None else self.proxy.address_server

    def proxies_for(self, client: ClientProfile) -> int:
        """How many ProxyDHCP servers answer this client beside the server with addresses."""
        return int(self.proxy is not None and self.proxy.offers[client.name] is not ProxyOffer.NONE)

    def url_for(self, client: ClientProfile) -> str | None:
        """What this client boots; None where it is to boot nothing."""
        stated = self.boots[client.name]
        return stated if isinstance(stated, str) else None

    @property
    def unknown_reboot(self) -> Answer:
        """How a node is answered that starts with an address of which the server has no record."""
        usual = Answer.GRANTED if self.authoritative else Answer.IGNORED
        return self.server.unknown_reboot or usual

    @property
    def unknown_renewal(self) -> Answer:
        """How a node is answered that renews a lease of which the server has no record."""
        usual = Answer.GRANTED if self.authoritative else Answer.REFUSED
        return self.server.unknown_renewal or usual

    @property
    def unknown_rebinding(self) -> Answer:
        """How it is answered when it asks everybody."""
        usual = Answer.GRANTED if self.authoritative else Answer.IGNORED
        return self.server.unknown_rebinding or usual

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
    return validated(Contract, _terms(path, option, ()), path, _HINT)


def _terms(path: Path, option: str, derived: tuple[Path, ...]) -> dict[str, Any]:
    """The file's terms, laid over those of the contract that its ``based_on`` names."""
    terms = read_toml(path, option)
    if _BASED_ON not in terms:
        return terms
    named, field = terms.pop(_BASED_ON), f"{shown(path)}: field {_BASED_ON}"
    if not isinstance(named, str):
        raise UsageError(field, f"is no file, found {named!r}", "name a contract beside this one")
    base = (path.parent / named).resolve()
    if base in (path.resolve(), *derived):
        raise UsageError(field, f"leads back to {named}", "name a contract that stands by itself")
    if not base.is_file():
        raise UsageError(field, f"no such file as {named!r} from here", "name a contract beside this one")
    return _laid_over(_terms(base, field, (*derived, path.resolve())), terms)


def _laid_over(base: dict[str, Any], terms: dict[str, Any]) -> dict[str, Any]:
    """Tables are joined field by field, anything else is replaced; what a client boots is one field."""
    merged = dict(base)
    for name, value in terms.items():
        both = isinstance(value, dict) and isinstance(base.get(name), dict) and "nothing" not in value
        merged[name] = _laid_over(base[name], value) if both else value
    return merged
