"""A site in files: the contract that promises it, the dnsmasq.conf that fulfils it, the lab's machines."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Final

from edgeboot.base.paths import MANIFESTS
from edgeboot.cli.contract import draft
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface
from tests.contracts.site import Site
from tests.faults.fault import Setup

_DOCUMENTED: Final = re.compile(r"192\.168\.99\.(\d+)(/24)?")
_ROGUES_RANGE: Final = 210
"""The last octet at which the rogues' own range begins; it has to fit into half a /24."""
_MOVED_TO: Final = 68


@dataclass(frozen=True, slots=True)
class GeneratedSite:
    """A cause of no fault, for the runner of tests/faults: a right server of a site made from a seed."""

    site: Site

    def prepare(self, profile: str, directory: Path) -> Setup:
        """Write contract, configuration and manifests; the arguments and the environment of the run."""
        manifests = _manifests(self.site, directory / "manifests")
        config, contract = directory / "site.conf", directory / "site.toml"
        config.write_text("\n".join((*config_lines(self.site), "")), encoding="utf-8")
        contract.write_text("\n".join((*self._contract(config, profile), "")), encoding="utf-8")
        load_contract(contract)
        return Setup(
            (f"--dhcp-config={config}", f"--contract={contract}"), {"EDGEBOOT_MANIFESTS": str(manifests)}
        )

    def _contract(self, config: Path, profile: str) -> Iterator[str]:
        site = self.site
        if site.proxy or not site.drafted:
            return contract_lines(site, profile)
        interface = NodeInterface("ens3", IPv4Interface((site.server, site.network.prefixlen)))
        return draft(ServerConfig(config.read_text(encoding="utf-8"), config, ""), interface)


def profile_of(site: Site) -> str:
    """The profile whose Pod fits the site."""
    return "proxydhcp" if site.proxy else "poc-fixed"


def config_lines(site: Site) -> Iterator[str]:
    """The dnsmasq.conf of the server under test."""
    yield from ("log-dhcp", "port=0", "interface=ens3", "bind-interfaces")
    if site.proxy:
        yield from (
            f"dhcp-range={site.network.network_address},proxy,{site.network.netmask}",
            "dhcp-match=set:bios,option:client-arch,0",
            "dhcp-ignore=tag:bios",
            f'pxe-service=X86-64_EFI,"Edge node",{site.bootfile}',
            *("enable-tftp", "tftp-root=/srv/boot", "tftp-secure", "tftp-port-range=40000,40049"),
            *("no-ping", "leasefile-ro", "user=nobody", "group=nogroup"),
        )
        return
    if site.known_only and site.static:
        seconds, network = _seconds(site.lease_time), site.network
        yield f"dhcp-range={network.network_address},static,{network.netmask},{seconds}"
    yield from lease_lines(site)
    yield f"dhcp-boot={site.bootfile},{site.server_name},{site.boot_server}"
    if site.relayed is not None:
        network = site.relayed
        first, last, router = network[100], network[150], network[1]
        yield f"dhcp-range=set:far,{first},{last},{network.netmask},{_seconds(site.lease_time)}"
        yield f"dhcp-option=tag:far,option:router,{router}"
    for mac, address, name in site.reservations:
        yield f"dhcp-host={mac},{name},{address}"
    for wanted, line in (
        (site.known_only and not site.static, "dhcp-ignore=tag:!known,tag:!known-othernet"),
        (site.authoritative, "dhcp-authoritative"),
        (site.ignores_client_identifiers, "dhcp-ignore-clid"),
        (not site.pings, "no-ping"),
        (site.rapid_commit, "dhcp-rapid-commit"),
    ):
        if wanted:
            yield line


def lease_lines(site: Site) -> Iterator[str]:
    """What comes with an address, in the words of dnsmasq: of the server under test, or of the site's own."""
    for first, last in () if site.known_only and site.static else site.pools:
        yield f"dhcp-range={first},{last},{site.network.netmask},{_seconds(site.lease_time)}"
    yield "dhcp-option=3" + "".join(f",{router}" for router in site.routers)
    if site.name_servers:
        yield "dhcp-option=option:dns-server," + ",".join(map(str, site.name_servers))
    if site.mtu is not None:
        yield f"dhcp-option=option:mtu,{site.mtu}"
    if site.domain is not None:
        yield f"domain={site.domain}"


