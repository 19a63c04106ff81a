"""The hosts that a lease sends a client to: routers, name servers, time servers and the rest.

A time server may be any of a list, since the daemon goes on to the next. A router is its route's
only one: a client uses the first of option 3, and the others, if at all, much later. So it is with
name servers: a system asks the second after seconds of waiting, and some builds of iPXE never do.
The boot server is not among them: tests fetch the boot file from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.client_routes import routes_of
from edgeboot.dhcp.clients import RouteHabit
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import OptionCode


class HostRole(Enum):
    """What a client uses the host for."""

    ROUTER = "router"
    NAME_SERVER = "name server"
    TIME_SERVER = "time server"
    LOG_SERVER = "log server"
    OTHER = "other server"


_SERVERS: Final[dict[int, HostRole]] = {
    OptionCode.DOMAIN_NAME_SERVER: HostRole.NAME_SERVER,
    OptionCode.TIME_SERVER: HostRole.TIME_SERVER,
    OptionCode.NTP_SERVERS: HostRole.TIME_SERVER,
    OptionCode.LOG_SERVER: HostRole.LOG_SERVER,
} | dict.fromkeys((5, *range(8, 12), 41, 44, 45, 48, 49, 65, *range(69, 77)), HostRole.OTHER)
"""Options that are lists of servers' addresses (RFC 2132 sections 3.5 to 3.13, 8.2 to 8.22)."""
_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class NamedHosts:
    """Hosts of which a client needs one, as one option names them."""

    role: HostRole
    option: int
    addresses: tuple[IPv4Address, ...]
    spare: bool = False
    """Whether the client can do without all of them: routers and name servers behind the first."""


def named_hosts(
    options: Options, parameters: Collection[int] | None, habits: RouteHabit = RouteHabit.NONE
) -> Iterator[NamedHosts]:
    """The hosts that a client with this parameter request list (option 55) is sent to by a reply."""
    routes = routes_of(options, parameters, habits)
    preferred, *others = routes.default_routers or (None,)
    for route in routes.routes:
        if route.router == UNSPECIFIED or route.router in others:
            continue
        yield NamedHosts(HostRole.ROUTER, routes.option_of(route), (route.router,))
    if preferred is not None and others:
        yield NamedHosts(HostRole.ROUTER, routes.options[0], tuple(filter(None, others)), spare=True)
    for code, role in _SERVERS.items():
        addresses = tuple(_addresses(options, code)) if parameters is None or code in parameters else ()
        if role is HostRole.NAME_SERVER and len(addresses) > 1:
            yield NamedHosts(role, code, addresses[:1])
            yield NamedHosts(role, code, addresses[1:], spare=True)
        elif addresses:
            yield NamedHosts(role, code, addresses)


def _addresses(options: Options, code: int) -> Iterator[IPv4Address]:
    data = b"".join(options.all(code))
    for start in range(0, len(data) - _LENGTH + 1, _LENGTH):
        yield IPv4Address(data[start : start + _LENGTH])
