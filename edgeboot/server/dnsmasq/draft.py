"""A contract drafted from a dnsmasq.conf, for a person to correct."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.dhcp.clients import BOOT_STAGES, ClientProfile
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.server.dnsmasq.drafted_boots import Predicted, boots_terms, predictions, unsure
from edgeboot.server.dnsmasq.drafted_defects import known_defects_terms
from edgeboot.server.dnsmasq.drafted_hosts import Host, reservation_terms, reservations
from edgeboot.server.dnsmasq.drafted_proxy import drafted_proxy
from edgeboot.server.dnsmasq.drafted_relays import netmask, relay_terms
from edgeboot.server.dnsmasq.offers import Configured
from edgeboot.server.dnsmasq.option_lines import OptionLine, applied_options, option_lines
from edgeboot.server.dnsmasq.pxe_services import has_pxe
from edgeboot.server.dnsmasq.resolver_lines import serves_names
from edgeboot.server.dnsmasq.tags import Tagged, addresses, applied_boot
from edgeboot.server.dnsmasq.values import lease_seconds
from edgeboot.spec.contract.draft import Draft, Term, client_of_nodes, duration, place, text
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface

_ALWAYS: Final = frozenset({1, 28, 51, 53, 54, 58, 59})
"""Options that dnsmasq adds by itself to every lease."""
_OF_TERMS: Final = _ALWAYS | {Code.ROUTER, Code.TFTP_SERVER_NAME, Code.BOOTFILE_NAME}
_ROUTES: Final = frozenset({Code.STATIC_ROUTE, 121, 249})
_LEAST: Final = 120
"""Seconds: dnsmasq grants no shorter lease."""
_DEFAULT: Final = 3600
"""Seconds: what dnsmasq grants where a dhcp-range has no lease time."""


def drafted(config: ServerConfig, interface: NodeInterface) -> Draft:
    """The terms that a dnsmasq.conf decides for nodes of this interface.

    Boot file and boot server are those of the client that the suite's nodes run by these terms; where only
    reserved machines are served, of the first.

    Args:
        config: of the server.
        interface: the one that it serves.

    Raises:
        UsageError: it has no dhcp-range on the interface's network, or nobody would be served.
    """
    lines = directives(config.text)
    configured = Configured(lines, interface.address)
    if not configured.ranges:
        raise UsageError(
            shown(config.source),
            f"has no dhcp-range in {interface.address.network}",
            f"draft it from the file of the server at {interface.name}",
        )
    if configured.is_proxy:
        return drafted_proxy(configured)
    reserved, left_out = reservations(lines)
    unknown = EdgeNodeIdentity.numbered(1)
    known_only = not configured.serves(unknown.discover(1))
    if known_only and not reserved:
        problem = "serves nobody: no dhcp-range is for unknown machines, and no dhcp-host line has an address"
        raise UsageError(shown(config.source), problem, "add the machines that are to be served")
    identity = _first_of(reserved, interface) or unknown if known_only else unknown
    found = predictions(configured, identity)
    boots = tuple(boots_terms(found))
    client = client_of_nodes(boots)
    request = identity.as_client(client).discover(1)
    tags = configured.tags(request)
    options = applied_options(option_lines(lines), request, tags)
    terms = (
        *_network(configured, interface, known_only=known_only),
        *relay_terms(lines, interface, request),
        *_leases(configured.ranges, lines, _stages(found)),
        *_boot(client, applied_boot(lines, tags), options, interface),
        *_options(lines, options, interface),
        *reservation_terms(reserved, lines, known_only=known_only),
        *boots,
        *known_defects_terms(lines),
    )
    return Draft(terms, "poc-fixed", ("boots", *_open_ports(lines)), (*left_out, *unsure(found)))


def _first_of(reserved: Sequence[Host], interface: NodeInterface) -> EdgeNodeIdentity | None:
    """The machine as which tests boot first: of this network, without a boot file of its own if possible."""
    machines = [
        each.reservation for each in reserved if each.reservation.address in interface.address.network
    ]
    known = [(each.bootfile is not None, each.mac) for each in machines if each.mac is not None]
    known.sort(key=lambda each: each[0])
    return EdgeNodeIdentity.of(known[0][1]) if known else None


def _open_ports(lines: Sequence[Directive]) -> Iterator[str]:
    """The entries of the base contract about ports that this server listens on."""
    if serves_names(lines):
        yield "deployment.closed_ports.53"
    if any(line.name == "enable-tftp" for line in lines):
        yield "deployment.closed_ports.69"


def _network(configured: Configured, interface: NodeInterface, *, known_only: bool) -> Iterator[Term]:
    ranges = configured.ranges
    dynamic = [each for each in ranges if "static" not in each.words]
    texts = ", ".join(_range(addresses(each.words), interface.address.ip) for each in dynamic)
    if not known_only:
        yield Term("pool", f"[{texts}]", ", ".join(place(each.line) for each in dynamic))
    mask = netmask(ranges[0])
    source = place(ranges[0].line) if mask is not None else f"the mask of {interface.name}"
    chosen = interface.address.netmask if mask is None else mask
    yield Term("netmask", text(chosen), source)
    network = IPv4Interface(f"{interface.address.ip}/{chosen}").network
    stated = _after_mask(ranges[0])
    yield Term("broadcast_address", text((*stated, network.broadcast_address)[0]), source)
    yield Term("server_identifier", text(interface.address.ip), f"the address of {interface.name}")


def _range(words: Sequence[IPv4Address], server: IPv4Address) -> str:
    """The addresses of a dhcp-range; the server leases all of them but its own."""
    first, last = words[:2]
    hole = f', except = ["{server}"]' if first <= server <= last else ""
    return f'{{ first = "{first}", last = "{last}"{hole} }}'


def _after_mask(served: Tagged) -> list[IPv4Address]:
    ends = 1 if "static" in served.words else 2
    return addresses(served.words)[ends + 1 : ends + 2] if netmask(served) is not None else []


def _stages(found: Sequence[Predicted]) -> int:
    """How many addresses a boot takes: the system has a client identifier, its loaders share theirs."""
    system = next((each for each in found if each.client == BOOT_STAGES[-1]), None)
    return 1 if system is None or system.offer is None else 2


def _leases(ranges: Sequence[Tagged], lines: Sequence[Directive], stages: int) -> Iterator[Term]:
    line = ranges[0].line
    stated = lease_seconds(ranges[0].words)
    seconds = max(_DEFAULT if stated is None else stated, _LEAST)
    source = place(line) + ("" if stated is not None else " has no lease time: dnsmasq grants one hour")
    yield Term("lease_time", duration(timedelta(seconds=seconds)), source)
    yield Term("minimum_lease_time", duration(timedelta(seconds=_LEAST)), "dnsmasq grants no shorter lease")
    yield Term("renewal_time", duration(timedelta(seconds=seconds // 2)), "half of it")
    yield Term("rebinding_time", duration(timedelta(seconds=seconds * 7 // 8)), "seven eighths of it")
    for name, directive, value in (
        ("authoritative", "dhcp-authoritative", "true"),
        ("addresses_per_boot", "dhcp-ignore-clid", "1"),
        ("rapid_commit", "dhcp-rapid-commit", "true"),
    ):
        found = next((each for each in lines if each.name == directive), None)
        otherwise = {"authoritative": "false", "addresses_per_boot": str(stages)}.get(name)
        if found is not None:
            yield Term(name, value, place(found))
        elif otherwise is not None:
            yield Term(name, otherwise, f"there is no {directive}")


def _boot(
    client: ClientProfile, boot: Tagged | None, options: Sequence[OptionLine], interface: NodeInterface
) -> Iterator[Term]:
    """What the header carries: the dhcp-boot line that applies, and option 66 or 67 before it."""
    words = (*(() if boot is None else boot.words), "", "", "")
    source = f"no dhcp-boot line applies to {client.name}" if boot is None else place(boot.line)
    stated = {each.code: each for each in options}
    for name, word, code in (
        ("bootfile", words[0], Code.BOOTFILE_NAME),
        ("server_name", words[1], Code.TFTP_SERVER_NAME),
    ):
        own = stated.get(code)
        if own is not None and own.values:
            yield Term(name, text(",".join(own.values)), place(own.tagged.line))
        else:
            yield Term(name, text(word), source)
    found = addresses(words[2:3])
    yield Term(
        "next_server",
        text((*found, interface.address.ip)[0]),
        source if found else f"no dhcp-boot line gives an address: the address of {interface.name}",
    )


def _options(
    lines: Sequence[Directive], options: Sequence[OptionLine], interface: NodeInterface
) -> Iterator[Term]:
    """Routers, and every code that some line may add."""
    router = next((each for each in options if each.code == Code.ROUTER), None)
    if router is None:
        yield Term("routers", json.dumps([str(interface.address.ip)]), "no line: dnsmasq names itself")
    else:
        yield Term("routers", json.dumps(list(router.values)), place(router.tagged.line))
    codes, sources = set(_ALWAYS), list[str]()
    if router is None or router.values:
        codes.add(Code.ROUTER)
    for each in option_lines(lines):
        if each.values:
            codes.add(each.code)
            sources.append(place(each.tagged.line))
    for name, code in (("domain", Code.DOMAIN_NAME), ("dhcp-rapid-commit", Code.RAPID_COMMIT)):
        found = next((line for line in lines if line.name == name), None)
        if found is not None:
            codes.add(code)
            sources.append(place(found))
    if serves_names(lines):
        codes.add(Code.DOMAIN_NAME_SERVER)
        sources.append("no port=0: dnsmasq names itself as the name server")
    if has_pxe(lines):
        codes |= {Code.VENDOR_SPECIFIC, Code.VENDOR_CLASS_IDENTIFIER, Code.CLIENT_MACHINE_IDENTIFIER}
    boots = [line for line in lines if line.name == "dhcp-boot"]
    if boots:
        codes |= {Code.BOOTFILE_NAME, Code.TFTP_SERVER_NAME}
    values = [f"{each.code} = {value}" for each in options if (value := _hosts(each)) is not None]
    allowed = f"allowed = {sorted(int(code) for code in codes)}"
    yield Term("options", f"{{ {', '.join((allowed, *values))} }}", ", ".join(sources) or "what dnsmasq adds")


def _hosts(line: OptionLine) -> str | None:
    """The value of an option that names hosts, which a node is sent to; None for any other option.

    A value of a tagged line is left open: it is for some clients only.
    """
    if line.tagged.needed or line.is_part or line.vendor_class is not None or line.code in _OF_TERMS:
        return None
    if line.code in _ROUTES and len(line.values) % 2 == 0:
        pairs = zip(line.values[::2], line.values[1::2], strict=True)
        prefix = "/32" if line.code == Code.STATIC_ROUTE else ""
        routes = [f"{destination}{prefix} via {router}" for destination, router in pairs]
        return json.dumps(routes) if routes else None
    named = addresses(line.values)
    if not named or len(named) != len(line.values) or UNSPECIFIED in named:
        return None
    return json.dumps([str(each) for each in named])
