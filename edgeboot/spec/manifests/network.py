"""The networks of the deployment: libvirt's edge network and the node's network interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Annotated, Final, Literal
from xml.etree import ElementTree as ET

from pydantic import BeforeValidator

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import MANIFESTS, shown
from edgeboot.base.strict_model import StrictModel, read_text, read_yaml, validated

EDGE_NETWORK: Final = MANIFESTS / "libvirt" / "edge-network.xml"
NODE_NETWORK: Final = MANIFESTS / "node" / "network.yaml"


@dataclass(frozen=True, slots=True)
class EdgeNetwork:
    """The libvirt network edge nodes boot on."""

    name: str
    bridge: str
    address: IPv4Interface
    """The bridge's own address, the gateway of the segment."""
    has_dhcp: bool


@dataclass(frozen=True, slots=True)
class NodeInterface:
    """One network interface of a machine: the Orchestrator's node, the boot server."""

    name: str
    address: IPv4Interface
    mac: MacAddress | None = None
    """None if the lab chooses it."""


NODE_MACS: Final = (MacAddress.parse("52:54:00:12:34:56"), MacAddress.parse("52:54:00:12:34:57"))
"""Of the node's interfaces, in their order, where a lab makes them; QEMU's prefix, as on the Orchestrator."""


def _mac(value: object) -> object:
    """Parse a MAC address; without quotes YAML may read it as a number."""
    if not isinstance(value, str):
        raise ValueError(f"is no text, found {value!r}; write it in quotes")  # noqa: TRY004
    return MacAddress.parse(value)


class _Ethernet(StrictModel):
    addresses: tuple[IPv4Interface, ...]
    dhcp4: Literal[False] = False
    macaddress: Annotated[MacAddress, BeforeValidator(_mac)] | None = None


class _Network(StrictModel):
    version: Literal[2]
    ethernets: dict[str, _Ethernet]


class _Netplan(StrictModel):
    network: _Network


def load_edge_network(path: Path = EDGE_NETWORK) -> EdgeNetwork:
    """Read libvirt's network XML.

    Raises:
        UsageError: the file is no network XML, or has no name, bridge or IPv4 address.
    """
    try:
        root = ET.fromstring(read_text(path, "manifests"))  # noqa: S314 - a file of this project
    except ET.ParseError as error:
        raise UsageError(shown(path), f"is no XML ({error})", "correct the syntax") from error
    if root.tag != "network":
        raise UsageError(shown(path), f"is a <{root.tag}>, no <network>", "name libvirt's network XML")
    name, bridge = root.findtext("name"), root.find("bridge")
    ip = next((element for element in root.findall("ip") if element.get("family") != "ipv6"), None)
    if not name or bridge is None or ip is None or "name" not in bridge.attrib:
        raise UsageError(
            shown(path),
            "lacks <name>, <bridge name=…> or an IPv4 <ip>",
            "write it as libvirt's net-dumpxml does",
        )
    try:
        address = IPv4Interface(f"{ip.get('address')}/{ip.get('prefix') or ip.get('netmask')}")
    except ValueError as error:
        raise UsageError(f"{shown(path)}: field ip", str(error), "give address and netmask") from error
    return EdgeNetwork(name, bridge.attrib["name"], address, ip.find("dhcp") is not None)


def load_node_interfaces(path: Path = NODE_NETWORK) -> tuple[NodeInterface, ...]:
    """Read the node's interfaces, the one on the edge segment first.

    Raises:
        UsageError: the file is no netplan file with static addresses.
    """
    documents = read_yaml(path, "manifests")
    hint = "give network.version 2 and ethernets with static addresses"
    netplan = validated(_Netplan, documents[0] if documents else {}, path, hint)
    ethernets = netplan.network.ethernets
    if not ethernets or any(not ethernet.addresses for ethernet in ethernets.values()):
        raise UsageError(f"{shown(path)}: field network.ethernets", "an interface has no address", hint)
    return tuple(
        NodeInterface(name, ethernet.addresses[0], ethernet.macaddress)
        for name, ethernet in ethernets.items()
    )


def machine_address(path: Path) -> tuple[IPv4Interface, MacAddress]:
    """IP and MAC address of a machine beside the Orchestrator's node, from its netplan file.

    Raises:
        UsageError: the file does not contain both.
    """
    interface = load_node_interfaces(path)[0]
    if interface.mac is None:
        raise UsageError(f"{shown(path)}: field macaddress", "is missing", "give the machine one")
    return interface.address, interface.mac
