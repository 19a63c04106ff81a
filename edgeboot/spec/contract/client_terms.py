"""Contract terms about clients: what each boots, and what a ProxyDHCP offers it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64, BootRules, ClientProfile
from edgeboot.spec.contract.own_client import OwnClients
from edgeboot.spec.contract.terms import MINIMUM_REASON_LENGTH, URL, Address

_OF_NODES: Final = (BootRules.EDK2_PXE, BootRules.PXE_BIOS, BootRules.EDK2_HTTP)
"""The families that the suite's nodes may be of where x86-64 UEFI boots nothing, the first one that boots."""
_PATH_BY_TFTP: Final = re.compile(r"^tftp://[^/]+/")
_SLASHES: Final = re.compile(r"^(tftp://[^/]+/)/+")
_HINT: Final = (
    f'write a URL with a path, {{ nothing = "why, in {MINIMUM_REASON_LENGTH} characters" }} '
    'or { no_offer = "why" }'
)


class Nothing(StrictModel):
    """States that a client must not boot."""

    nothing: str = Field(min_length=MINIMUM_REASON_LENGTH)
    """The reason, at least ten characters."""


class NoOffer(StrictModel):
    """States that the server leaves a client alone: it sends it nothing."""

    no_offer: str = Field(min_length=MINIMUM_REASON_LENGTH)
    """The reason, at least ten characters."""


def _boots(value: object) -> object:
    """Validate the form of each entry; which clients there are is known to the contract."""
    if not isinstance(value, dict):
        raise ValueError(f"is no table of clients, found {value!r}; {_HINT}")  # noqa: TRY004
    for name, boots in value.items():
        if not _is_url_or_reason(boots):
            raise ValueError(f"{name} has neither URL nor reason, found {boots!r}; {_HINT}")
    return value


def _is_url_or_reason(boots: object) -> bool:
    match boots:
        case str():
            return URL.fullmatch(boots) is not None
        case {"nothing": str(reason), **other_keys} | {"no_offer": str(reason), **other_keys}:
            return not other_keys and len(reason) >= MINIMUM_REASON_LENGTH
    return isinstance(boots, Nothing | NoOffer)


Boots = Annotated[dict[str, str | Nothing | NoOffer], BeforeValidator(_boots)]


class ProxyOffer(Enum):
    """What a ProxyDHCP server offers a client."""

    FILE = "file"
    """An offer, and the boot file on port 4011."""
    NO_FILE = "no file"
    """An offer, but no boot file."""
    NONE = "none"
    """No offer at all."""


class ProxyTerms(StrictModel):
    """The terms for a server under test that is a ProxyDHCP server."""

    address_server: Address
    """IP address of the server that leases the addresses."""
    tftp_ports: tuple[Annotated[int, Field(ge=1, le=65535)], Annotated[int, Field(ge=1, le=65535)]]
    """First and last UDP port of its TFTP transfers, which a firewall has to allow."""
    offers: dict[str, ProxyOffer] = Field(default_factory=dict)
    """What it offers a client, by the client's name; for one not named see ``Contract.proxy_offer``."""


