"""The routes that each client makes of a reply: options 3, 33, 121 and 249.

A client that asks for option 121 and gets it ignores routers (3) and static routes (33), so that
its default route must be in 121, too (RFC 3442). Windows reads 249 in the same way, after 121
(MS-DHCPE section 2.2.8). A client that does not ask for an option does not know it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from edgeboot.dhcp.clients import ClientProfile, RouteHabit
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.routes import StaticRoute, classless_routes, host_routes
from edgeboot.dhcp.vocabulary import OptionCode

_EVERYWHERE: Final = IPv4Network("0.0.0.0/0")
CLASSLESS: Final = (OptionCode.CLASSLESS_STATIC_ROUTE, OptionCode.MICROSOFT_CLASSLESS_STATIC_ROUTE)
"""Options that carry the same routes for different readers; who asks for both prefers the first."""
_CLASSFUL: Final = (OptionCode.ROUTER, OptionCode.STATIC_ROUTE)
_CLASSES: Final = ((128, 8), (192, 16), (224, 24))
"""The prefix length of classes A, B and C by the first octet that is beyond them."""


@dataclass(frozen=True, slots=True)
class ClientRoutes:
    """What one client makes of a reply."""

    routes: tuple[StaticRoute, ...]
    options: tuple[OptionCode, ...]
    """The options it reads routes from: those that it asks for, without the ones it ignores."""
    malformed: bool = False
    """Whether one of them cannot be read."""

    @property
    def default_routers(self) -> tuple[IPv4Address, ...]:
        """The routers of its default route, in order of preference."""
        return tuple(route.router for route in self.routes if route.is_default)

    @property
    def reads_classless(self) -> bool:
        """Whether its routes beside the default route are of option 121 or 249."""
        return any(code in CLASSLESS for code in self.options)

    @property
    def ignores_routers(self) -> bool:
        """Whether it takes no router from option 3, since it has classless routes."""
        return self.reads_classless and OptionCode.ROUTER not in self.options

    @property
    def static(self) -> tuple[StaticRoute, ...]:
        """The routes beside the default route."""
        return tuple(route for route in self.routes if not route.is_default)

    def option_of(self, route: StaticRoute) -> OptionCode:
        """The option that has this route."""
        if route.is_default and not self.ignores_routers:
            return OptionCode.ROUTER
        return self.options[0] if self.reads_classless else OptionCode.STATIC_ROUTE

    def is_on_link(self, address: IPv4Address, network: IPv4Network) -> bool:
        """Whether the client sends to this address without a router; ``network`` is its own."""
        on_link = (route.network for route in self.routes if route.router == UNSPECIFIED)
        return address in network or any(address in each for each in on_link)

    def router_to(self, address: IPv4Address) -> IPv4Address | None:
        """The router of the most specific route to an address; None without a route."""
        fitting = [route for route in self.routes if address in route.network]
        return max(fitting, key=lambda route: route.network.prefixlen).router if fitting else None


def routes_of(
    options: Options, parameters: Collection[int] | None, habits: RouteHabit = RouteHabit.NONE
) -> ClientRoutes:
    """The routes of a client that asks for these options (option 55); None is a client without a list.

    An option of several parts is read as one (RFC 3396).
    """
    asked = _CLASSFUL if parameters is None else parameters
    malformed = False
    for code in CLASSLESS:
        reads = code in asked or (code is CLASSLESS[1] and RouteHabit.READS_249 in habits)
        if reads and code in options:
            try:
                found = classless_routes(b"".join(options.all(code)))
            except ValueError:
                malformed = True
                if RouteHabit.ROUTERS_IF_MALFORMED not in habits:
                    return ClientRoutes((), (code,), malformed=True)
            else:
                read = ClientRoutes(tuple(_as_read(route, habits) for route in found), (code,))
                return _with_routers(read, options) if _wants_routers(read, asked, habits) else read
    classful = tuple(code for code in _CLASSFUL if code in asked)
    try:
        found = tuple(route for code in classful for route in _of(code, b"".join(options.all(code)), habits))
    except ValueError:
        return ClientRoutes((), classful, malformed=True)
    return ClientRoutes(found, classful, malformed)


def _wants_routers(read: ClientRoutes, asked: Collection[int], habits: RouteHabit) -> bool:
    by_habit = RouteHabit.ROUTERS_IF_NO_DEFAULT in habits and OptionCode.ROUTER in asked
    return by_habit and not read.default_routers


def _with_routers(read: ClientRoutes, options: Options) -> ClientRoutes:
    """The classless routes, and behind them the default routes of option 3, if it can be read."""
    code = OptionCode.ROUTER
    try:
        routers = tuple(_of(code, b"".join(options.all(code)), RouteHabit.NONE))
    except ValueError:
        return read
    return ClientRoutes((*read.routes, *routers), (*read.options, code)) if routers else read


def routes_of_client(options: Options, client: ClientProfile) -> ClientRoutes:
    """The routes that a client of the table makes of a reply to it."""
    return routes_of(options, client.parameters, client.route_habits)


def _of(code: OptionCode, data: bytes, habits: RouteHabit) -> Iterator[StaticRoute]:
    """The default routes of option 3, or the routes of option 33; raises ValueError."""
    if code is OptionCode.STATIC_ROUTE:
        for route in host_routes(data):
            yield _of_its_class(route) if RouteHabit.CLASSFUL in habits else route
        return
    for start in range(0, len(data), 4):
        yield StaticRoute(_EVERYWHERE, IPv4Address(data[start : start + 4]))


def _as_read(route: StaticRoute, habits: RouteHabit) -> StaticRoute:
    if RouteHabit.ON_LINK_HOSTS in habits and route.router == UNSPECIFIED:
        return replace(route, network=IPv4Network(route.network.network_address))
    return route


def _of_its_class(route: StaticRoute) -> StaticRoute:
    """The route to the network whose class the address has (RFC 791 section 3.2)."""
    first = route.network.network_address.packed[0]
    prefix = next((length for limit, length in _CLASSES if first < limit), 32)
    return replace(route, network=IPv4Network((route.network.network_address, prefix), strict=False))
