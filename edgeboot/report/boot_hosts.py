"""The hosts that clients boot from by the contract."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.spec.contract.contract import Contract


def boot_urls(contract: Contract) -> Iterable[str]:
    """What the contract states that clients boot."""
    return (boots for boots in contract.boots.values() if isinstance(boots, str))


def boot_host_names(contract: Contract) -> tuple[str, ...]:
    """The names of hosts that clients boot from by the contract, which they have to resolve."""
    hosts = (urlsplit(url).hostname for url in boot_urls(contract))
    return tuple(dict.fromkeys(host for host in hosts if host and address_of(host) is None))


def address_of(text: str) -> IPv4Address | None:
    """An address as text; None for a name."""
    try:
        return IPv4Address(text)
    except ValueError:
        return None
