"""A frame sent on a bridge device does not reach a server of the same host: nmap -e virbr1 sees none."""

from __future__ import annotations

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.report.check import Check
from edgeboot.report.value_check import senders
from fixtures.bridge_server import BridgeServer

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.neighbours]


@pytest.mark.covers("Linux-bridge-port")
def test_node_at_a_port_of_the_bridge_is_answered(bridge_server: BridgeServer, check: Check) -> None:
    """The server on the bridge device serves nodes at the bridge's ports, as libvirt's does."""
    offer = bridge_server.at_a_port.discover().offer
    check(offer, "server_identifier", bridge_server.bridge.address.ip)


@pytest.mark.covers("Linux-bridge-device")
def test_frame_sent_on_the_bridge_device_misses_its_server(bridge_server: BridgeServer, check: Check) -> None:
    """The frame leaves by the bridge's ports only: silence does not prove that there is no server."""
    node, neighbour = bridge_server.on_the_device, bridge_server.at_a_port
    exchange = node.ignored(node.identity.discover(xid=0x0B0B0B0B), sentinel=neighbour)
    neighbour.port.collect(Deadline.after(Wait.OTHER_SERVERS))  # A loop returns the frame when it can.
    left = [frame for frame in neighbour.port.frames if frame.octets == exchange.sent.octets]
    log_line = bridge_server.log.find(str(node.mac))
    told = f"expected silence, answered by {senders(exchange)}"
    check.value(exchange, "answer", exchange.answers, [], told)
    told = f"expected {exchange.summary} once at the bridge's port, seen {len(left)} times"
    check.value(None, "frames", len(left), 1, told)
    told = f"expected no line about {node.mac} in the server's log, found {log_line}"
    check.value(None, "log", log_line, None, told)
