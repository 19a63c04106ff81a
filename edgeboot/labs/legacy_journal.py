"""Journal lines without a version, of earlier releases: a kind, and a text that names the leftover.

They are read for one release, so that the leftovers of its predecessor's killed runs are removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from xml.etree import ElementTree as ET

from edgeboot.host.journal import VERSION
from edgeboot.host.libvirt.dhcp import NetworkState
from edgeboot.host.libvirt.xml import one_line

_LEASE: Final = re.compile(
    r"(?P<address>\S+) of (?P<mac>\S+) \(client id (?P<client_id>\S+)\)"
    r" from (?P<server>\S+) \((?P<server_mac>\S+)\) at (?P<port>\S+) on (?P<interface>\S+)"
)
_CLUSTER_OBJECT: Final = re.compile(
    r"(?P<resource>Pod|ConfigMap) (?P<namespace>[^/]+)/(?P<name>\S+) of run (?P<run>\S+)"
    r" by (?P<kubeconfig>.+?)(?: context (?P<context>.+))?"
)


def upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """A line without a version, converted to the current schema.

    Raises:
        KeyError, TypeError, ValueError: it is not such a line.
    """
    kind, name = record["kind"], str(record["name"])
    new_kind, fields = _KINDS.get(kind, (kind, _named))
    return {"v": VERSION, "event": record["what"], "kind": new_kind, "fields": fields(name)}


def _named(name: str) -> dict[str, Any]:
    return {"name": name}


def _at_path(name: str) -> dict[str, Any]:
    return {"path": name}


def _firewall_rule(name: str) -> dict[str, Any]:
    return {"comment": name}


def _libvirt_network(name: str) -> dict[str, Any]:
    network, _, uri = name.partition(" ")
    return {"name": network, "uri": uri}


def _libvirt_dhcp(name: str) -> dict[str, Any]:
    """From XML; without a state it is the live description."""
    try:
        root = ET.fromstring(name)  # noqa: S314 - written by edgeboot
    except ET.ParseError as error:
        raise ValueError(f"{name!r} is no XML") from error
    return {
        "uri": root.attrib["uri"],
        "network": root.attrib["name"],
        "uuid": root.get("uuid"),
        "state": root.get("state", NetworkState.LIVE.value),
        "ip": int(root.attrib["ip"]),
        "elements": [one_line(each) for each in root],
    }


def _lease(name: str) -> dict[str, Any]:
    fields: dict[str, Any] = _matched(_LEASE, name)
    return fields | {"client_id": None if fields["client_id"] == "none" else fields["client_id"]}


def _cluster_object(name: str) -> dict[str, Any]:
    return _matched(_CLUSTER_OBJECT, name)


def _matched(pattern: re.Pattern[str], name: str) -> dict[str, Any]:
    match = pattern.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is no such entry")
    return match.groupdict()


_KINDS: Final[dict[str, tuple[str, Callable[[str], dict[str, Any]]]]] = {
    "NAMESPACE": ("network namespace", _named),
    "DIRECTORY": ("directory", _at_path),
    "LINK": ("network interface", _named),
    "CLUSTER": ("kind cluster", _named),
    "DOCKER_NETWORK": ("docker network", _named),
    "LIBVIRT_NETWORK": ("libvirt network", _libvirt_network),
    "LIBVIRT_DHCP": ("libvirt DHCP", _libvirt_dhcp),
    "FIREWALL_RULE": ("iptables rule", _firewall_rule),
    "LOCK": ("lock file", _at_path),
    "LEASE": ("DHCP lease", _lease),
    "CLUSTER_OBJECT": ("cluster object", _cluster_object),
}
