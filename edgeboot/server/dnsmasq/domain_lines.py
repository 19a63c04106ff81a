"""The ``domain=`` line of a dnsmasq.conf whose domain a client is sent (option 15)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network

from edgeboot.server.dnsmasq.config import Directive


def applied_domain(lines: Sequence[Directive], address: IPv4Address | None) -> Directive | None:
    """The line that dnsmasq applies to an address: one for its network, else the last one for all.

    None where there is none, and where the address is not known and a line is for one network.
    """
    domains = [line for line in lines if line.name == "domain"]
    for_some = [line for line in domains if len(_words(line)) > 1]
    if address is None:
        return None if for_some else next(reversed(domains), None)
    own = (line for line in for_some if _is_for(address, _words(line)[1:]))
    return next(own, next((line for line in reversed(domains) if line not in for_some), None))


def _words(line: Directive) -> list[str]:
    return [word.strip() for word in line.value.split(",")]


def _is_for(address: IPv4Address, words: Sequence[str]) -> bool:
    """Whether it is in a network, or between a first and a last address."""
    try:
        if "/" in words[0]:
            return address in IPv4Network(words[0], strict=False)
        first, last = IPv4Address(words[0]), IPv4Address(words[-1 if words[-1] != "local" else 0])
    except ValueError:
        return False
    return first <= address <= last