def contract_lines(site: Site, profile: str) -> Iterator[str]:
    """The contract, based on that of the profile."""
    lease, network = site.lease_time, site.network
    server = site.server if site.proxy else site.boot_server
    yield from (
        f"based_on = {json.dumps(str(contract_path(profile)))}",
        f'summary = "a site made from the seed {site.seed}"',
        f'netmask = "{network.netmask}"',
        f'broadcast_address = "{network.broadcast_address}"',
        f"routers = {_texts(site.routers)}",
        f'server_identifier = "{site.server}"',
        f'lease_time = "{_seconds(lease)}s"',
        'minimum_lease_time = "2m"',
        f'renewal_time = "{_seconds(site.renewal_time)}s"',
        f'rebinding_time = "{_seconds(site.rebinding_time)}s"',
        f"relay_networks = {_texts((network,))}",
        f'next_server = "{server}"',
        f"server_name = {json.dumps(str(site.server) if site.proxy else site.server_name)}",
        f'bootfile = "{site.bootfile}"',
    )
    pools = ", ".join(f'{{ first = "{first}", last = "{last}" }}' for first, last in site.pools)
    yield f"pool = [{pools}]"
    if site.proxy:
        yield from ("[proxy]", f'address_server = "{site.base + 2}"')
    else:
        yield f"authoritative = {json.dumps(site.authoritative)}"
        yield f"addresses_per_boot = {1 if site.ignores_client_identifiers else 2}"
        if site.rapid_commit:
            yield "rapid_commit = true"
        if site.known_only:
            yield "known_clients_only = true"
        tables = (
            f'{{ mac = "{mac}", address = "{address}", name = "{name}" }}'
            for mac, address, name in site.reservations
        )
        yield f"reservations = [{', '.join(tables)}]"
        yield from _options(site)
        yield from _relayed(site)
    yield "[boots]"
    for client, boots in load_contract(contract_path(profile)).boots.items():
        if isinstance(boots, str):
            yield f'{client} = "tftp://{server}/{site.bootfile}"'


def _options(site: Site) -> Iterator[str]:
    allowed = [1, 28, 51, 53, 54, 58, 59, 67]
    allowed += [3] if site.routers else []
    allowed += [66] if site.server_name else []
    allowed += [3] if site.relayed is not None and not site.routers else []
    allowed += [80] if site.rapid_commit else []
    yield from ("[options]", f"allowed = {sorted(allowed)}")
    if site.name_servers:
        yield f"dns-server = {_texts(site.name_servers)}"
    if site.mtu is not None:
        yield f"mtu = {site.mtu}"
    if site.domain is not None:
        yield f'domain-name = "{site.domain}"'


def _relayed(site: Site) -> Iterator[str]:
    if site.relayed is not None:
        network = site.relayed
        yield from (
            "[[relayed]]",
            f'network = "{network}"',
            f'pool = {{ first = "{network[100]}", last = "{network[150]}" }}',
            f'routers = ["{network[1]}"]',
        )


def _manifests(site: Site, copy: Path) -> Path:
    """The manifests with the lab's machines at this site's addresses; their directory."""
    for path in sorted(shutil.copytree(MANIFESTS, copy).rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        if path == copy / "site-dhcp" / "dnsmasq.conf":
            own = (line for line in text.splitlines() if not line.startswith(("dhcp-range=", "dhcp-option=")))
            text = "\n".join((*own, *lease_lines(site), ""))
        text = _DOCUMENTED.sub(lambda found: _moved(site, int(found[1]), bool(found[2])), text)
        path.write_text(text.replace("255.255.255.0", str(site.network.netmask)), encoding="utf-8")
    return copy


def _moved(site: Site, octet: int, has_prefix: bool) -> str:
    """Where a documented address of 192.168.99.0/24 is at this site."""
    if octet == 0:
        return str(site.network.network_address)
    offset = octet - _ROGUES_RANGE + _MOVED_TO if _ROGUES_RANGE <= octet < _ROGUES_RANGE + 10 else octet
    return f"{site.base + offset}/{site.network.prefixlen}" if has_prefix else str(site.base + offset)


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def _texts(values: tuple[object, ...]) -> str:
    return json.dumps([str(value) for value in values])
