"""libvirt's own DHCP on the bridge of a lab: switched off, or refused by name, and restored.

The tests use a foreign network on a bridge beside the lab's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.host.wire.neighbour import Neighbour, UdpPort
from edgeboot.labs.clean import clean
from edgeboot.node.edge_node import EdgeNode
from fixtures.libvirt_network import ALL_OF_IT, RANGE, ForeignNetwork, difference, edge_network_xml

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes]


@pytest.mark.covers("libvirt-dhcp-off")
def test_libvirt_dhcp_is_off_while_a_lab_lasts(
    foreign_network: ForeignNetwork, foreign_client: EdgeNode
) -> None:
    """While a lab is up libvirt's server is off, as the report states; afterwards it answers again."""
    host, node = foreign_network.network.address.ip, foreign_client
    before = node.discover().offer
    with foreign_network.adopted() as remark:
        server = Neighbour.find(node.port, before.address, host)
        during = None if server is None else server.ask_udp(67, before.message.encode()).outcome
    after = node.discover().offer
    expected = [str(host), UdpPort.CLOSED.value, str(host)]
    seen = [str(before.server_identifier), during and during.value, str(after.server_identifier)]
    assert seen == expected, f"expected an offer, port 67 closed, an offer: {expected}, seen {seen}"
    assert remark is not None, "the report would not mention it"
    assert "its DHCP switched off as long as this lab is up" in remark


@pytest.mark.covers("libvirt-dhcp-off", "libvirt-dhcp-restored")
@pytest.mark.parametrize(
    "foreign_network", [RANGE, ALL_OF_IT], indirect=True, ids=["a range", "ranges and hosts"]
)
def test_libvirt_network_is_restored(foreign_network: ForeignNetwork) -> None:
    """Every range, lease time and host is restored in its place, and nothing else has changed."""
    before = foreign_network.xml
    with foreign_network.adopted():
        during = foreign_network.xml
    assert "<dhcp>" not in during, f"expected no DHCP while the lab lasts, found {during}"
    assert foreign_network.xml == before, f"changed: {difference(before, foreign_network.xml)}"


@pytest.mark.covers("libvirt-dhcp-restored")
def test_libvirt_dhcp_is_restored_for_a_lab_that_was_killed(
    foreign_network: ForeignNetwork, tmp_path: Path
) -> None:
    """The journal names the DHCP before it is switched off, so that edgeboot clean restores it."""
    before = foreign_network.xml
    foreign_network.adopted_and_killed(tmp_path)
    during, removed = foreign_network.xml, clean(tmp_path)
    assert "<dhcp>" not in during, f"expected DHCP still off after SIGKILL, found {during}"
    assert [foreign_network.network.name in str(entry) for entry in removed] == [True], (
        f"expected clean to put back the DHCP of {foreign_network.network.name}, it reported {removed}"
    )
    assert foreign_network.xml == before, f"changed: {difference(before, foreign_network.xml)}"


@pytest.mark.covers("libvirt-refused")
@pytest.mark.parametrize(
    "foreign_network", [f"{RANGE}<bootp file='other.efi'/>"], indirect=True, ids=["bootp"]
)
def test_dhcp_that_could_not_be_put_back_is_refused_by_name(foreign_network: ForeignNetwork) -> None:
    """libvirt would lose the boot file on restoring DHCP: the lab names the network and leaves it alone."""
    before, name = foreign_network.xml, foreign_network.network.name
    refusal = foreign_network.refusal()
    assert refusal is not None, f"expected {name} to be refused for its <bootp>, a lab stands on it"
    assert refusal.startswith(f"libvirt network {name}: serves DHCP itself")
    assert "<bootp>" in refusal
    assert foreign_network.xml == before, f"changed: {difference(before, foreign_network.xml)}"


@pytest.mark.covers("libvirt-refused")
def test_network_with_another_address_is_refused_by_name(
    foreign_network: ForeignNetwork, tmp_path: Path
) -> None:
    """A foreign bridge with foreign addresses is no edge segment: the lab names it and leaves it alone."""
    before, name, address = foreign_network.xml, foreign_network.network.name, "192.168.97.1"
    refusal = foreign_network.refusal(edge_network_xml(tmp_path, RANGE, address=address))
    assert refusal is not None, (
        f"expected {name} to be refused for its address, a lab of {address} stands on it"
    )
    assert refusal.startswith(f"libvirt network {name}: has bridge virbr9 with 192.168.98.1/")
    assert foreign_network.xml == before, f"changed: {difference(before, foreign_network.xml)}"
