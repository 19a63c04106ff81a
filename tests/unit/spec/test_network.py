"""The networks of the deployment, and errors of files that do not describe one."""

from __future__ import annotations

from ipaddress import IPv4Interface
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.spec.manifests.network import (
    EdgeNetwork,
    NodeInterface,
    load_edge_network,
    load_node_interfaces,
)

XML: Final = """\
<network>
  <name>edge</name>
  <bridge name='virbr1'/>
  <ip address='192.168.99.1' netmask='255.255.255.0'/>
</network>
"""
IP: Final = "<ip address='192.168.99.1' netmask='255.255.255.0'/>"
ADDRESS: Final = IPv4Interface("192.168.99.1/24")


def edge_network(directory: Path, text: str) -> EdgeNetwork:
    """The network of this XML."""
    path = directory / "network.xml"
    path.write_text(text, encoding="utf-8")
    return load_edge_network(path)


def node_interfaces(directory: Path, ethernets: str) -> tuple[NodeInterface, ...]:
    """The interfaces of a netplan file with these ethernets."""
    path = directory / "network.yaml"
    path.write_text(f"network: {{version: 2, ethernets: {ethernets}}}\n", encoding="utf-8")
    return load_node_interfaces(path)


def test_network_that_is_shipped_has_no_dhcp_of_its_own() -> None:
    """Libvirt's dnsmasq would be a second server on the segment."""
    assert load_edge_network() == EdgeNetwork("edge", "virbr1", ADDRESS, has_dhcp=False)


def test_node_that_is_shipped_stands_on_the_edge_segment_first() -> None:
    """Its first interface is in the edge network, its second is not."""
    edge, other = load_node_interfaces()
    network = load_edge_network().address.network
    assert (edge.name, edge.address.network == network) == ("ens3", True)
    assert (other.name, other.address.network == network) == ("ens4", False)


@pytest.mark.parametrize("length", ["netmask='255.255.255.0'", "prefix='24'"])
def test_prefix_and_netmask_say_the_same(length: str, tmp_path: Path) -> None:
    """libvirt accepts either notation."""
    text = XML.replace("netmask='255.255.255.0'", length)
    assert edge_network(tmp_path, text).address == ADDRESS


def test_dhcp_inside_ip_is_seen(tmp_path: Path) -> None:
    """An element without content counts."""
    assert edge_network(tmp_path, XML.replace("'/>\n</n", "'><dhcp/></ip>\n</n")).has_dhcp


@pytest.mark.parametrize(
    "old,new,message",
    [
        ("</network>", "", "network.xml: is no XML"),
        ("<name>edge</name>", "", "lacks <name>, <bridge name=…> or an IPv4 <ip>"),
        ("<bridge name='virbr1'/>", "", "lacks <name>, <bridge"),
        (" name='virbr1'", "", "lacks <name>, <bridge"),
        (IP, "", "lacks <name>, <bridge"),
        (IP, "<ip address='192.168.99.1'/>", "network.xml: field ip: .*; give address and netmask"),
        (IP, "<ip netmask='255.255.255.0'/>", "network.xml: field ip: .*; give address and netmask"),
        ("192.168.99.1", "192.168.99.256", r"field ip: .*192\.168\.99\.256"),
    ],
    ids=["syntax", "name", "bridge", "bridge name", "ip", "no mask", "no address", "no octet"],
)
def test_wrong_network_is_named_with_its_part(old: str, new: str, message: str, tmp_path: Path) -> None:
    """The error names what is missing, with the correct form."""
    with pytest.raises(UsageError, match=message):
        edge_network(tmp_path, XML.replace(old, new))


def test_interfaces_keep_their_order_and_their_first_address(tmp_path: Path) -> None:
    """The order of the file decides which interface is the edge's."""
    found = node_interfaces(
        tmp_path, "{b: {addresses: [10.0.0.1/8, 10.0.0.2/8]}, a: {addresses: [1.1.1.1/32]}}"
    )
    assert found == (
        NodeInterface("b", IPv4Interface("10.0.0.1/8")),
        NodeInterface("a", IPv4Interface("1.1.1.1/32")),
    )


@pytest.mark.parametrize(
    "ethernets,message",
    [
        ("{}", "field network.ethernets: an interface has no address"),
        ("{a: {addresses: []}}", "field network.ethernets: an interface has no address"),
        ("{a: {}}", r"field network\.ethernets\.a\.addresses: is missing"),
        ("{a: {addresses: [10.0.0.1/33]}}", r"field network\.ethernets\.a\.addresses\.0"),
        ("{a: {addresses: [10.0.0.1/8], dhcp4: true}}", r"field network\.ethernets\.a\.dhcp4"),
        ("{a: {addresses: [10.0.0.1/8], mtu: 9000}}", r"field network\.ethernets\.a\.mtu: is not known"),
    ],
)
def test_interface_without_a_static_address_is_an_error(ethernets: str, message: str, tmp_path: Path) -> None:
    """The lab gives the server's host the addresses of this file and no others."""
    with pytest.raises(UsageError, match=message):
        node_interfaces(tmp_path, ethernets)


def test_ipv4_address_may_come_second(tmp_path: Path) -> None:
    """Libvirt marks the others with their family."""
    six = "<ip family='ipv6' address='fd00::1' prefix='64'/>"
    assert edge_network(tmp_path, XML.replace(IP, six + IP)).address == ADDRESS


def test_other_xml_is_no_network(tmp_path: Path) -> None:
    """A domain has a name too."""
    with pytest.raises(UsageError, match=r"network\.xml: is a <domain>, no <network>"):
        edge_network(tmp_path, XML.replace("network>", "domain>"))
