"""Machines with an address of their own: what each gets, and that nobody else gets it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from edgeboot.dhcp.clients import EDK2_PARAMETERS
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.report.reserved_machine import deviations_from
from edgeboot.spec.contract.reservations import Reservation
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.own_segment]

WITH_NAME: Final = (*EDK2_PARAMETERS, OptionCode.HOST_NAME)


def traits(reservation: Reservation) -> dict[str, Any]:
    """What the machine is known by, as traits of an edge node that also asks for its name."""
    identity = {"mac": reservation.mac, "client_id": reservation.client_identifier}
    stated = {name: value for name, value in identity.items() if value is not None}
    return {"parameters": tuple(dict.fromkeys(WITH_NAME)), **stated}


@pytest.mark.covers("RFC2131-4.3.1-reserved", "RFC2132-3.14-host-name")
def test_reserved_machine_gets_what_is_reserved_for_it(
    reservation: Reservation, new_edge_node: NewEdgeNode, settings: Settings, check: Check
) -> None:
    """Address, name and boot file: other machines, and name servers, count on them."""
    machine = new_edge_node(**traits(reservation))
    offer = machine.discover().offer
    for reply in (offer, machine.request(offer).ack):
        check.nothing_differs(deviations_from(reservation, reply, settings.deployment.config))


@pytest.mark.covers("RFC2131-4.3.1-reserved")
def test_reserved_address_is_given_to_no_other_machine(
    reservation: Reservation, edge_node: EdgeNode, check: Check
) -> None:
    """It would be in use when its machine is switched on."""
    offer = edge_node.discover(requested_address=reservation.address).offer
    reserved = f"{offer.address}, which is reserved for {reservation}"
    told = f"{offer.sender} offers {reserved}, to {edge_node.mac}"
    check.another(offer, "address", offer.address, reservation.address, told)
