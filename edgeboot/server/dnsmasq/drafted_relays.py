"""The networks of a dnsmasq.conf whose relays are answered, for a drafted contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.option_lines import applied_options, option_lines
from edgeboot.server.dnsmasq.tags import Tagged, addresses, applied_boot, client_tags
from edgeboot.spec.contract.draft import Term, place, text
from edgeboot.spec.manifests.network import NodeInterface


def netmask(served: Tagged) -> IPv4Address | None:
    """The mask of a dhcp-range line, behind its one or two addresses; None where it has none."""
    ends = 1 if "static" in served.words else 2
    return next((each for each in addresses(served.words)[ends : ends + 1] if int(each) >> 24), None)


def relay_terms(lines: Sequence[Directive], interface: NodeInterface, request: DhcpMessage) -> Iterator[Term]:
    """The networks, and of those that are not the interface's own what their nodes get.

    Args:
        lines: of dnsmasq.conf.
        interface: the one that the server serves.
        request: a node's, as if it came through a relay.
    """
    every = [Tagged.of(line) for line in lines if line.name == "dhcp-range"]
    hosts = [one for line in lines if line.name == "dhcp-host" for one in addresses(Tagged.of(line).words)]
    networks: dict[IPv4Network, list[Tagged]] = {}
    for each in every:
        if addresses(each.words) and "proxy" not in each.words:
            network = _network_of(each, interface)
            if "static" not in each.words or any(host in network for host in hosts):
                networks.setdefault(network, []).append(each)
    texts = json.dumps([str(each) for each in networks])
    yield Term("relay_networks", texts, "dnsmasq answers every relay of a range's network")
    others = {network: ranges for network, ranges in networks.items() if interface.address.ip not in network}
    if others:
        tables = (_table(network, ranges, lines, request) for network, ranges in others.items())
        source = ", ".join(place(each.line) for ranges in others.values() for each in ranges)
        yield Term("relayed", f"[{', '.join(tables)}]", source)


def _table(
    network: IPv4Network, ranges: Sequence[Tagged], lines: Sequence[Directive], request: DhcpMessage
) -> str:
    tags = client_tags(request, lines, addresses(ranges[0].words)[0])
    boot = applied_boot(lines, tags)
    words = (*(() if boot is None else boot.words), "", "", "")
    stated = {"network": text(network)}
    pools = [addresses(each.words)[:2] for each in ranges if "static" not in each.words]
    if pools:
        pool = ", ".join(f'{{ first = "{first}", last = "{last}" }}' for first, last in pools)
        stated["pool"] = f"[{pool}]"
    applied = applied_options(option_lines(lines), request, tags)
    routers = [list(each.values) for each in applied if each.code == Code.ROUTER]
    if routers:
        stated["routers"] = json.dumps(routers[0])
    if addresses(words[2:3]):
        stated["next_server"] = text(words[2])
    if words[0]:
        stated["bootfile"] = text(words[0].strip('"'))
    return "{ " + ", ".join(f"{name} = {value}" for name, value in stated.items()) + " }"


def _network_of(served: Tagged, interface: NodeInterface) -> IPv4Network:
    mask = netmask(served) or interface.address.netmask
    return IPv4Interface(f"{addresses(served.words)[0]}/{mask}").network
