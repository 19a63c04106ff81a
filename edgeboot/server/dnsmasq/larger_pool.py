"""A dnsmasq.conf with a larger pool: the last of its ranges reaches to the end of its network."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import Directive, as_cause
from edgeboot.server.dnsmasq.pools import network_of, pools
from edgeboot.spec.manifests.deployment import ServerConfig

LARGER_POOL: Final = "larger-pool"
_OPTION: Final = f"--what-if {LARGER_POOL}"


def with_larger_pool(config: ServerConfig) -> ServerConfig:
    """The configuration with the range that ends last reaching to the last address of its network.

    Raises:
        UsageError: there is no such range, or no address behind it.
    """
    ranges = sorted(pools(config), key=lambda each: each[1].last)
    if not ranges:
        raise UsageError(_OPTION, f"has no dhcp-range to widen in {shown(config.source)}", "leave it out")
    line, range_ = ranges[-1]
    network = network_of(line)
    if line.file is not None or network is None:
        why = "that file is not changed" if line.file is not None else "it has no netmask"
        raise UsageError(_OPTION, f"does not widen {as_cause(line, config)}: {why}", "change that line")
    end = network.broadcast_address - 1
    if end <= range_.last:
        problem = f"finds no address behind {as_cause(line, config)} in {network}"
        raise UsageError(_OPTION, problem, "give the network a shorter prefix, and another range")
    lines = config.text.split("\n")
    lines[line.number - 1] = _ending_at(line, range_.last, end)
    return replace(config, text="\n".join(lines))


def _ending_at(line: Directive, last: IPv4Address, end: IPv4Address) -> str:
    fields = line.value.split(",")
    places = [place for place, field in enumerate(fields) if field.strip() == str(last)]
    fields[places[-1]] = str(end)  # A range of one address has it twice.
    return f"{line.name}={','.join(fields)}"
