"""Who asks on a bridge device itself does not reach a server of the same host: nmap -e virbr1 is blind."""

from __future__ import annotations

import pytest

from fixtures.bridge_server import BridgeServer

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.neighbours]


@pytest.mark.covers("Linux-bridge-port")
def test_node_at_a_port_of_the_bridge_is_answered(bridge_server: BridgeServer) -> None:
    """The server on the bridge device serves who is plugged in, as libvirt's does."""
    offer = bridge_server.at_a_port.discover().offer
    expected = bridge_server.bridge.address.ip
    assert offer.server_identifier == expected, f"expected an offer of {expected}, got one of {offer.sender}"


@pytest.mark.covers("Linux-bridge-device")
def test_frame_sent_on_the_bridge_device_misses_its_server(bridge_server: BridgeServer) -> None:
    """It leaves by the bridge's ports, never up into its own host: silence proves no absence."""
    node, neighbour = bridge_server.on_the_device, bridge_server.at_a_port
    exchange = node.ignored(node.identity.discover(xid=0x0B0B0B0B), sentinel=neighbour)
    left = [frame for frame in neighbour.port.frames if frame.octets == exchange.sent.octets]
    noticed = bridge_server.log.find(str(node.mac))
    assert exchange.replies == (), (
        f"expected silence, answered by {[each.sender for each in exchange.replies]}"
    )
    assert len(left) == 1, f"expected {exchange.summary} once at the bridge's port, seen {len(left)} times"
    assert noticed is None, f"expected no word of {node.mac} in the server's log, found {noticed}"