class ClientTerms(StrictModel):
    """The terms of a contract that are about single clients: the part of ``Contract`` that names them."""

    clients: OwnClients = Field(default_factory=dict)
    """The site's clients that are not in the table, by the name they have here."""
    boots: Boots = Field(default_factory=dict)
    """The URL a client boots, or why none, by its name; one not named is judged by its family."""
    proxy: ProxyTerms | None = None
    """For a server under test that is a ProxyDHCP server."""
    rapid_commit: bool = Field(default=False, strict=True)
    """Whether it may answer option 80 with a DHCPACK at once (RFC 4039)."""

    @field_validator("boots")
    @classmethod
    def _boots_known_clients(cls, boots: Boots, info: ValidationInfo) -> Boots:
        refuse_unknown(boots, info, "")
        return boots

    @field_validator("proxy")
    @classmethod
    def _offers_to_known_clients(cls, proxy: ProxyTerms | None, info: ValidationInfo) -> ProxyTerms | None:
        for name, offer in proxy.offers.items() if proxy is not None else ():
            refuse_unknown((name,), info, "offers: ")
            if isinstance(info.data.get("boots", {}).get(name), NoOffer) and offer is not ProxyOffer.NONE:
                raise ValueError(f"offers: {name} is offered {offer.value!r}, and boots.{name} says no_offer")
        return proxy

    @model_validator(mode="after")
    def _default_client_is_served(self) -> Self:
        own = self.default_client.name
        if self.proxy is None and isinstance(self.boots.get(own), NoOffer):
            raise ValueError(
                f"boots.{own} cannot be no_offer where no other firmware boots: the suite's nodes boot as it"
            )
        return self

    @property
    def all_clients(self) -> dict[str, ClientProfile]:
        """Every client by its name: those of the table, then the contract's own."""
        return _all_clients(self.clients)

    @property
    def states_rapid_commit(self) -> bool:
        """Whether it says anything of option 80."""
        return "rapid_commit" in self.model_fields_set

    def states(self, client: ClientProfile) -> bool:
        """Whether it says what this client boots; any other is judged by its family."""
        return client.name in self.boots

    @property
    def serves_systems(self) -> bool:
        """Whether an operating system's client is served: not if each that is named is left alone."""
        named = [client for client in self.all_clients.values() if client.rules is BootRules.NOTHING]
        stated = [client for client in named if self.states(client)]
        return not stated or any(self.left_alone(client) is None for client in stated)

    def is_served(self, client: ClientProfile) -> bool:
        """Whether silence is wrong: neither it, nor one it resembles if it is not named, is left alone."""
        if self.states(client) or self.proxy is not None:
            return self.left_alone(client) is None
        left = [name for name, boots in self.boots.items() if isinstance(boots, NoOffer)]
        return not any(client.resembles(self.all_clients[name]) for name in left)

    def url_for(self, client: ClientProfile) -> str | None:
        """The URL this client boots; None if it must not boot, and if nothing is stated for it.

        By TFTP without the slashes that the file's name may begin with, as ``Boot.url``.
        """
        stated = self._stated_url(client)
        return _SLASHES.sub(r"\1", stated) if stated else None

    def _stated_url(self, client: ClientProfile) -> str | None:
        boots = self.boots.get(client.name)
        return boots if isinstance(boots, str) else None

    def bootfile_for(self, client: ClientProfile) -> str | None:
        """The boot file's name as a reply to this client has it; None if ``url_for`` has none.

        The path of a ``tftp`` URL; another URL is a name itself.
        """
        url = self._stated_url(client)
        return _PATH_BY_TFTP.sub("", url) if url else None

    def left_alone(self, client: ClientProfile) -> str | None:
        """Why the server under test sends this client nothing; None if it may answer it."""
        boots = self.boots.get(client.name)
        if isinstance(boots, NoOffer):
            return boots.no_offer
        return "proxy.offers says none" if self.proxy_offer(client) is ProxyOffer.NONE else None

    def proxy_offer(self, client: ClientProfile) -> ProxyOffer | None:
        """What a ProxyDHCP under test offers this client; None if nothing says so, or it is none.

        A client that ``proxy.offers`` does not name gets the file it boots. A system is no PXE
        client, so that it gets no offer; the suite's own nodes get theirs.
        """
        if self.proxy is None:
            return None
        stated, boots = self.proxy.offers.get(client.name), self.boots.get(client.name)
        if stated is not None:
            return stated
        if isinstance(boots, NoOffer) or client.rules is BootRules.NOTHING:
            return ProxyOffer.NONE
        by_default = boots is None and client == EDK2_PXE_X86_64
        return ProxyOffer.FILE if isinstance(boots, str) or by_default else None

    @property
    def default_client(self) -> ClientProfile:
        """The client that nodes run where a test names none: EDK2 on x86-64.

        If it boots nothing, the first firmware that does; if a ProxyDHCP has no file for it, the
        first client of the table for which it has one.
        """
        if self.proxy is not None:
            served = [each for each in CLIENTS.values() if self.proxy_offer(each) is ProxyOffer.FILE]
        else:
            firmware = (each for rules in _OF_NODES for each in CLIENTS.values() if each.rules is rules)
            served = [each for each in firmware if self.url_for(each) is not None]
        own = EDK2_PXE_X86_64
        if own in served or (self.proxy is None and not self.states(own)):
            return own
        return next(iter(served), own)

    def proxies_for(self, client: ClientProfile) -> int:
        """Number of ProxyDHCP servers, 0 or 1, that are sure to answer this client."""
        return int(self.proxy_offer(client) in {ProxyOffer.FILE, ProxyOffer.NO_FILE})

    def is_answered(self, client: ClientProfile) -> bool:
        """Whether the server under test must answer this client."""
        return self.is_served(client) if self.proxy is None else self.proxies_for(client) == 1


def _all_clients(own: OwnClients) -> dict[str, ClientProfile]:
    """The table's clients and these."""
    return CLIENTS | {name: client.profile(name) for name, client in own.items()}


def refuse_unknown(named: Iterable[str], info: ValidationInfo, where: str) -> None:
    """For validators of fields behind ``clients``: raises ValueError where a name is no client's."""
    clients = _all_clients(info.data.get("clients", {}))
    for name in named:
        if name not in clients:
            raise ValueError(
                f"{where}no client is called {name!r}; the clients are {', '.join(clients)}, and one of "
                "your own is described in a table [clients.NAME]"
            )
