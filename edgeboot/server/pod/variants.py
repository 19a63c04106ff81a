"""The deployed Pod and its configuration, changed in one respect each; needs no cluster itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Any, Final

from edgeboot.host.capabilities import RUNTIME_DEFAULT
from edgeboot.spec.manifests.deployment import ServerConfig

Body = dict[str, Any]
_RANGE: Final = re.compile(r"^dhcp-range=((?:(?:set|tag|net):[^,\n]+,)*)(.*)(?:\n|\Z)", re.MULTILINE)
"""A line with a range: its tags, and the rest."""


def without_ports(body: Body) -> Body:
    """Without host ports, so that the scheduler places it on a node whose port is taken."""
    changed = deepcopy(body)
    del changed["spec"]["containers"][0]["ports"]
    return changed


def with_own_network(body: Body) -> Body:
    """In a network namespace of its own, with the ports below 1024 kept for the privileged.

    Some runtimes open those ports to everybody, there and in the kind node itself (docker
    does, since 20.10); the Orchestrator's node does not.
    """
    changed = without_ports(body)
    spec = changed["spec"]
    spec["hostNetwork"] = False
    privileged = {"name": "net.ipv4.ip_unprivileged_port_start", "value": "1024"}
    spec["securityContext"] = spec.get("securityContext", {}) | {"sysctls": [privileged]}
    return changed


def without_restart(body: Body) -> Body:
    """With restartPolicy Never: the state of its first end is kept."""
    changed = deepcopy(body)
    changed["spec"]["restartPolicy"] = "Never"
    return changed


def without_capability(body: Body, capability: str) -> Body:
    """Without one capability, be it one that the manifest adds or one that the runtime gives."""
    changed = deepcopy(body)
    capabilities = _capabilities(changed)
    capabilities["add"] = [each for each in capabilities.get("add", []) if each != capability]
    if capability in RUNTIME_DEFAULT:
        capabilities["drop"] = [*capabilities.get("drop", []), capability]
    return changed


def with_capabilities(body: Body, capabilities: Collection[str]) -> Body:
    """With these capabilities and no others."""
    changed = deepcopy(body)
    _capabilities(changed).update(drop=["ALL"], add=sorted(capabilities))
    return changed


def with_interface_and_range(config: ServerConfig, interface: str, network: IPv4Network) -> ServerConfig:
    """dnsmasq.conf for another interface; its ranges become one, the upper half of that network.

    A ProxyDHCP's has no addresses. The first range keeps its tags, which other lines may ask for.
    """
    *_, upper = network.subnets()
    addresses = f"{upper.network_address},{network.broadcast_address - 1}"
    ranges = _RANGE.findall(config.text)
    if any("proxy" in terms.split(",") for _, terms in ranges):
        addresses = f"{network.network_address},proxy"
    tags = ranges[0][0] if ranges else ""
    own = iter((f"dhcp-range={tags}{addresses},{network.netmask}\n",))
    text = _RANGE.sub(lambda _: next(own, ""), config.text)
    return _with(replace(config, text=text), r"^interface=.*$", f"interface={interface}")


def with_lease_time(config: ServerConfig, lease: timedelta) -> ServerConfig:
    """dnsmasq.conf with another lease time."""
    return _with(config, r"^(dhcp-range=.*,)\w+$", rf"\g<1>{lease.total_seconds():.0f}")


def _with(config: ServerConfig, line: str, other: str) -> ServerConfig:
    return replace(config, text=re.sub(line, other, config.text, flags=re.MULTILINE))


def _capabilities(body: Body) -> dict[str, Any]:
    context: dict[str, Any] = body["spec"]["containers"][0].setdefault("securityContext", {})
    capabilities: dict[str, Any] = context.setdefault("capabilities", {})
    return capabilities
