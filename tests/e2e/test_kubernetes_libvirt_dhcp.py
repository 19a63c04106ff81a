"""libvirt's own DHCP on the bridge a lab is to stand on: found, named, and put back as it was.

On a bridge of their own, beside the lab's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.labs.clean import clean
from edgeboot.machine.wire.neighbour import Neighbour, UdpPort
from edgeboot.node.edge_node import EdgeNode
from fixtures.libvirt_network import ALL_OF_IT, RANGE, ForeignNetwork, difference, edge_network_xml

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes]


@pytest.mark.covers("libvirt-dhcp-off")
def test_libvirt_dhcp_is_off_while_a_lab_lasts(stranger: ForeignNetwork, foreign_client: EdgeNode) -> None:
    """No second server answers beside the one under test, as the report tells; afterwards libvirt's does."""
    host, node = stranger.network.address.ip, foreign_client
    before = node.discover().offer
    with stranger.adopted() as remark:
        server = Neighbour.find(node.port, before.address, host)
        during = None if server is None else server.ask_udp(67, before.message.encode()).outcome
    after = node.discover().offer
    expected = [str(host), UdpPort.CLOSED.value, str(host)]
    seen = [str(before.server_identifier), during and during.value, str(after.server_identifier)]
    assert seen == expected, f"expected an offer, port 67 closed, an offer: {expected}, seen {seen}"
    assert remark is not None, "the report would not tell"
    assert "its DHCP switched off as long as this lab is up" in remark


@pytest.mark.covers("libvirt-dhcp-off", "libvirt-dhcp-restored")
@pytest.mark.parametrize("stranger", [RANGE, ALL_OF_IT], indirect=True, ids=["a range", "ranges and hosts"])
def test_libvirt_network_is_restored(stranger: ForeignNetwork) -> None:
    """Every range, lease time and host is back in its place, and nothing else has changed."""
    before = stranger.xml
    with stranger.adopted():
        during = stranger.xml
    assert "<dhcp>" not in during, f"expected no DHCP while the lab lasts, found {during}"
    assert stranger.xml == before, f"changed: {difference(before, stranger.xml)}"


@pytest.mark.covers("libvirt-dhcp-restored")
def test_libvirt_dhcp_is_restored_for_a_lab_that_was_killed(stranger: ForeignNetwork, tmp_path: Path) -> None:
    """It stood in the journal before it was switched off: edgeboot clean finds it there."""
    before = stranger.xml
    stranger.adopted_and_killed(tmp_path)
    during, removed = stranger.xml, clean(tmp_path)
    assert "<dhcp>" not in during, f"expected DHCP still off after SIGKILL, found {during}"
    assert [stranger.network.name in str(each) for each in removed] == [True], (
        f"expected clean to put back the DHCP of {stranger.network.name}, it told of {removed}"
    )
    assert stranger.xml == before, f"changed: {difference(before, stranger.xml)}"


@pytest.mark.covers("libvirt-refused")
@pytest.mark.parametrize("stranger", [f"{RANGE}<bootp file='other.efi'/>"], indirect=True, ids=["bootp"])
def test_dhcp_that_could_not_be_put_back_is_refused_by_name(stranger: ForeignNetwork) -> None:
    """libvirt would lose a boot file on the way: the network is named and stays as it is."""
    before, name = stranger.xml, stranger.network.name
    told = stranger.refusal()
    assert told is not None, f"expected {name} to be refused for its <bootp>, a lab stands on it"
    assert told.startswith(f"libvirt network {name}: serves DHCP itself")
    assert "<bootp>" in told
    assert stranger.xml == before, f"changed: {difference(before, stranger.xml)}"


@pytest.mark.covers("libvirt-refused")
def test_network_with_another_address_is_refused_by_name(stranger: ForeignNetwork, tmp_path: Path) -> None:
    """Another's bridge with another's addresses is no edge segment: it is named, and stays as it is."""
    before, name, wanted = stranger.xml, stranger.network.name, "192.168.97.1"
    told = stranger.refusal(edge_network_xml(tmp_path, RANGE, address=wanted))
    assert told is not None, f"expected {name} to be refused for its address, a lab of {wanted} stands on it"
    assert told.startswith(f"libvirt network {name}: has bridge virbr9 with 192.168.98.1/")
    assert stranger.xml == before, f"changed: {difference(before, stranger.xml)}"
