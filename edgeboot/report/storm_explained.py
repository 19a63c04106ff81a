"""What a storm's result and the server's log show, in words, and what would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.pools import pools
from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.server.log import LogLine
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.stress.storm.result import StormResult

_NO_ADDRESS: Final = "no address available"
_NO_LEASE: Final = "no leases left"
_IN_USE: Final = "address in use"
_OTHERS_SHARE: Final = 10
"""Of a pool, a tenth may be the server's own, reserved, or in use: a storm cannot get it."""
_TELLING: Final = (_NO_ADDRESS, _NO_LEASE, _IN_USE)
"""dnsmasq's words for a DHCPDISCOVER without an offer, and for two reasons of a DHCPNAK."""


def telling_lines(lines: Iterable[LogLine]) -> Counter[str]:
    """How often a server's log has each of the words that explain a storm."""
    return Counter(words for line in lines for words in _TELLING if line.text.rstrip().endswith(words))


def explained(result: StormResult, logged: Counter[str], config: ServerConfig | None) -> Iterator[str]:
    """A sentence for each thing that is known, and what would mend it.

    Args:
        result: the storm's.
        logged: what its server's log said meanwhile, by ``telling_lines``.
        config: the server's configuration; None where it is no dnsmasq.conf.
    """
    yield from _ping_check(result, config)
    if config is None:
        return
    if logged[_NO_ADDRESS]:
        yield _exhausted(result, logged[_NO_ADDRESS], config)
    if logged[_NO_LEASE]:
        yield _full(logged[_NO_LEASE], config)
    if logged[_IN_USE]:
        yield _in_use(result, logged[_IN_USE], config)


def _ping_check(result: StormResult, config: ServerConfig | None) -> Iterator[str]:
    steps = result.staircase
    if steps is None:
        return
    shape = (
        f"{steps.steps} offers came one at a time, {steps.mean:.1f} s apart, until {steps.ended:.1f} s after "
        f"the beginning, while {steps.waiting} other nodes waited"
    )
    if not steps.is_ping_check:
        yield (
            f"{shape}: the shape of a ping check of new addresses, but the server was seen looking for "
            f"{steps.looked_for} of these {steps.steps} only"
        )
        return
    yield (
        f"{shape}: a ping check; the server looked for {steps.looked_for} of these {steps.steps} addresses "
        "by ARP before it offered them, and answered no other node meanwhile"
    )
    if config is not None:
        mend = WHAT_IFS["no-ping"]
        yield f"to mend it, {mend.advice(config)} (--what-if {mend.line} measures it)"


def _exhausted(result: StormResult, times: int, config: ServerConfig) -> str:
    return f"the server had no address for {times} DHCPDISCOVERs: {_pool(result, config)}"


def _in_use(result: StormResult, times: int, config: ServerConfig) -> str:
    refused = (
        f"the server refused {times} DHCPREQUESTs since another node had got the address meanwhile: dnsmasq "
        "reserves no address for the node that it has offered it to"
    )
    return f"{refused}; {_pool(result, config)}" if _is_used_up(result, config) else refused


def _is_used_up(result: StormResult, config: ServerConfig) -> bool:
    size = sum(len(each) for _, each in pools(config))
    return size > 0 and result.addresses >= size - size // _OTHERS_SHARE


def _pool(result: StormResult, config: ServerConfig) -> str:
    """How much of it the storm has used, and the lines that it comes from."""
    ranges = list(pools(config))
    if not ranges:
        return f"no dhcp-range of {shown(config.source)} has addresses for nodes without a reservation"
    size = sum(len(each) for _, each in ranges)
    lines = ", ".join(str(as_cause(line, config)) for line, _ in ranges)
    used = f"{result.addresses} of the {size} addresses in its pool went to nodes of this storm"
    if _is_used_up(result, config):
        return f"{used}; to serve more, widen {lines}"
    return f"{used}, which has not used it up; see for whom it is: {lines}"


def _full(times: int, config: ServerConfig) -> str:
    limit = next((line for line in every_line(config) if line.name == "dhcp-lease-max"), None)
    where = (
        f"raise {as_cause(limit, config)}"
        if limit is not None
        else f"add dhcp-lease-max to {shown(config.source)}, without which dnsmasq keeps 1000 leases"
    )
    return f"the server refused {times} DHCPREQUESTs since its lease database is full; to mend it, {where}"
