"""What a contract states of one client's routes: by its routers, and by options 3, 33, 121 and 249.

Options 121 and 249 carry the same routes for different readers. What is stated of one holds for a
client that asks for it, and what is stated of 121, the standard's, for one that asks for 249 alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.dhcp.client_routes import CLASSLESS, ClientRoutes
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.routes import StaticRoute, classless_routes, host_routes
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.option_terms import StatedOption


@dataclass(frozen=True, slots=True)
class StatedRoutes:
    """The routes that an option is stated to have."""

    option: StatedOption
    routes: tuple[StaticRoute, ...]

    @property
    def is_classless(self) -> bool:
        """Whether they are to networks (121, 249), not to hosts (33)."""
        return self.option.code != Code.STATIC_ROUTE

    @property
    def static(self) -> frozenset[StaticRoute]:
        """Those beside the default route."""
        return frozenset(route for route in self.routes if not route.is_default)

    @property
    def default_routers(self) -> tuple[IPv4Address, ...]:
        """The routers of the default route."""
        return tuple(route.router for route in self.routes if route.is_default)


def stated_classless(client: ClientProfile, contract: Contract) -> StatedRoutes | None:
    """The classless routes that the client is to have; None where it asks for none, or none are stated."""
    codes = [code for code in CLASSLESS if code in (client.parameters or ())]
    if codes and Code.CLASSLESS_STATIC_ROUTE not in codes:
        codes.append(Code.CLASSLESS_STATIC_ROUTE)
    stated = (_stated(code, client, contract) for code in codes)
    return next((each for each in stated if each is not None), None)


def stated_static(client: ClientProfile, contract: Contract) -> StatedRoutes | None:
    """The routes beside the default route that the client is to have; None where nothing is stated."""
    classless = stated_classless(client, contract)
    asks = client.parameters is None or Code.STATIC_ROUTE in client.parameters
    return classless or (_stated(Code.STATIC_ROUTE, client, contract) if asks else None)


def stated_routers(
    client: ClientProfile, received: ClientRoutes, contract: Contract
) -> tuple[IPv4Address, ...]:
    """The routers of the client's default route: by what it is sent, classless routes or routers."""
    classless = stated_classless(client, contract) if received.ignores_routers else None
    if classless is not None:
        return classless.default_routers
    for stated in contract.options.stated_for(client.name):
        if stated.code == Code.ROUTER and isinstance(stated.value, tuple):
            return tuple(each for each in stated.value if isinstance(each, IPv4Address))
    return contract.routers


def _stated(code: Code, client: ClientProfile, contract: Contract) -> StatedRoutes | None:
    """The routes of one option; None where it is not stated, or as octets that are no routes."""
    if code in contract.left_open_for(client):
        return None
    for option in contract.options.stated_for(client.name):
        if option.code == code:
            return _read(option)
    return None


def _read(option: StatedOption) -> StatedRoutes | None:
    match option.value:
        case bytes() as data:
            read = host_routes if option.code == Code.STATIC_ROUTE else classless_routes
            try:
                return StatedRoutes(option, read(data))
            except ValueError:
                return None
        case tuple() as values:
            return StatedRoutes(option, tuple(each for each in values if isinstance(each, StaticRoute)))
    return None
