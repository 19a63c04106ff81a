"""A contract drafted from a dnsmasq.conf, for a person to correct."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from ipaddress import IPv4Interface, IPv4Network
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.server.dnsmasq.option_lines import OptionLine, applied_options, option_lines
from edgeboot.server.dnsmasq.tags import ClientTags, Tagged, addresses, applied_boot, client_tags
from edgeboot.server.dnsmasq.values import lease_seconds
from edgeboot.spec.contract.draft import Term, duration, text
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface

_ALWAYS: Final = frozenset({1, 28, 51, 53, 54, 58, 59})
"""Options that dnsmasq adds by itself to every lease."""
_OF_TERMS: Final = _ALWAYS | {Code.ROUTER, Code.TFTP_SERVER_NAME, Code.BOOTFILE_NAME}
_ROUTES: Final = frozenset({121, 249})
_LEAST: Final = 120
"""Seconds: dnsmasq grants no shorter lease."""
_MAC: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)
_NAME: Final = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
_KEYWORDS: Final = frozenset({"ignore", "infinite"})
_DEFAULT: Final = 3600
"""Seconds: what dnsmasq grants where a dhcp-range has no lease time."""


def drafted(config: ServerConfig, interface: NodeInterface) -> tuple[Term, ...]:
    """The terms that a dnsmasq.conf decides for a node that boots by EDK2's PXE client.

    Args:
        config: of the server.
        interface: the one that it serves.

    Raises:
        UsageError: it has no dhcp-range with a first and a last address on the interface's network, as
            a ProxyDHCP's has none.
    """
    lines = directives(config.text)
    request = EdgeNodeIdentity.numbered(1).discover(1)
    every = [
        each
        for each in map(Tagged.of, lines)
        if each.line.name == "dhcp-range" and len(addresses(each.words)) >= 2
    ]
    ranges = [each for each in every if addresses(each.words)[0] in interface.address.network]
    if not ranges:
        raise UsageError(
            shown(config.source),
            f"has no dhcp-range of first and last address in {interface.address.network}",
            "write the contract of a ProxyDHCP by hand, based on contracts/proxydhcp.toml",
        )
    tags = client_tags(request, lines, addresses(ranges[0].words)[0])
    options = applied_options(option_lines(lines), request, tags)
    return (
        *_network(ranges, interface),
        *_relays(every, interface),
        *_leases(ranges, lines),
        *_boot(lines, tags, options, interface),
        *_options(lines, options, interface),
        *_reservations(lines),
    )


def _network(ranges: Sequence[Tagged], interface: NodeInterface) -> Iterator[Term]:
    pools = [addresses(each.words)[:2] for each in ranges]
    texts = ", ".join(f'{{ first = "{first}", last = "{last}" }}' for first, last in pools)
    yield Term("pool", f"[{texts}]", ", ".join(_place(each.line) for each in ranges))
    found = addresses(ranges[0].words)
    masks = [each for each in found[2:3] if int(each) >> 24]
    mask = masks[0] if masks else interface.address.netmask
    source = _place(ranges[0].line) if masks else f"the mask of {interface.name}"
    network = IPv4Interface(f"{interface.address.ip}/{mask}").network
    yield Term("netmask", text(mask), source)
    stated = found[3:4] if masks else []
    yield Term("broadcast_address", text((*stated, network.broadcast_address)[0]), source)
    yield Term("server_identifier", text(interface.address.ip), f"the address of {interface.name}")


def _relays(ranges: Sequence[Tagged], interface: NodeInterface) -> Iterator[Term]:
    networks = [_network_of(each, interface) for each in ranges]
    texts = json.dumps([str(each) for each in dict.fromkeys(networks)])
    yield Term("relay_networks", texts, "dnsmasq answers every relay of a range's network")


def _network_of(served: Tagged, interface: NodeInterface) -> IPv4Network:
    first, _, *rest = addresses(served.words)
    masks = [each for each in rest[:1] if int(each) >> 24]
    mask = masks[0] if masks else interface.address.netmask
    return IPv4Interface(f"{first}/{mask}").network


def _leases(ranges: Sequence[Tagged], lines: Sequence[Directive]) -> Iterator[Term]:
    line = ranges[0].line
    stated = lease_seconds(ranges[0].words)
    seconds = max(_DEFAULT if stated is None else stated, _LEAST)
    source = _place(line) + ("" if stated is not None else " has no lease time: dnsmasq grants one hour")
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
        otherwise = {"authoritative": "false", "addresses_per_boot": "2"}.get(name)
        if found is not None:
            yield Term(name, value, _place(found))
        elif otherwise is not None:
            yield Term(name, otherwise, f"there is no {directive}")


def _boot(
    lines: Sequence[Directive], tags: ClientTags, options: Sequence[OptionLine], interface: NodeInterface
) -> Iterator[Term]:
    """What the header carries: the dhcp-boot line that applies, and option 66 or 67 before it."""
    boot = applied_boot(lines, tags)
    words = (*(() if boot is None else boot.words), "", "", "")
    source = "no dhcp-boot line applies to EDK2's PXE client" if boot is None else _place(boot.line)
    stated = {each.code: each for each in options}
    for name, word, code in (
        ("bootfile", words[0], Code.BOOTFILE_NAME),
        ("server_name", words[1], Code.TFTP_SERVER_NAME),
    ):
        own = stated.get(code)
        if own is not None and own.values:
            yield Term(name, text(",".join(own.values)), _place(own.tagged.line))
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
        yield Term("routers", json.dumps(list(router.values)), _place(router.tagged.line))
    codes, sources = set(_ALWAYS), list[str]()
    if router is None or router.values:
        codes.add(Code.ROUTER)
    for each in option_lines(lines):
        if each.values:
            codes.add(each.code)
            sources.append(_place(each.tagged.line))
    for name, code in (("domain", Code.DOMAIN_NAME), ("dhcp-rapid-commit", Code.RAPID_COMMIT)):
        found = next((line for line in lines if line.name == name), None)
        if found is not None:
            codes.add(code)
            sources.append(_place(found))
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
        return json.dumps([f"{network} via {router}" for network, router in pairs]) if line.values else None
    named = addresses(line.values)
    if not named or len(named) != len(line.values) or UNSPECIFIED in named:
        return None
    return json.dumps([str(each) for each in named])


def _reservations(lines: Sequence[Directive]) -> Iterator[Term]:
    hosts = [each for each in map(Tagged.of, lines) if each.line.name == "dhcp-host"]
    tables = {each.line: table for each in hosts if (table := _reservation(each)) is not None}
    if tables:
        source = ", ".join(map(_place, tables))
        yield Term("reservations", "[" + ", ".join(tables.values()) + "]", source)


def _reservation(host: Tagged) -> str | None:
    """The machine, if the line gives one machine one address."""
    macs = [word.lower() for word in host.words if _MAC.fullmatch(word)]
    identifiers = [word.removeprefix("id:") for word in host.words if word.startswith("id:")]
    given = addresses(host.words)
    if len(given) != 1 or len(macs) + len(identifiers) != 1 or "*" in identifiers:
        return None
    known_by = f'mac = "{macs[0]}"' if macs else f"client_id = {json.dumps(identifiers[0])}"
    words = [word for word in host.words if word not in _KEYWORDS and lease_seconds([word]) is None]
    names = [word for word in words if _NAME.fullmatch(word)]
    name = f', name = "{names[0]}"' if len(names) == 1 else ""
    return f'{{ {known_by}, address = "{given[0]}"{name} }}'


def _place(line: Directive) -> str:
    return f"line {line.number}: {line}"
