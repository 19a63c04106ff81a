"""A site made from a seed: its network, its pool, and what its server gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network
from random import Random
from typing import Final

_MACHINES: Final = 80
"""Addresses from ``base`` on that the lab's own machines and rogues have."""
_LARGEST_POOL: Final = 120
"""Addresses: a test leases every one of them."""
_SMALLEST_POOL: Final = 16
_PREFIXES: Final = (16, 20, 22, 23, 24, 24, 24, 25)
_PRIVATE: Final = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
_SECOND: Final = timedelta(seconds=1)
_LEASE_TIMES: Final = (120, 121, 180, 600, 3600, 7200, 43_200, 86_400, 2_592_000)
"""Seconds, from dnsmasq's least to thirty days."""
_BOOT_FILES: Final = ("signed_ipxe.efi", "ipxe.efi", "efi/x64/snponly.efi", "boot-2026.10_x86-64.efi")
_SERVER_NAMES: Final = ("", "boot", "tinkerbell-nginx.cluster.onprem")


@dataclass(frozen=True, slots=True)
class Site:
    """What is to be deployed and promised; the server is the full one, or a ProxyDHCP beside it."""

    seed: int
    proxy: bool
    network: IPv4Network
    base: IPv4Address
    """The lab's machines have their documented last octets from here on."""
    pools: tuple[tuple[IPv4Address, IPv4Address], ...]
    """First and last address of each range, ascending, with a gap between two."""
    lease_time: timedelta
    routers: tuple[IPv4Address, ...]
    bootfile: str
    server_name: str
    authoritative: bool
    ignores_client_identifiers: bool
    pings: bool
    rapid_commit: bool
    mtu: int | None
    domain: str | None
    known_only: bool
    """Whether only reserved machines are served."""
    static: bool
    """If so, whether by a static range, or by leaving unknown machines alone."""
    drafted: bool
    """Whether the contract is drafted from the configuration by ``edgeboot contract``."""
    relayed: IPv4Network | None
    """A second network, whose nodes are behind a relay."""
    name_servers: tuple[IPv4Address, ...]
    reserved: tuple[IPv4Address, ...]
    """Addresses of reserved machines: one in the pool, the others beside it."""

    @classmethod
    def from_seed(cls, seed: int) -> Site:
        """The same site for the same seed."""
        random = Random(seed)  # noqa: S311 - no secret
        network, base = _place(random)
        lease_time = random.choice(_LEASE_TIMES) + random.choice((0, 0, 1, 7, 60))
        pools = _pools(random, network, base)
        reserved = (IPv4Address(random.randint(int(pools[0][0]), int(pools[0][1]))), base + 20)
        relayed = _beside(network, random)
        machine = [base + number for number in (1, 10, 2)]
        site = cls(
            seed=seed,
            proxy=random.random() < 0.15,
            network=network,
            base=base,
            pools=pools,
            lease_time=lease_time * _SECOND,
            routers=random.choice(((), (machine[0],), (machine[1],), (machine[0], machine[1]))),
            bootfile=random.choice(_BOOT_FILES),
            server_name=random.choice(_SERVER_NAMES),
            authoritative=random.random() < 0.4,
            ignores_client_identifiers=random.random() < 0.3,
            pings=random.random() < 0.7,
            rapid_commit=random.random() < 0.2,
            mtu=random.choice((None, None, 1400, 9000)),
            domain=random.choice((None, None, "edge.example.org")),
            relayed=relayed if random.random() < 0.3 else None,
            name_servers=random.choice(((), (), (machine[0],), (machine[0], machine[2]))),
            drafted=random.random() < 0.2,
            reserved=reserved if random.random() < 0.4 else (),
            known_only=False,
            static=random.random() < 0.5,
        )
        known_only = random.random() < 0.2 and not site.proxy
        return replace(site, known_only=True, reserved=(*reserved, base + 21)) if known_only else site

    @property
    def reservations(self) -> tuple[tuple[str, IPv4Address, str], ...]:
        """MAC address, address and name of each reserved machine."""
        return tuple(
            (f"02:de:ad:00:00:0{number}", address, f"node-{number}")
            for number, address in enumerate(self.reserved, start=1)
        )

    @property
    def server(self) -> IPv4Address:
        """The address of the server under test."""
        return self.base + 10

    @property
    def boot_server(self) -> IPv4Address:
        """The address of the machine that has the boot file."""
        return self.base + 40

    @property
    def renewal_time(self) -> timedelta:
        """T1, as dnsmasq computes it: in whole seconds."""
        return self.lease_time // _SECOND // 2 * _SECOND

    @property
    def rebinding_time(self) -> timedelta:
        """T2, as dnsmasq computes it: in whole seconds."""
        return self.lease_time // _SECOND * 7 // 8 * _SECOND


def _place(random: Random) -> tuple[IPv4Network, IPv4Address]:
    """A private network, and where in it the lab's machines are."""
    prefix = random.choice(_PREFIXES)
    private = random.choice(_PRIVATE)
    start = random.randrange(int(private.network_address), int(private.broadcast_address))
    network = IPv4Network((start, prefix), strict=False)
    inner = random.choice(list(network.subnets(new_prefix=max(24, prefix)))[:256])
    return network, inner.network_address


def _beside(network: IPv4Network, random: Random) -> IPv4Network:
    """Another private network."""
    others = [each for each in _PRIVATE if not each.overlaps(network)]
    start = random.randrange(int(others[0].network_address), int(others[0].broadcast_address))
    return IPv4Network((start, 24), strict=False)


def _pools(
    random: Random, network: IPv4Network, base: IPv4Address
) -> tuple[tuple[IPv4Address, IPv4Address], ...]:
    """One range or two, anywhere in the network but at the lab's machines."""
    first, last = int(base) + _MACHINES, int(network.broadcast_address) - 1
    below = int(base) - int(network.network_address) - 1
    if below > _LARGEST_POOL and random.random() < 0.3:
        first, last = int(network.network_address) + 1, int(base) - 1
    size = min(random.randint(_SMALLEST_POOL, _LARGEST_POOL), last - first + 1)
    begin = random.choice((first, last - size + 1, random.randint(first, last - size + 1)))
    end = begin + size - 1
    if size >= 2 * _SMALLEST_POOL and random.random() < 0.3:
        middle = begin + size // 2
        return (_addresses(begin, middle - 3), _addresses(middle, end))
    return (_addresses(begin, end),)


def _addresses(first: int, last: int) -> tuple[IPv4Address, IPv4Address]:
    return IPv4Address(first), IPv4Address(last)
